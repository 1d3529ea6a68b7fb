using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.Tests.Signing.Sigstore;
using OciSync.Testing;

namespace OciSync.Core.Tests.Signing.Bundles;

/// <summary>Makes sigstore bundles with authorities and logs of its own; each part can be another than it should be.</summary>
internal sealed class BundleMaker
{
    internal const string MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";

    internal static readonly ECDsa CertificateLog = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    internal TestAuthority Issuer { get; init; } = SigstoreMaker.Root;

    internal TestCertificate Wanted { get; init; } = SigstoreMaker.FulcioCertificate;

    /// <summary>The log of certificates; null for a certificate that no log has.</summary>
    internal ECDsa? Sct { get; init; } = CertificateLog;

    /// <summary>Whose certificate the log of certificates saw.</summary>
    internal TestAuthority? SctIssuer { get; init; }

    internal DateTimeOffset SctTime { get; init; } = SigstoreMaker.Logged;

    internal ECDsa Log { get; init; } = SigstoreMaker.Log;

    internal DateTimeOffset LogTime { get; init; } = SigstoreMaker.Logged;

    internal string PayloadType { get; init; } = "application/vnd.in-toto+json";

    /// <summary>How many entries the log's tree has; ours is the third, or the only one.</summary>
    internal int TreeSize { get; init; } = 7;

    /// <summary>Changes the statement before it is signed.</summary>
    internal Action<JsonObject>? Statement { get; init; }

    /// <summary>Changes the log's entry before the log signs.</summary>
    internal Action<JsonObject>? Body { get; init; }

    /// <summary>The log keeps the entry as it was handed in.</summary>
    internal bool IsProposed { get; init; }

    /// <summary>Changes the note before the log signs it.</summary>
    internal Func<string, string>? Note { get; init; }

    /// <summary>Changes the log's entry in the bundle.</summary>
    internal Action<JsonObject>? Entry { get; init; }

    /// <summary>Changes the whole bundle.</summary>
    internal Action<JsonObject>? Bundle { get; init; }

    /// <summary>The bundle of a signer's certificate.</summary>
    internal byte[] Keyless()
    {
        var certificate = Certify();
        var envelope = Sign(Key);
        var entry = LogEntry(envelope, certificate.ExportCertificatePem() + "\n");
        Entry?.Invoke(entry);
        return Write(envelope, new JsonObject
        {
            ["certificate"] = new JsonObject { ["rawBytes"] = Convert.ToBase64String(certificate.RawData) },
            ["tlogEntries"] = new JsonArray(entry),
            ["timestampVerificationData"] = new JsonObject(),
        });
    }

    /// <summary>The bundle of a key.</summary>
    internal byte[] ByKey(AsymmetricAlgorithm key, HashAlgorithmName? hash = null) => Write(Sign(key, hash), new JsonObject
    {
        ["publicKey"] = new JsonObject { ["hint"] = Convert.ToBase64String(SHA256.HashData(key.ExportSubjectPublicKeyInfo())) },
    });

    private byte[] Write(JsonObject envelope, JsonObject material)
    {
        var bundle = new JsonObject { ["mediaType"] = MediaType, ["verificationMaterial"] = material, ["dsseEnvelope"] = envelope };
        Bundle?.Invoke(bundle);
        return Encoding.UTF8.GetBytes(bundle.ToJsonString());
    }

    private JsonObject Sign(AsymmetricAlgorithm key, HashAlgorithmName? hash = null)
    {
        var statement = new JsonObject
        {
            ["_type"] = "https://in-toto.io/Statement/v1",
            ["subject"] = new JsonArray(new JsonObject { ["digest"] = new JsonObject { ["sha256"] = ContentDigest.Of(SigstoreMaker.Manifest)[7..] } }),
            ["predicateType"] = "https://sigstore.dev/cosign/sign/v1",
            ["predicate"] = new JsonObject(),
        };
        Statement?.Invoke(statement);
        var payload = Encoding.UTF8.GetBytes(statement.ToJsonString());
        byte[] signed = [.. Encoding.UTF8.GetBytes($"DSSEv1 {PayloadType.Length} {PayloadType} {payload.Length} "), .. payload];
        var name = hash ?? HashAlgorithmName.SHA256;
        var signature = key is RSA rsa ? rsa.SignData(signed, name, RSASignaturePadding.Pkcs1)
            : ((ECDsa)key).SignData(signed, name, DSASignatureFormat.Rfc3279DerSequence);
        return new JsonObject
        {
            ["payload"] = Convert.ToBase64String(payload),
            ["payloadType"] = PayloadType,
            ["signatures"] = new JsonArray(new JsonObject { ["sig"] = Convert.ToBase64String(signature) }),
        };
    }

