using System.Text;
using OciSync.Core.Signing.Bundles;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Keys;
using OciSync.Core.Signing.Notary;
using OciSync.Core.Signing.Sigstore;

namespace OciSync.Fuzzing;

/// <summary>What lies beside the payloads of sigstore: certificates, keys, what logs said.</summary>
internal static partial class FuzzTargets
{
    private const string Entry = """
        {"apiVersion":"0.0.1","kind":"hashedrekord","spec":{"data":{"hash":{"algorithm":"sha256","value":"ab"}},"signature":{"content":"AAAA",
         "publicKey":{"content":"LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0KQUFBQQotLS0tLUVORCBQVUJMSUMgS0VZLS0tLS0K"}}}}
        """;

    private const string Promise = """{"SignedEntryTimestamp":"MEUC","Payload":{"body":"e30=","integratedTime":1700000000,"logIndex":5,"logID":"c0d2"}}""";

    // An authority that allows addresses of one host, and a certificate of its own for one, with Fulcio's extensions.
    private static readonly byte[] Authority = Convert.FromBase64String(
        "MIIBpzCCAU2gAwIBAgIUcbIKjPb1T8AfZbcBXHr4LWVzK0EwCgYIKoZIzj0EAwIwDzENMAsGA1UEAwwEUm9vdDAgFw0yNjExMjgxOTE2MTBaGA8yMTI2MTEwNDE5MTYxMFowDzENMAsG"
        + "A1UEAwwEUm9vdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABLX/cv/4pn1hIkU7bXnMqJZRuhrcPCVRFgU5nnWDCIfBNx9MTUhXcXHcBoCcm5H1F62oqjrAqzOETwlJ3Ds2pBijgYQw"
        + "gYEwHQYDVR0OBBYEFJskEbFb2BB7gseTE7ckS2fNAR0OMB8GA1UdIwQYMBaAFJskEbFb2BB7gseTE7ckS2fNAR0OMBIGA1UdEwEB/wQIMAYBAf8CAQEwDgYDVR0PAQH/BAQDAgIEMBsG"
        + "A1UdHgQUMBKgEDAOgQxleGFtcGxlLnRlc3QwCgYIKoZIzj0EAwIDSAAwRQIhAIguBYZf6YBQvp8zSDVxuG0+4Re2JGsr3RLH3u9joM+DAiB0yaVGdyTKgZJqUYMuOXwRN9Xs3Q8wkqQ0"
        + "kU224KW3lA==");

    private static readonly byte[] Leaf = Convert.FromBase64String(
        "MIICBjCCAaygAwIBAgIURLKKjC+XT/VbHqNxYtIdz4qloPcwCgYIKoZIzj0EAwIwDzENMAsGA1UEAwwEUm9vdDAgFw0yNjExMjgxOTE2MTBaGA8yMTI2MTEwNDE5MTYxMFowDDEKMAgG"
        + "A1UEAwwBeDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBoR0WIiq5asVE8fqtcH72DQmuAG49qTraPU1Drjvt8I9Csw95dbvnSD4jgRQrj1Vv6tNJvXBY31P7Gt7t5QAj+jgeYwgeMw"
        + "EwYDVR0lBAwwCgYIKwYBBQUHAwMwTAYDVR0RAQH/BEIwQIEQZGV2QGV4YW1wbGUudGVzdIIOKi5leGFtcGxlLnRlc3SHBAoAAAeGFmh0dHBzOi8vZXhhbXBsZS50ZXN0L2EwEQYKKwYB"
        + "BAGDvzABAQQDDAF4MCsGCisGAQQBg78wAQgEHQwbaHR0cHM6Ly9pc3N1ZXIuZXhhbXBsZS50ZXN0MB0GA1UdDgQWBBTwyd9+7gsvs0eZ4PeWHWkTr7oKcjAfBgNVHSMEGDAWgBSbJBGx"
        + "W9gQe4LHkxO3JEtnzQEdDjAKBggqhkjOPQQDAgNIADBFAiEAgTeFxgZWhC6BbZcaDtnDOw+yxqVMIdzc2HX4fynN8x8CIE25XEzsEEK3+xu5rzTJttYj6VB4uHGE3oI70DbnqDRq");

