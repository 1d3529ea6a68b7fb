using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using OciSync.Core.Copying.Blobs;
using OciSync.Core.Tests.Signing.Sigstore;

namespace OciSync.Core.Tests.Signing.Bundles;

/// <summary>Bundles without a key of one's own: good ones, and for each step of the check some with that step wrong alone.</summary>
internal static class KeylessVectors
{
    private static readonly TestCertificate Good = SigstoreMaker.FulcioCertificate;
    private static readonly ECDsa Other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    internal static IReadOnlyList<BundleVector> All =>
    [
        .. Right, .. Envelopes, .. Certificates, .. CertificateLogs, .. Logs, .. Proofs, .. Identities, .. Roots, .. Timestamps,
    ];

    private const string Statements = "cosign takes any statement on the image for a signature of it";
    private const string Size = "cosign compares the root alone";

    private static IEnumerable<BundleVector> Right =>
    [
        Make("all is right", new BundleMaker(), null),
        Make("the only entry of the log", new BundleMaker { TreeSize = 1 }, null),
        Make("an entry among eight", new BundleMaker { TreeSize = 8 }, null),
        Make("the last entry of three", new BundleMaker { TreeSize = 3 }, null),
        Make("an authority between", new BundleMaker { Issuer = SigstoreMaker.Middle }, null) with
        {
            Root = TestTrustedRoot.Write(null, SigstoreMaker.Middle, SigstoreMaker.Root),
        },
        Make("a URI as identity", new BundleMaker { Wanted = Of(n => n.AddUri(new Uri("https://example.test/ci"))) }, null) with
        {
            Identity = "https://example.test/ci",
        },
        Make("the entry as it was handed in", new BundleMaker { IsProposed = true }, null),
    ];

    private static IEnumerable<BundleVector> Envelopes =>
    [
        Make("changed payload", new BundleMaker { Bundle = AddBlank }, "not by its certificate"),
        Make("changed signature", new BundleMaker { Bundle = b => Signature(b)["sig"] = "MEUCIQ==" }, "not by its certificate"),
        Make("another payload type", new BundleMaker { PayloadType = "application/json" }, "its payload is of the type 'application/json'"),
        Make(
            "an SBOM",
            new BundleMaker { Statement = s => s["predicateType"] = "https://spdx.dev/Document" },
            "says something else of the image") with { Stricter = Statements },
        Make(
            "no predicate type",
            new BundleMaker { Statement = s => s.Remove("predicateType") },
            "says something else of the image") with { Stricter = Statements },
        Make("another image", new BundleMaker { Statement = s => Subject(s)["sha256"] = new string('0', 64) }, "is of another image"),
        Make("the digest by another algorithm", new BundleMaker { Statement = OtherAlgorithm }, "is of another image"),
        Make("no image", new BundleMaker { Statement = s => s["subject"] = new JsonArray() }, "is of another image"),
        Make(
            "no statement",
            new BundleMaker { Statement = s => s["_type"] = "https://example.test" },
            "which is not in-toto's") with { Stricter = Statements },
        Make("no signature", new BundleMaker { Bundle = b => b["dsseEnvelope"]!["signatures"] = new JsonArray() }, "it has 0 signatures"),
        Make(
            "two signatures",
            new BundleMaker { Bundle = b => b["dsseEnvelope"]!["signatures"]!.AsArray().Add(Signature(b).DeepClone()) },
            "it has 2 signatures"),
        Make(
            "a bundle of another version",
            new BundleMaker { Bundle = b => b["mediaType"] = "application/vnd.dev.sigstore.bundle.v0.4+json" },
            "version") with
        {
            IsUnsupported = true,
        },
    ];

    private static IEnumerable<BundleVector> Certificates =>
    [
        Make("signed before the certificate", new BundleMaker { Wanted = Good with { From = SigstoreMaker.Logged.AddMinutes(1) } }, "and not at 2024-05-01"),
        Make("signed after the certificate", new BundleMaker { Wanted = Good with { To = SigstoreMaker.Logged.AddSeconds(-1) } }, "and not at 2024-05-01"),
        Make("another authority", new BundleMaker { Issuer = TestAuthority.Root() }, "is not signed by"),
        Make("another authority of another name", new BundleMaker { Issuer = TestAuthority.Root("CN=Other") }, "no trusted authority issued"),
        Make("an unknown authority between", new BundleMaker { Issuer = SigstoreMaker.Middle }, "no trusted authority issued"),
        Make("a certificate for servers", new BundleMaker { Wanted = ForServers }, "is not for signing code"),
        Make("no certificate", new BundleMaker { Bundle = b => Material(b).Remove("certificate") }, "signed by a key, and not by a certificate"),
    ];

    private static IEnumerable<BundleVector> CertificateLogs =>
    [
        Make("no log of certificates", new BundleMaker { Sct = null }, "has no timestamp of a log of certificates"),
        Make("another log of certificates", new BundleMaker { Sct = Other }, "the log of certificates is not trusted"),
        Make(
            "a certificate of another authority",
            new BundleMaker { SctIssuer = SigstoreMaker.Middle },
            "timestamp of the log of certificates is not signed"),
        Make("the log of certificates was not trusted then", new BundleMaker { SctTime = Good.From.AddYears(-10) }, "is not signed by it"),
    ];

