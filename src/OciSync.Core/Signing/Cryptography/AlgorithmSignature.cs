using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;

namespace OciSync.Core.Signing.Cryptography;

/// <summary>Signatures whose algorithm stands beside them (RFC 7518, 3.4 and 3.5; RFC 9053, 2.1; RFC 8230): RSA-PSS, and ECDSA as two numbers.</summary>
internal static class AlgorithmSignature
{
    /// <summary>Whether a key may be used by an algorithm: each goes with one size of key alone (Notary Project, "Signature Algorithm Requirements").</summary>
    internal static bool Suits(string algorithm, PublicKey key) => (algorithm, key.Kind) is
        ("PS256", "RSA 2048") or ("PS384", "RSA 3072") or ("PS512", "RSA 4096")
        or ("ES256", "ECDSA P-256") or ("ES384", "ECDSA P-384") or ("ES512", "ECDSA P-521");

    /// <summary>Whether bytes were signed by a key that suits the algorithm.</summary>
    internal static bool IsBy(string algorithm, PublicKey key, byte[] message, byte[] signature)
    {
        if (!Suits(algorithm, key))
        {
            return false;
        }

        IDigest digest = algorithm.EndsWith("256", StringComparison.Ordinal) ? new Sha256Digest()
            : algorithm.EndsWith("384", StringComparison.Ordinal) ? new Sha384Digest() : new Sha512Digest();
        return key.Parameters is ECPublicKeyParameters ec ? IsByCurve(ec, digest, message, signature) : IsByPss(key, digest, message, signature);
    }

    private static bool IsByCurve(ECPublicKeyParameters key, IDigest digest, byte[] message, byte[] signature)
    {
        var half = (key.Parameters.N.BitLength + 7) / 8;
        if (signature.Length != 2 * half)
        {
            return false;
        }

        var signer = new ECDsaSigner();
        signer.Init(false, key);
        return signer.VerifySignature(
            SignatureCheck.Hash(digest, message), new BigInteger(1, signature, 0, half), new BigInteger(1, signature, half, half));
    }

    private static bool IsByPss(PublicKey key, IDigest digest, byte[] message, byte[] signature)
    {
        try
        {
            var signer = new PssSigner(new RsaEngine(), digest, digest.GetDigestSize());
            signer.Init(false, key.Parameters);
            signer.BlockUpdate(message, 0, message.Length);
            return signer.VerifySignature(signature);
        }
        catch (CryptoException)
        {
            // So the library says that a signature is shorter, or a larger number, than one by this key can be.
            return false;
        }
    }
}
