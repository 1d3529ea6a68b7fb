using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;

namespace OciSync.Core.Signing.Cryptography;

/// <summary>Whether bytes were signed by a key.</summary>
internal static class SignatureCheck
{
    // The longest pair of numbers that is no DER: twice the length of P-521.
    private const int LongestPair = 132;

    /// <summary>
    /// Whether a signature as sigstore makes them is the key's: SHA-256 whatever the curve is, PKCS#1 v1.5 with RSA. ECDSA's is DER, or two numbers
    /// of one length (IEEE P1363), which skopeo and cosign take as well.
    /// </summary>
    internal static bool IsBy(this PublicKey key, byte[] message, byte[] signature) => key.Parameters switch
    {
        ECPublicKeyParameters ec => ReadNumbers(ec, signature) is { } numbers && IsBy(ec, Hash(new Sha256Digest(), message), numbers),
        RsaKeyParameters rsa => Verify(new RsaDigestSigner(new Sha256Digest()), rsa, message, signature),
        _ => Verify(new Ed25519Signer(), key.Parameters, message, signature),
    };

    /// <summary>The same for logs, whose ECDSA signatures are DER alone.</summary>
    internal static bool IsByLog(this PublicKey key, byte[] message, byte[] signature) =>
        key.Parameters is not ECPublicKeyParameters ec ? key.IsBy(message, signature)
            : ReadDer(ec, signature) is { } numbers && IsBy(ec, Hash(new Sha256Digest(), message), numbers);

    /// <summary>
    /// The same for envelopes: signers of P-384 and P-521 take SHA-256, or the hash that belongs to the curve, by their program and its version.
    /// </summary>
    internal static bool IsByEither(this PublicKey key, byte[] message, byte[] signature) => key.IsBy(message, signature)
        || (key.Parameters is ECPublicKeyParameters { Parameters.N.BitLength: > 256 } ec && ReadDer(ec, signature) is { } numbers
            && IsBy(ec, Hash(ec.Parameters.N.BitLength > 384 ? new Sha512Digest() : new Sha384Digest(), message), numbers));

    internal static byte[] Sha256(byte[] message) => Hash(new Sha256Digest(), message);

    internal static byte[] Hash(IDigest digest, byte[] message)
    {
        digest.BlockUpdate(message, 0, message.Length);
        var hash = new byte[digest.GetDigestSize()];
        digest.DoFinal(hash, 0);
        return hash;
    }

    private static bool Verify(ISigner signer, AsymmetricKeyParameter key, byte[] message, byte[] signature)
    {
        signer.Init(forSigning: false, key);
        signer.BlockUpdate(message, 0, message.Length);
        return signer.VerifySignature(signature);
    }

    private static bool IsBy(ECPublicKeyParameters key, byte[] hash, BigInteger[] numbers)
    {
        var signer = new ECDsaSigner();
        signer.Init(forSigning: false, key);
        return signer.VerifySignature(hash, numbers[0], numbers[1]);
    }

    // A spoilt DER, too, is read as two halves then, which verify nothing.
    private static BigInteger[]? ReadNumbers(ECPublicKeyParameters key, byte[] signature)
    {
        if (ReadDer(key, signature) is { } numbers)
        {
            return numbers;
        }

        if (signature.Length is 0 or > LongestPair || signature.Length % 2 != 0)
        {
            return null;
        }

        var half = signature.Length / 2;
        return [new BigInteger(1, signature, 0, half), new BigInteger(1, signature, half, half)];
    }

    private static BigInteger[]? ReadDer(ECPublicKeyParameters key, byte[] signature)
    {
        try
        {
            return Der.Read(signature, "a signature", _ => StandardDsaEncoding.Instance.Decode(key.Parameters.N, signature));
        }
        catch (FormatException)
        {
            // It may be the other form, or none.
            return null;
        }
    }
}
