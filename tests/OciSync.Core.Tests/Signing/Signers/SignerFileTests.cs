using System.Text;
using System.Text.Json.Nodes;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Keys;
using OciSync.Core.Signing.Signers;
using OciSync.Testing;

namespace OciSync.Core.Tests.Signing.Signers;

/// <summary>Files of keys that sign, and what is said of those that can't.</summary>
public sealed class SignerFileTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly PrivateKey _key = PrivateKey.Create();

    [Fact]
    public void A_key_file_opens_by_its_passphrase_and_is_named_by_its_fingerprint()
    {
        var signer = Open(SigningKeyFile.Write(_key, "pä"u8.ToArray()), "pä");
        Assert.Equal(($"{_key.Public.Fingerprint} (ECDSA P-256)", SignatureFormat.Attachment), (signer.Name, signer.Format));
        Assert.Equal(signer.Name, signer.ToString());
        Assert.Equal(SignatureFormat.Bundle, signer.With(SignatureFormat.Bundle).Format);
        Assert.Equal(signer.Name, Open(SigningKeyFile.Write(_key, []), null).Name);
    }

    [Fact]
    public void A_passphrase_that_is_none_or_another_is_told()
    {
        var text = SigningKeyFile.Write(_key, "right"u8.ToArray());
        AssertFailure(OciErrorKind.PassphraseWrong, "The passphrase does not open", () => Open(text, "wr0ng-one"), "wr0ng-one");
        AssertFailure(OciErrorKind.PassphraseWrong, "none was given. Give its passphrase with -Passphrase", () => Open(text, null));
    }

    [Theory]
    [InlineData(1_073_741_824, 8, 1)]
    [InlineData(65_536, 1_000_000, 1)]
    [InlineData(65_536, 8, 1_000_000)]
    [InlineData(-1, 8, 1)]
    public void Numbers_for_scrypt_that_no_tool_writes_are_refused_before_it_runs(int rounds, int block, int lanes)
    {
        var pem = PemBlock.ReadFirst(SigningKeyFile.Write(_key, []), out _)!;
        var json = JsonNode.Parse(pem.Content)!;
        json["kdf"]!["params"] = new JsonObject { ["N"] = rounds, ["r"] = block, ["p"] = lanes };
        var text = new PemBlock(pem.Label, Encoding.UTF8.GetBytes(json.ToJsonString())).Write();
        AssertFailure(OciErrorKind.SigningKeyInvalid, $"it wants scrypt with N={rounds}, r={block}, p={lanes}, which no tool writes", () => Open(text, "x"));
    }

    [Theory]
    [InlineData("", "it has no PEM block")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "its PEM block is 'PUBLIC KEY'")]
    [InlineData("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n", "secret key of OpenPGP")]
    public void What_is_no_key_is_told(string text, string reason) => AssertFailure(OciErrorKind.SigningKeyInvalid, reason, () => Open(text, "x"));

    [Fact]
    public void A_file_that_is_missing_or_too_large_is_told()
    {
        Assert.Throws<FileNotFoundException>(() => OciSigner.Open(_folder["none"], null, new EngineOptions()));
        AssertFailure(OciErrorKind.SigningKeyInvalid, "longer than 1024 KiB", () => Open(new string('x', 1024 * 1024 + 1), "x"));
    }

    [Fact]
    public void A_format_wants_a_key_that_can_make_it()
    {
        var signer = new SigstoreSigner(_key);
        AssertFailure(OciErrorKind.ChoiceInvalid, "makes no signature of the format OpenPgp", () => SigningOptions.Of([signer], SignatureFormat.OpenPgp, null));
        AssertFailure(OciErrorKind.ReferenceInvalid, "can't be the name that is signed", () => SigningOptions.Of([signer], null, "A b"));
        AssertFailure(
            OciErrorKind.ReferenceInvalid, "a tag and a digest", () => SigningOptions.Of([signer], null, "a/b:1@sha256:" + new string('0', 64)));
    }

    public void Dispose() => _folder.Dispose();

    private OciSigner Open(string text, string? passphrase)
    {
        File.WriteAllText(_folder["a.key"], text);
        return OciSigner.Open(_folder["a.key"], passphrase, new EngineOptions());
    }

    private static void AssertFailure(OciErrorKind kind, string message, Action action, string secret = "\0")
    {
        var failure = Assert.Throws<OciException>(action);
        Assert.Equal(kind, failure.Kind);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, failure.ToString(), StringComparison.Ordinal);
    }
}