    private static readonly string AuthorityPem = new PemBlock("CERTIFICATE", Authority).Write();
    private static readonly string LeafPem = new PemBlock("CERTIFICATE", Leaf).Write();
    private static readonly string KeyPem = new PemBlock("PUBLIC KEY", Certificate.Read(Leaf).ReadKey().Bytes).Write();
    private static readonly DateTimeOffset Moment = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string Bundle = $$"""
        {"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"certificate":{"rawBytes":"{{Convert.ToBase64String(Leaf)}}"},
        "tlogEntries":[{"logIndex":"5","logId":{"keyId":"AAAA"},"kindVersion":{"kind":"dsse","version":"0.0.1"},"integratedTime":"1700000000",
        "inclusionPromise":{"signedEntryTimestamp":"MEUC"},"inclusionProof":{"logIndex":"1","rootHash":"{{new string('A', 43)}}=","treeSize":"3",
        "hashes":["{{new string('B', 43)}}="],"checkpoint":{"envelope":"log\n3\n{{new string('A', 43)}}=\n\n\u2014 log AAAAAAAA\n"} },
        "canonicalizedBody":"e30="}],"timestampVerificationData":{"rfc3161Timestamps":[{"signedTimestamp":"MAMCAQA="}]} },"dsseEnvelope":{"payload":
        "{{Convert.ToBase64String(Encoding.UTF8.GetBytes(Statement))}}","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"MEUC"}]} }
        """;

    private static readonly string Root = $$"""
        {"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1","tlogs":[{"publicKey":{"rawBytes":
        "{{Convert.ToBase64String(Certificate.Read(Leaf).ReadKey().Bytes)}}","validFor":{"start":"2020-01-01T00:00:00Z"} },"logId":{"keyId":"AAAA"} }],
        "certificateAuthorities":[{"certChain":{"certificates":[{"rawBytes":"{{Convert.ToBase64String(Authority)}}"}]},
        "validFor":{"start":"2020-01-01T00:00:00Z","end":"2120-01-01T00:00:00Z"} }],"ctlogs":[],"timestampAuthorities":[]}
        """;

    private static readonly string SealedKey = new PemBlock("ENCRYPTED SIGSTORE PRIVATE KEY", Encoding.UTF8.GetBytes(
        """
        {"kdf":{"name":"scrypt","params":{"N":99999,"r":8,"p":1},"salt":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
        "cipher":{"name":"nacl/secretbox","nonce":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},"ciphertext":"AAAA"}
        """)).Write();

    private static readonly string Jws = $$"""
        {"payload":"e30","protected":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(Heads)).TrimEnd('=')}}",
        "header":{"x5c":["{{Convert.ToBase64String(Leaf)}}"]},
        "signature":"AAAA"}
        """;

    private static readonly byte[] Cose =
    [
        0xD2, 0x84, 0x58, 0x20, 0xA3, 0x01, 0x38, 0x24, 0x02, 0x81, 0x61, 0x78, 0x03, 0x78, 0x16, .. Encoding.ASCII.GetBytes("application/vnd.cncf.x"),
        0xA1, 0x18, 0x21, 0x81, 0x43, 1, 2, 3, 0x42, 1, 2, 0x41, 9,
    ];

    private const string Statement = """
        {"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"aa"}}],"predicateType":"https://sigstore.dev/cosign/sign/v1"}
        """;

    private const string Heads = """
        {"alg":"ES256","crit":["io.cncf.notary.signingScheme"],"cty":"application/vnd.cncf.notary.payload.v1+json","io.cncf.notary.signingScheme":"notary.x509"}
        """;

    private const string NotaryTrust = """
        {"version":"1.0","trustPolicies":[{"name":"a","registryScopes":["r.test/a"],"signatureVerification":{"level":"strict","override":{"expiry":"log"}},
         "trustStores":["ca:x"],"trustedIdentities":["x509.subject: C=US, ST=WA, O=Test"]}]}
        """;

