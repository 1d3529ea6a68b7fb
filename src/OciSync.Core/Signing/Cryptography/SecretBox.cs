using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Utilities;

namespace OciSync.Core.Signing.Cryptography;

/// <summary>NaCl's secretbox (XSalsa20 and Poly1305) under a key that scrypt (RFC 7914) makes of a passphrase.</summary>
internal static class SecretBox
{
    internal const int NonceLength = 24;
    internal const int SaltLength = 32;
    internal const int TagLength = 16;
    private const int KeyLength = 32;

    /// <summary>A key of a passphrase. It takes about a second, and 128·N·r bytes of memory: who reads numbers from outside bounds them.</summary>
    internal static byte[] DeriveKey(byte[] passphrase, byte[] salt, int n, int r, int p) => SCrypt.Generate(passphrase, salt, n, r, p, KeyLength);

    /// <summary>Bytes that nobody can guess.</summary>
    internal static byte[] Random(int length) => SecureRandom.GetNextBytes(new SecureRandom(), length);

    /// <summary>Encrypts: the tag, and then as many bytes as there are in the text.</summary>
    internal static byte[] Seal(byte[] text, byte[] nonce, byte[] key)
    {
        var (cipher, mac) = Start(nonce, key);
        var sealedText = new byte[TagLength + text.Length];
        cipher.ProcessBytes(text, 0, text.Length, sealedText, TagLength);
        mac.BlockUpdate(sealedText, TagLength, text.Length);
        mac.DoFinal(sealedText, 0);
        return sealedText;
    }

    /// <summary>Decrypts what was sealed; null where the key is another one, or something was changed. The tag is looked at first.</summary>
    internal static byte[]? Open(byte[] sealedText, byte[] nonce, byte[] key)
    {
        if (sealedText.Length < TagLength)
        {
            return null;
        }

        var (cipher, mac) = Start(nonce, key);
        mac.BlockUpdate(sealedText, TagLength, sealedText.Length - TagLength);
        var tag = new byte[TagLength];
        mac.DoFinal(tag, 0);
        if (!Arrays.FixedTimeEquals(TagLength, tag, 0, sealedText, 0))
        {
            return null;
        }

        var text = new byte[sealedText.Length - TagLength];
        cipher.ProcessBytes(sealedText, TagLength, text.Length, text, 0);
        return text;
    }

    // The first bytes of the stream are the key of the tag; the text goes on behind them.
    private static (XSalsa20Engine Cipher, Poly1305 Mac) Start(byte[] nonce, byte[] key)
    {
        var cipher = new XSalsa20Engine();
        cipher.Init(true, new ParametersWithIV(new KeyParameter(key), nonce));
        var first = new byte[KeyLength];
        cipher.ProcessBytes(first, 0, KeyLength, first, 0);
        var mac = new Poly1305();
        mac.Init(new KeyParameter(first));
        return (cipher, mac);
    }
}