    private static IEnumerable<BundleVector> Logs =>
    [
        Make("no log", new BundleMaker { Bundle = b => Material(b)["tlogEntries"] = new JsonArray() }, "no log knows it"),
        Make("another log", new BundleMaker { Log = Other }, "the log of its entry is not trusted"),
        Make("the entry is of another signature", new BundleMaker { Body = b => Kept(b)["signature"] = "MEUCIQ==" }, "is of another signature"),
        Make("the entry is of another certificate", new BundleMaker { Body = b => Kept(b)["verifier"] = OtherPem }, "is of another key or certificate"),
        Make("the entry is of another payload", new BundleMaker { Body = b => b["spec"]!["payloadHash"]!["value"] = new string('0', 64) }, "another payload"),
        Make("the entry is of another kind", new BundleMaker { Body = b => b["kind"] = "intoto" }, "is of another kind than the bundle says"),
        Make("an unknown kind of entry", new BundleMaker { Entry = e => e["kindVersion"]!["version"] = "0.0.2" }, "of the kind 'dsse' 0.0.2") with
        {
            IsUnsupported = true, Stricter = "cosign reads the kind in the entry alone",
        },
        Make("changed time", new BundleMaker { Entry = e => e["integratedTime"] = "1714564860" }, "promise is not signed by the log"),
        Make("changed index", new BundleMaker { Entry = e => e["logIndex"] = "1018" }, "promise is not signed by the log"),
        Make("changed promise", new BundleMaker { Entry = e => e["inclusionPromise"]!["signedEntryTimestamp"] = "MEUCIQ==" }, "promise is not signed"),
        Make("no promise, and so no time", new BundleMaker { Entry = e => e.Remove("inclusionPromise") }, "nothing tells when it was signed"),
        Make("neither promise nor proof", new BundleMaker { Entry = Bare }, "has no proof of inclusion"),
        Make("a promise without a proof", new BundleMaker { Entry = e => e.Remove("inclusionProof") }, "has no proof of inclusion"),
    ];

    private static IEnumerable<BundleVector> Proofs =>
    [
        Make("changed hash", new BundleMaker { Entry = e => Proof(e)["hashes"]![0] = Convert.ToBase64String(new byte[32]) }, "does not lead from the entry"),
        Make("a hash less", new BundleMaker { Entry = e => Proof(e)["hashes"]!.AsArray().RemoveAt(0) }, "does not lead from the entry"),
        Make("a hash more", new BundleMaker { Entry = e => Proof(e)["hashes"]!.AsArray().Add(Convert.ToBase64String(new byte[32])) }, "does not lead"),
        Make("another place", new BundleMaker { Entry = e => Proof(e)["logIndex"] = "3" }, "does not lead from the entry"),
        Make("a place outside the tree", new BundleMaker { Entry = e => Proof(e)["logIndex"] = "7" }, "the proof of inclusion is none"),
        Make("another root", new BundleMaker { Entry = e => Proof(e)["rootHash"] = Convert.ToBase64String(new byte[32]) }, "does not lead from the entry"),
        Make(
            "a checkpoint of another root",
            new BundleMaker { Note = n => n.Replace(n.Split('\n')[2], OtherHash, StringComparison.Ordinal) },
            "another tree"),
        Make(
            "a checkpoint of another size",
            new BundleMaker { Note = n => n.Replace("\n7\n", "\n8\n", StringComparison.Ordinal) },
            "of another tree") with { Stricter = Size },
        Make("a changed checkpoint", new BundleMaker { Entry = e => Change(e, c => c.Replace("log.example.test - 1", "other - 1", StringComparison.Ordinal)) },
            "checkpoint is not signed by the log"),
        Make(
            "an unsigned checkpoint",
            new BundleMaker { Entry = e => Change(e, c => c[..(c.IndexOf("\n\n", StringComparison.Ordinal) + 2)]) },
            "no signed note"),
    ];

    private static IEnumerable<BundleVector> Identities =>
    [
        Make("another identity", new BundleMaker(), "is of 'dev@example.test', and not of 'other@example.test'") with { Identity = "other@example.test" },
        Make("an identity in other case", new BundleMaker(), "and not of 'Dev@example.test'") with { Identity = "Dev@example.test" },
        Make("another issuer", new BundleMaker(), "the OIDC issuer is 'https://issuer.example.test'") with { Issuer = "https://other.test" },
        Make("another image is asked for", new BundleMaker(), "is of another image") with { Image = "sha256:" + new string('1', 64) },
    ];

