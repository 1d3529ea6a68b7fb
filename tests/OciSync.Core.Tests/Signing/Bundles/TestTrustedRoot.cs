using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OciSync.Core.Tests.Signing.Sigstore;

namespace OciSync.Core.Tests.Signing.Bundles;

/// <summary>The trusted root of the tests' authorities and logs.</summary>
internal static class TestTrustedRoot
{
    /// <param name="change">Changes it.</param>
    /// <param name="chain">The certificates of the authority, the root last.</param>
    internal static byte[] Write(Action<JsonObject>? change = null, params TestAuthority[] chain)
    {
        var root = new JsonObject
        {
            ["mediaType"] = "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            ["tlogs"] = new JsonArray(Log(SigstoreMaker.Log, "https://log.example.test")),
            ["certificateAuthorities"] = new JsonArray(Authority(chain.Length == 0 ? [SigstoreMaker.Root] : chain)),
            ["ctlogs"] = new JsonArray(Log(BundleMaker.CertificateLog, "https://ct.example.test")),
            ["timestampAuthorities"] = new JsonArray(),
        };
        change?.Invoke(root);
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    internal static JsonObject Authority(TestAuthority[] chain, params byte[][] first) => new()
    {
        ["subject"] = new JsonObject { ["organization"] = "Test", ["commonName"] = "Test" },
        ["uri"] = "https://ca.example.test",
        ["certChain"] = new JsonObject
        {
            ["certificates"] = new JsonArray([.. first.Concat(chain.Select(c => c.Certificate.RawData))
                .Select(c => (JsonNode)new JsonObject { ["rawBytes"] = Convert.ToBase64String(c) })]),
        },
        ["validFor"] = Always,
    };

    private static JsonObject Always => new() { ["start"] = "2020-01-01T00:00:00Z" };

    private static JsonObject Log(ECDsa key, string uri) => new()
    {
        ["baseUrl"] = uri,
        ["hashAlgorithm"] = "SHA2_256",
        ["publicKey"] = new JsonObject
        {
            ["rawBytes"] = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()), ["keyDetails"] = "PKIX_ECDSA_P256_SHA_256", ["validFor"] = Always,
        },
        ["logId"] = new JsonObject { ["keyId"] = Convert.ToBase64String(SHA256.HashData(key.ExportSubjectPublicKeyInfo())) },
    };
}