    private JsonObject LogEntry(JsonObject envelope, string pem)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "0.0.1",
            ["kind"] = "dsse",
            ["spec"] = new JsonObject
            {
                ["envelopeHash"] = HashOf(Encoding.UTF8.GetBytes(envelope.ToJsonString())),
                ["payloadHash"] = HashOf(Convert.FromBase64String(envelope["payload"]!.GetValue<string>())),
                ["signatures"] = new JsonArray(new JsonObject
                {
                    ["signature"] = envelope["signatures"]![0]!["sig"]!.GetValue<string>(),
                    ["verifier"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(pem)),
                }),
            },
        };
        if (IsProposed)
        {
            body["spec"] = new JsonObject
            {
                ["proposedContent"] = new JsonObject
                {
                    ["envelope"] = envelope.ToJsonString(Plain), ["verifiers"] = new JsonArray(Convert.ToBase64String(Encoding.UTF8.GetBytes(pem))),
                },
            };
        }

        Body?.Invoke(body);
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString(Plain));
        var logId = SHA256.HashData(Log.ExportSubjectPublicKeyInfo());
        var seconds = LogTime.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var promise = $$"""
            {"body":"{{Convert.ToBase64String(bytes)}}","integratedTime":{{seconds}},"logID":"{{Convert.ToHexStringLower(logId)}}","logIndex":1017}
            """;
        return new JsonObject
        {
            ["logIndex"] = "1017",
            ["logId"] = new JsonObject { ["keyId"] = Convert.ToBase64String(logId) },
            ["kindVersion"] = new JsonObject { ["kind"] = "dsse", ["version"] = "0.0.1" },
            ["integratedTime"] = seconds,
            ["inclusionPromise"] = new JsonObject { ["signedEntryTimestamp"] = SignByLog(Encoding.ASCII.GetBytes(promise.Trim())) },
            ["inclusionProof"] = Prove(bytes, logId),
            ["canonicalizedBody"] = Convert.ToBase64String(bytes),
        };
    }

    private JsonObject Prove(byte[] body, byte[] logId)
    {
        var index = TreeSize == 1 ? 0 : 2;
        byte[][] entries = [.. Enumerable.Range(0, TreeSize).Select(i => i == index ? body : [(byte)i])];
        var root = Convert.ToBase64String(TestTree.Root(entries));
        var note = $"log.example.test - 1\n{TreeSize}\n{root}\n";
        note = Note?.Invoke(note) ?? note;
        var signature = Log.SignData(Encoding.UTF8.GetBytes(note), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return new JsonObject
        {
            ["logIndex"] = index.ToString(CultureInfo.InvariantCulture),
            ["rootHash"] = root,
            ["treeSize"] = TreeSize.ToString(CultureInfo.InvariantCulture),
            ["hashes"] = new JsonArray([.. TestTree.Path(entries, index).Select(h => (JsonNode)Convert.ToBase64String(h))]),
            ["checkpoint"] = new JsonObject
            {
                ["envelope"] = $"{note}\n\u2014 log.example.test {Convert.ToBase64String([.. logId[..4], .. signature])}\n",
            },
        };
    }

    private X509Certificate2 Certify()
    {
        var serial = TestAuthority.NextSerial();
        var plain = Issuer.Certify(Key, Wanted, string.Empty, serial);
        if (Sct is null)
        {
            return plain;
        }

        byte[] time = [.. BitConverter.GetBytes(SctTime.ToUnixTimeMilliseconds()).Reverse()];
        var content = new AsnReader(plain.RawData, AsnEncodingRules.DER).ReadSequence().ReadEncodedValue().ToArray();
        var issuer = SHA256.HashData((SctIssuer ?? Issuer).Key.ExportSubjectPublicKeyInfo());
        var signature = Sct.SignData(
            [0, 0, .. time, 0, 1, .. issuer, 0, (byte)(content.Length >> 8), (byte)content.Length, .. content, 0, 0],
            HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence);
        byte[] one = [0, .. SHA256.HashData(Sct.ExportSubjectPublicKeyInfo()), .. time, 0, 0, 4, 3, 0, (byte)signature.Length, .. signature];
        byte[] list = [0, (byte)(one.Length + 2), 0, (byte)one.Length, .. one];
        byte[] head = list.Length < 0x80 ? [0x04, (byte)list.Length] : [0x04, 0x81, (byte)list.Length];
        var extension = new X509Extension("1.3.6.1.4.1.11129.2.4.2", [.. head, .. list], false);
        return Issuer.Certify(Key, Wanted.With(extension), string.Empty, serial);
    }

    private string SignByLog(byte[] bytes) => Convert.ToBase64String(Log.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    private static JsonObject HashOf(byte[] bytes) => new() { ["algorithm"] = "sha256", ["value"] = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
}
