using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace OciSync.Core.Signing.Cryptography;

/// <summary>A private key of a kind that signs images, and the public one that belongs to it. Nothing of it is ever shown.</summary>
internal sealed class PrivateKey
{
    private readonly AsymmetricKeyParameter _key;

    private PrivateKey(AsymmetricKeyParameter key)
    {
        _key = key;
        Public = PublicKey.Read(SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(PublicOf(key)).GetDerEncoded());
    }

    /// <summary>What others check its signatures with.</summary>
    internal PublicKey Public { get; }

    /// <summary>A new key: ECDSA on P-256, named by the curve's id, which other tools want.</summary>
    internal static PrivateKey Create()
    {
        var generator = new ECKeyPairGenerator("ECDSA");
        generator.Init(new ECKeyGenerationParameters(SecObjectIdentifiers.SecP256r1, new SecureRandom()));
        return new PrivateKey(generator.GenerateKeyPair().Private);
    }

    /// <summary>Reads PKCS#8 (RFC 5958), not encrypted.</summary>
    /// <exception cref="FormatException">It is none, or of a kind that signs no images.</exception>
    internal static PrivateKey Read(byte[] der) => Der.Read(
        der, "a private key", value => new PrivateKey(PrivateKeyFactory.CreateKey(PrivateKeyInfo.GetInstance(value))));

    /// <summary>The key as PKCS#8.</summary>
    internal byte[] Write() => PrivateKeyInfoFactory.CreatePrivateKeyInfo(_key).GetDerEncoded();

    /// <summary>Signs as sigstore does: SHA-256 whatever the curve is, ECDSA as DER, RSA by PKCS#1 v1.5.</summary>
    internal byte[] Sign(byte[] message)
    {
        ISigner signer = _key switch
        {
            ECPrivateKeyParameters => new DsaDigestSigner(new ECDsaSigner(), new Sha256Digest()),
            RsaKeyParameters => new RsaDigestSigner(new Sha256Digest()),
            _ => new Ed25519Signer(),
        };
        signer.Init(forSigning: true, _key is ECPrivateKeyParameters ? new ParametersWithRandom(_key, new SecureRandom()) : _key);
        signer.BlockUpdate(message, 0, message.Length);
        return signer.GenerateSignature();
    }

    private static AsymmetricKeyParameter PublicOf(AsymmetricKeyParameter key) => key switch
    {
        ECPrivateKeyParameters { PublicKeyParamSet: { } curve } ec =>
            new ECPublicKeyParameters("ECDSA", ec.Parameters.G.Multiply(ec.D).Normalize(), curve),
        RsaPrivateCrtKeyParameters rsa => new RsaKeyParameters(false, rsa.Modulus, rsa.PublicExponent),
        Ed25519PrivateKeyParameters ed => ed.GeneratePublicKey(),
        _ => throw new FormatException("its kind is not supported: ECDSA on P-256, P-384 or P-521, RSA and Ed25519 are"),
    };
}