    private static IEnumerable<BundleVector> Roots =>
    [
        Make("the authority was trusted later", new BundleMaker(), "no authority was trusted at") with
        {
            Root = TestTrustedRoot.Write(r => r["certificateAuthorities"]![0]!["validFor"]!["start"] = "2025-01-01T00:00:00Z"),
        },
        Make("the authority was trusted earlier", new BundleMaker(), "no authority was trusted at") with
        {
            Root = TestTrustedRoot.Write(r => r["certificateAuthorities"]![0]!["validFor"]!["end"] = "2024-01-01T00:00:00Z"),
        },
        Make("the log was trusted earlier", new BundleMaker(), "the log was not trusted at") with
        {
            Root = TestTrustedRoot.Write(r => r["tlogs"]![0]!["publicKey"]!["validFor"]!["end"] = "2024-01-01T00:00:00Z"),
        },
        Make("the log of certificates was trusted earlier", new BundleMaker(), "is not signed by it") with
        {
            Root = TestTrustedRoot.Write(r => r["ctlogs"]![0]!["publicKey"]!["validFor"]!["end"] = "2024-01-01T00:00:00Z"),
        },
    ];

    // Without a promise a timestamp alone tells the time. cosign is not asked: it looks at timestamps by a switch of its own.
    private static IEnumerable<BundleVector> Timestamps
    {
        get
        {
            var (authority, other) = (new TestTimestamp(), new TestTimestamp());
            var root = TestTrustedRoot.Write(r => r["timestampAuthorities"]!.AsArray().Add(authority.Trusted));
            BundleVector Stamped(string name, Action<JsonObject> add, string? refusal) =>
                Make(name, new BundleMaker { Entry = e => e.Remove("inclusionPromise"), Bundle = add }, refusal) with
                {
                    Root = root, Stricter = "not asked",
                };
            var time = SigstoreMaker.Logged;
            yield return Stamped("a timestamp", b => authority.Add(b, time), null);
            yield return Stamped("a timestamp of another signature", b => TestTimestamp.AddToken(b, authority.Stamp([1], time)), "is of another signature");
            yield return Stamped("a timestamp of another authority", b => other.Add(b, time), "by no authority that is trusted");
            yield return Stamped("a timestamp outside the certificate's time", b => authority.Add(b, time.AddHours(1)), "and not at 2024-05-01 13:00:00Z");
            yield return Stamped("no timestamp", b => TestTimestamp.AddToken(b, [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02]), "it is a refused timestamp");
            yield return Stamped("a broken timestamp", b => TestTimestamp.AddToken(b, [1, 2, 3]), "it is not a timestamp");
            yield return Stamped("a timestamp before the authority was trusted", b => authority.Add(b, time), "by no authority that is trusted") with
            {
                Root = TestTrustedRoot.Write(r =>
                {
                    var trusted = authority.Trusted;
                    trusted["validFor"]!["start"] = "2025-01-01T00:00:00Z";
                    r["timestampAuthorities"]!.AsArray().Add(trusted);
                }),
            };
        }
    }

    private static string OtherHash => Convert.ToBase64String(new byte[32]);

    private static string OtherPem =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(SigstoreMaker.Root.Certify(Other, Good).ExportCertificatePem() + "\n"));

    private static TestCertificate ForServers => Good with { Extensions = [TestCertificate.Usage("1.3.6.1.5.5.7.3.1"), .. Good.Extensions.Skip(1)] };

    private static TestCertificate Of(Action<SubjectAlternativeNameBuilder> names) =>
        TestCertificate.Signer(names, TestCertificate.NewIssuer(SigstoreMaker.Issuer)) with { From = Good.From, To = Good.To };

    // The same statement to every reader.
    private static void AddBlank(JsonObject bundle)
    {
        var payload = Convert.FromBase64String(bundle["dsseEnvelope"]!["payload"]!.GetValue<string>());
        bundle["dsseEnvelope"]!["payload"] = Convert.ToBase64String([.. payload, (byte)' ']);
    }

    private static JsonObject Material(JsonObject bundle) => bundle["verificationMaterial"]!.AsObject();

    private static JsonObject Signature(JsonObject bundle) => bundle["dsseEnvelope"]!["signatures"]![0]!.AsObject();

    private static JsonObject Subject(JsonObject statement) => statement["subject"]![0]!["digest"]!.AsObject();

    private static JsonObject Kept(JsonObject body) => body["spec"]!["signatures"]![0]!.AsObject();

    private static JsonObject Proof(JsonObject entry) => entry["inclusionProof"]!.AsObject();

    private static void OtherAlgorithm(JsonObject statement)
    {
        var digest = Subject(statement);
        var value = digest["sha256"]!.GetValue<string>();
        digest.Remove("sha256");
        digest["sha1"] = value;
    }

    private static void Bare(JsonObject entry)
    {
        entry.Remove("inclusionPromise");
        entry.Remove("inclusionProof");
    }

    private static void Change(JsonObject entry, Func<string, string> change)
    {
        var checkpoint = Proof(entry)["checkpoint"]!;
        checkpoint["envelope"] = change(checkpoint["envelope"]!.GetValue<string>());
    }

    private static BundleVector Make(string name, BundleMaker maker, string? refusal) => new(name, maker.Keyless(), TestTrustedRoot.Write(), refusal);
}
