using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Tests.Signing.Sigstore;

namespace OciSync.Core.Tests.Signing.Notary;

/// <summary>Makes signatures of the Notary Project as JSON, with an authority of its own; each part can be another than it should be.</summary>
internal sealed class JwsMaker
{
    internal const string Image = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    internal const string Subject = "C=US,S=WA,O=Test,CN=signer";

    private static readonly RSA Key = RSA.Create(2048);

    internal TestAuthority Issuer { get; init; } = SigstoreMaker.Root;

    internal TestCertificate Wanted { get; init; } = new() { Extensions = [TestCertificate.Usage(TestAuthority.CodeSigning)] };

    internal HashAlgorithmName Hash { get; init; } = HashAlgorithmName.SHA256;

    /// <summary>Changes the protected header before it is signed.</summary>
    internal Action<JsonObject>? Protected { get; init; }

    /// <summary>Changes the content before it is signed.</summary>
    internal Action<JsonObject>? Payload { get; init; }

    /// <summary>Changes the whole afterwards.</summary>
    internal Action<JsonObject>? Whole { get; init; }

    internal FoundSignature Make()
    {
        var heads = new JsonObject
        {
            ["alg"] = "PS256",
            ["crit"] = new JsonArray("io.cncf.notary.signingScheme"),
            ["cty"] = "application/vnd.cncf.notary.payload.v1+json",
            ["io.cncf.notary.signingScheme"] = "notary.x509",
            ["io.cncf.notary.signingTime"] = "2024-05-01T12:00:00Z",
        };
        Protected?.Invoke(heads);
        var content = new JsonObject { ["targetArtifact"] = new JsonObject { ["mediaType"] = "m", ["digest"] = Image, ["size"] = 2 } };
        Payload?.Invoke(content);
        var (head, payload) = (Encode(heads), Encode(content));
        var certificate = Issuer.Certify(Key, Wanted, Subject);
        var whole = new JsonObject
        {
            ["payload"] = payload,
            ["protected"] = head,
            ["header"] = new JsonObject
            {
                ["x5c"] = new JsonArray(Convert.ToBase64String(certificate.RawData), Convert.ToBase64String(Issuer.Certificate.RawData)),
                ["io.cncf.notary.signingAgent"] = "a test",
            },
            ["signature"] = Url(Key.SignData(Encoding.ASCII.GetBytes($"{head}.{payload}"), Hash, RSASignaturePadding.Pss)),
        };
        Whole?.Invoke(whole);
        return new FoundSignature(
            SignatureKind.Notary, Encoding.UTF8.GetBytes(whole.ToJsonString()), "application/jose+json", new Dictionary<string, string>(), "a test");
    }

    /// <summary>A critical header with its value.</summary>
    internal static void Add(JsonObject heads, string name, string value)
    {
        heads["crit"]!.AsArray().Add(name);
        heads[name] = value;
    }

    private static string Encode(JsonObject json) => Url(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static string Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