    private static IEnumerable<FuzzTarget> Sigstore() =>
    [
        new("certificate", FuzzInput.Near([Authority, Leaf]), TryCertificate),
        new("certificates as PEM", FuzzInput.Near(LeafPem, AuthorityPem + LeafPem), input => AllowFormat(() =>
        {
            Require(Certificate.ReadTrusted(input).Count <= Certificate.ReadPem(Text(input), 16).Count, "what is trusted is among what is read");
        })),
        new("public key as PEM", FuzzInput.Near(KeyPem), input => AllowFormat(() => RequireShowable(PublicKey.ReadPem(input).Kind))),
        new("log's promise", FuzzInput.Near(Promise), input => AllowFormat(() =>
        {
            var promise = LogPromise.Read(Text(input));
            Require(!promise.IsBy(Certificate.Read(Leaf).ReadKey()), "no log signs what it doesn't know");
        })),
        new("log's entry", FuzzInput.Near(Entry), input => AllowFormat(() => HashedRecord.Read(input))),
        new("sigstore bundle", FuzzInput.Near(Bundle), TryBundle),
        new("trusted root", FuzzInput.Near(Root), input => AllowFormat(() => Require(TrustedRoot.Read(input).Logs.Count < 100, "its lists are bounded"))),
        new("key file", FuzzInput.Near(SealedKey), TrySigningKeyFile),
        new("Notary signature as JSON", FuzzInput.Near(Jws), input => TryNotary(input, ReferrerTypes.NotaryJws)),
        new("Notary signature as CBOR", FuzzInput.Near([Cose]), input => TryNotary(input, ReferrerTypes.NotaryCose)),
        new("Notary policy", FuzzInput.Near(NotaryTrust), input => AllowFormat(() => _ = NotaryPolicy.Read(input).Find("r.test/a"))),
        new("sigstore signature", FuzzInput.Near(LeafPem, "MEUCIQ==", AuthorityPem + AuthorityPem), TrySigstore),
    ];

    private static void TryCertificate(byte[] input) => AllowFormat(() =>
    {
        var certificate = Certificate.Read(input);
        RequireShowable(certificate.SubjectText);
        _ = certificate.Names.Fits("a.example.test") || certificate.Names.Emails.Concat(certificate.Names.Uris).Any();
        var root = Certificate.Read(Authority);
        var chain = CertificateChain.Find(certificate, [certificate, root], [root], Moment, out var fault);
        Require(chain is null == fault is not null, "there is a chain, or a reason");
        Require(chain is null || input.AsSpan().SequenceEqual(Leaf) || certificate.Is(root), "nothing else is trusted");
        RequireShowable(fault ?? string.Empty);
        _ = certificate.ReadKey();
        _ = FulcioIssuer.Read(certificate);
    });

    // Each in turn is what was changed; nothing of it was signed.
    private static void TrySigstore(byte[] input)
    {
        foreach (var changed in new[] { SigstoreAnnotations.Certificate, SigstoreAnnotations.Chain, SigstoreAnnotations.Signature })
        {
            var annotations = new Dictionary<string, string>
            {
                [SigstoreAnnotations.Signature] = "MEUCIQ==",
                [SigstoreAnnotations.Certificate] = LeafPem,
                [SigstoreAnnotations.Chain] = AuthorityPem + AuthorityPem,
            };
            annotations[changed] = Text(input);
            var found = new FoundSignature(SignatureKind.Sigstore, input, SigstoreAnnotations.PayloadType, annotations, "here");
            var pki = new PkiAuthority(Encoding.ASCII.GetBytes(AuthorityPem), null, "dev@example.test", null);
            var proof = SigstoreVerifier.Check(found, new SigstoreTrust { Pki = pki }, Moment);
            Require(proof.Refusal is { Length: > 0 } && proof.Payload is null, "it is refused, with a reason");
            RequireShowable(proof.Refusal!);
        }
    }

    private static void TryBundle(byte[] input)
    {
        var image = OciSync.Core.References.Digest.Parse("sha256:" + new string('a', 64));
        var root = TrustedRoot.Read(Encoding.UTF8.GetBytes(Root));
        foreach (var proof in new[]
        {
            BundleVerifier.Check(input, [Certificate.Read(Leaf).ReadKey()], image),
            BundleVerifier.Check(input, root, SignerIdentity.Exact("dev@example.test", "https://issuer.example.test"), image),
        })
        {
            Require(proof.Refusal is { Length: > 0 } && proof.Signer is null, "it is refused, with a reason");
            RequireShowable(proof.Refusal!);
        }
    }

    // Its number of rounds is none that is tried: each would take a second.
    private static void TrySigningKeyFile(byte[] input) => AllowFormat(() =>
    {
        _ = SigningKeyFile.Open(Text(input), []);
        Require(false, "nothing that was changed opens");
    });

    private static void TryNotary(byte[] input, string mediaType)
    {
        var statement = NotaryPolicy.Read(Encoding.UTF8.GetBytes(NotaryTrust)).Find("r.test/a")!;
        var found = new FoundSignature(SignatureKind.Notary, input, mediaType, new Dictionary<string, string>(), "here");
        var proof = new NotaryVerifier(statement, [Certificate.Read(Authority)], []).Check(
            found, OciSync.Core.References.Digest.Parse("sha256:" + new string('a', 64)), Moment);
        Require(proof.Refusal is { Length: > 0 } && proof.Signer is null, "it is refused, with a reason");
        RequireShowable(proof.Refusal!);
    }
}
