using System.Text;
using System.Text.Json.Nodes;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Keys;

namespace OciSync.Core.Tests.Signing.Keys;

/// <summary>Key files: those of other tools are opened, and ours are theirs.</summary>
public sealed class SigningKeyFileTests
{
    private static readonly byte[] Passphrase = "a passphrase"u8.ToArray();

    [Theory]
    [InlineData("skopeo", "ECDSA P-256")]
    [InlineData("cosign", "ECDSA P-256")]
    [InlineData("cosign P-384", "ECDSA P-384")]
    [InlineData("cosign RSA", "RSA 2048")]
    [InlineData("cosign Ed25519", "Ed25519")]
    public void Of_other_tools_are_opened_and_sign(string name, string kind)
    {
        using var stream = GetType().Assembly.GetManifestResourceStream("sigstore-keys")!;
        var json = JsonNode.Parse(stream)!.AsArray().Single(j => j!["name"]!.GetValue<string>() == name)!;
        var key = SigningKeyFile.Open(json["file"]!.GetValue<string>(), Encoding.UTF8.GetBytes(json["passphrase"]!.GetValue<string>()));

        var known = PublicKey.ReadPem(Encoding.UTF8.GetBytes(json["public"]!.GetValue<string>()));
        Assert.Equal(kind, key.Public.Kind);
        Assert.Equal(known.Fingerprint, key.Public.Fingerprint);
        Assert.True(known.IsBy([1, 2, 3], key.Sign([1, 2, 3])));
        Assert.False(known.IsBy([1, 2, 4], key.Sign([1, 2, 3])));
    }

    [Fact]
    public void Of_ours_are_opened_with_the_passphrase_and_with_no_other()
    {
        var key = PrivateKey.Create();
        var file = SigningKeyFile.Write(key, Passphrase);

        Assert.StartsWith("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n", file, StringComparison.Ordinal);
        Assert.Equal(key.Public.Fingerprint, SigningKeyFile.Open(file, Passphrase).Public.Fingerprint);
        Assert.Throws<PassphraseException>(() => SigningKeyFile.Open(file, "other"u8.ToArray()));
        Assert.NotEqual(PrivateKey.Create().Public.Fingerprint, key.Public.Fingerprint);
        var changed = Change(file, j => j["ciphertext"] = Convert.ToBase64String(Flip(Convert.FromBase64String(j["ciphertext"]!.GetValue<string>()))));
        Assert.Throws<PassphraseException>(() => SigningKeyFile.Open(changed, Passphrase));
    }

    [Fact]
    public void A_file_that_wants_more_than_any_tool_writes_is_refused_before_it_is_tried()
    {
        var file = SigningKeyFile.Write(PrivateKey.Create(), []);
        void Refused(string reason, Action<JsonNode> change) => Assert.Contains(
            reason, Assert.Throws<FormatException>(() => SigningKeyFile.Open(Change(file, change), [])).Message, StringComparison.Ordinal);

        Refused("N=1073741824, r=8, p=1", j => j["kdf"]!["params"]!["N"] = 1L << 30);
        Refused("N=1, r=8, p=1", j => j["kdf"]!["params"]!["N"] = 1);
        Refused("r=1000000", j => j["kdf"]!["params"]!["r"] = 1_000_000);
        Refused("p=9", j => j["kdf"]!["params"]!["p"] = 9);
        Refused("N is no whole number", j => j["kdf"]!["params"]!["N"] = "65536");
        Refused("by 'pbkdf2'", j => j["kdf"]!["name"] = "pbkdf2");
        Refused("by 'aes'", j => j["cipher"]!["name"] = "aes");
        Refused("salt has 0 bytes", j => j["kdf"]!["salt"] = string.Empty);
        Refused("nonce has 3 bytes", j => j["cipher"]!["nonce"] = "AAAA");
        Refused("lacks the key ciphertext", j => j.AsObject().Remove("ciphertext"));
    }

    [Theory]
    [InlineData("", "has no PEM block")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "is 'PRIVATE KEY'")]
    [InlineData("-----BEGIN ENCRYPTED COSIGN PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED COSIGN PRIVATE KEY-----\n", "is not JSON")]
    public void What_is_no_key_file_says_so(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => SigningKeyFile.Open(text, [])).Message, StringComparison.Ordinal);

    private static byte[] Flip(byte[] bytes)
    {
        bytes[^1] ^= 1;
        return bytes;
    }

    private static string Change(string file, Action<JsonNode> change)
    {
        var block = PemBlock.ReadFirst(file, out _)!;
        var json = JsonNode.Parse(block.Content)!;
        change(json);
        return (block with { Content = Encoding.UTF8.GetBytes(json.ToJsonString()) }).Write();
    }
}
