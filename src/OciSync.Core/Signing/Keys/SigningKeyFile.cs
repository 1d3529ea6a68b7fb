using System.Text;
using System.Text.Json;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Text;

namespace OciSync.Core.Signing.Keys;

/// <summary>
/// The key file of cosign and skopeo: PEM around JSON, with a PKCS#8 key that is encrypted under a passphrase (an empty one is allowed).
/// </summary>
internal static class SigningKeyFile
{
    /// <summary>Longer files are none.</summary>
    internal const int MaxLength = 64 * 1024;

    private const string Place = "the key file";
    private const string Kdf = "scrypt";
    private const string Cipher = "nacl/secretbox";
    private const string NewLabel = "ENCRYPTED SIGSTORE PRIVATE KEY";
    private const int Rounds = 65_536;
    private const int BlockSize = 8;
    private const int Lanes = 1;

    private static readonly string[] Labels = [NewLabel, "ENCRYPTED COSIGN PRIVATE KEY"];

    // What the library of cosign and skopeo takes; more would be memory at the wish of whoever wrote the file.
    private static readonly long[] KnownRounds = [32_768, Rounds, 131_072];

    /// <summary>Opens a key file.</summary>
    /// <param name="text">The content of the file.</param>
    /// <param name="passphrase">The passphrase, UTF-8; empty for none.</param>
    /// <exception cref="FormatException">It is no such file; the text is a sentence without its end.</exception>
    /// <exception cref="PassphraseException">The passphrase is another one.</exception>
    internal static PrivateKey Open(string text, byte[] passphrase)
    {
        var block = text.Length > MaxLength ? throw new FormatException($"it is longer than {MaxLength} characters") : PemBlock.ReadFirst(text, out _);
        return block is null ? throw new FormatException("it has no PEM block (-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----)")
            : !Labels.Contains(block.Label)
                ? throw new FormatException($"its PEM block is '{Printable.Text(block.Label)}', and not '{NewLabel}', as cosign and skopeo make it")
            : PrivateKey.Read(StrictJson.Read(block.Content, Place, root => Decrypt(root, passphrase)));
    }

    /// <summary>The content of a key file.</summary>
    /// <param name="key">The key.</param>
    /// <param name="passphrase">The passphrase, UTF-8; empty for none.</param>
    internal static string Write(PrivateKey key, byte[] passphrase)
    {
        var (salt, nonce) = (SecretBox.Random(SecretBox.SaltLength), SecretBox.Random(SecretBox.NonceLength));
        var secret = SecretBox.DeriveKey(passphrase, salt, Rounds, BlockSize, Lanes);
        var json = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["kdf"] = new Dictionary<string, object>
            {
                ["name"] = Kdf,
                ["params"] = new Dictionary<string, object> { ["N"] = Rounds, ["r"] = BlockSize, ["p"] = Lanes },
                ["salt"] = Convert.ToBase64String(salt),
            },
            ["cipher"] = new Dictionary<string, object> { ["name"] = Cipher, ["nonce"] = Convert.ToBase64String(nonce) },
            ["ciphertext"] = Convert.ToBase64String(SecretBox.Seal(key.Write(), nonce, secret)),
        });
        return new PemBlock(NewLabel, Encoding.UTF8.GetBytes(json)).Write();
    }

    private static byte[] Decrypt(JsonElement root, byte[] passphrase)
    {
        var file = StrictJson.Members(root, Place);
        var kdf = StrictJson.Members(file.Need("kdf", Place), "kdf");
        var numbers = StrictJson.Members(kdf.Need("params", "kdf"), "params");
        var cipher = StrictJson.Members(file.Need("cipher", Place), "cipher");
        Require(kdf, Kdf);
        Require(cipher, Cipher);
        var rounds = Whole(numbers, "N");
        if (!KnownRounds.Contains(rounds) || Whole(numbers, "r") != BlockSize || Whole(numbers, "p") != Lanes)
        {
            throw new FormatException($"it wants scrypt with N={rounds}, r={Whole(numbers, "r")}, p={Whole(numbers, "p")}, which no tool writes");
        }

        var salt = Bytes(kdf, "salt", SecretBox.SaltLength);
        var nonce = Bytes(cipher, "nonce", SecretBox.NonceLength);
        var content = StrictJson.Bytes(file.Need("ciphertext", Place), "ciphertext");
        return SecretBox.Open(content, nonce, SecretBox.DeriveKey(passphrase, salt, (int)rounds, BlockSize, Lanes)) ?? throw new PassphraseException();
    }

    private static void Require(Dictionary<string, JsonElement> members, string wanted)
    {
        if (StrictJson.Text(members.Need("name", Place), "name") is var name && name != wanted)
        {
            throw new FormatException($"it is encrypted by '{Printable.Text(name)}', and not by {wanted}");
        }
    }

    private static long Whole(Dictionary<string, JsonElement> members, string name) =>
        members.Need(name, "params") is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number)
            ? number : throw new FormatException($"{name} is no whole number");

    private static byte[] Bytes(Dictionary<string, JsonElement> members, string name, int length) =>
        StrictJson.Bytes(members.Need(name, Place), name) is var bytes && bytes.Length == length
            ? bytes : throw new FormatException($"{name} has {bytes.Length} bytes, and not {length}");
}
