using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Sigstore;
using OciSync.Testing;

namespace OciSync.Core.Tests.Signing.Sigstore;

/// <summary>Makes sigstore signatures of one manifest with authorities and a log of its own; each part can be another than it should be.</summary>
internal sealed class SigstoreMaker
{
    internal const string Email = "dev@example.test";
    internal const string Issuer = "https://issuer.example.test";
    internal const string Repository = "registry.example.test/app/one";

    internal static readonly byte[] Manifest = Encoding.UTF8.GetBytes(
        $$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{ContentDigest.Of("{}"u8.ToArray())}}","size":2},"layers":[]}""");

    /// <summary>When the log took the signature.</summary>
    internal static readonly DateTimeOffset Logged = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);

    internal static readonly TestAuthority Root = TestAuthority.Root();
    internal static readonly TestAuthority Middle = Root.Below("CN=Between,O=Test");
    internal static readonly ECDsa Log = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    internal static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private readonly Dictionary<string, string> _annotations = [];

    internal SigstoreMaker(AsymmetricAlgorithm? key = null) => Signer = key ?? Key;

    internal AsymmetricAlgorithm Signer { get; }

    internal byte[] Payload { get; init; } = Encoding.UTF8.GetBytes(
        $$$"""{"critical":{"identity":{"docker-reference":"{{{Repository}}}"},"image":{"docker-manifest-digest":"{{{ContentDigest.Of(Manifest)}}}"},"type":"cosign container image signature"},"optional":null}""");

    internal HashAlgorithmName Hash { get; init; } = HashAlgorithmName.SHA256;

    internal DSASignatureFormat Format { get; init; } = DSASignatureFormat.Rfc3279DerSequence;

    /// <summary>The certificate of Fulcio's kind for the signer.</summary>
    internal static TestCertificate FulcioCertificate => TestCertificate.Signer(
        n => n.AddEmailAddress(Email), TestCertificate.OldIssuer(Issuer), TestCertificate.NewIssuer(Issuer)) with
    {
        From = Logged.AddMinutes(-1), To = Logged.AddMinutes(9),
    };

    internal byte[] Signature => Signer switch
    {
        RSA rsa => rsa.SignData(Payload, Hash, RSASignaturePadding.Pkcs1),
        _ => _signature ??= ((ECDsa)Signer).SignData(Payload, Hash, Format),
    };

    private byte[]? _signature;

    internal string PublicKey => Signer.ExportSubjectPublicKeyInfoPem() + "\n";

    /// <summary>The signature as it is found, with what was added to it.</summary>
    internal FoundSignature Found(string? signature = null)
    {
        _annotations[SigstoreAnnotations.Signature] = signature ?? Convert.ToBase64String(Signature);
        return new FoundSignature(SignatureKind.Sigstore, Payload, SigstoreAnnotations.PayloadType, new Dictionary<string, string>(_annotations), "a test");
    }

    internal SigstoreMaker With(string annotation, string value)
    {
        _annotations[annotation] = value;
        return this;
    }

    internal SigstoreMaker WithCertificate(X509Certificate2 certificate, params TestAuthority[] chain)
    {
        With(SigstoreAnnotations.Certificate, certificate.ExportCertificatePem() + "\n");
        return chain.Length == 0 ? this : With(SigstoreAnnotations.Chain, string.Concat(chain.Select(c => c.Pem)));
    }

    /// <summary>What the log said of it.</summary>
    /// <param name="signer">The key or certificate in the entry, PEM.</param>
    /// <param name="entry">Changes the entry before the log signs.</param>
    /// <param name="promise">Changes it afterwards.</param>
    /// <param name="log">The log.</param>
    /// <param name="time">When.</param>
    internal SigstoreMaker WithLog(
        string? signer = null, Action<JsonObject>? entry = null, Action<JsonObject>? promise = null, ECDsa? log = null, DateTimeOffset? time = null)
    {
        var body = Entry(signer ?? PublicKey);
        entry?.Invoke(body);
        var payload = new JsonObject
        {
            ["body"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(body.ToJsonString())),
            ["integratedTime"] = (time ?? Logged).ToUnixTimeSeconds(),
            ["logID"] = Convert.ToHexStringLower(SHA256.HashData((log ?? Log).ExportSubjectPublicKeyInfo())),
            ["logIndex"] = 17,
        };

        // Of Base64, "+" alone is one that the writer would escape.
        var signed = Encoding.ASCII.GetBytes(payload.ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal));
        var whole = new JsonObject
        {
            ["SignedEntryTimestamp"] = Convert.ToBase64String((log ?? Log).SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
#pragma warning disable CA1507 // The format's word, not this class's.
            ["Payload"] = payload,
#pragma warning restore CA1507
        };
        promise?.Invoke(whole);
        return With(SigstoreAnnotations.Bundle, whole.ToJsonString());
    }

    private JsonObject Entry(string signer) => new()
    {
        ["apiVersion"] = "0.0.1",
        ["kind"] = "hashedrekord",
        ["spec"] = new JsonObject
        {
            ["data"] = new JsonObject
            {
                ["hash"] = new JsonObject { ["algorithm"] = "sha256", ["value"] = Convert.ToHexStringLower(SHA256.HashData(Payload)) },
            },
            ["signature"] = new JsonObject
            {
                ["content"] = Convert.ToBase64String(Signature),
                ["publicKey"] = new JsonObject { ["content"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(signer)) },
            },
        },
    };
}
