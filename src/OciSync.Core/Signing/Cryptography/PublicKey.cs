using System.Text;
using OciSync.Core.References;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.EdEC;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace OciSync.Core.Signing.Cryptography;

/// <summary>A public key of a kind that signs images: ECDSA on P-256, P-384 or P-521, RSA, Ed25519.</summary>
internal sealed class PublicKey
{
    // As Go's library and its users have it: shorter ones are broken, longer ones only cost time.
    private const int LeastRsaBits = 1024;
    private const int MostRsaBits = 8192;

    private PublicKey(AsymmetricKeyParameter parameters, byte[] der)
    {
        Parameters = parameters;
        Bytes = der;
    }

    /// <summary>The key as <c>SubjectPublicKeyInfo</c> (RFC 5280, 4.1).</summary>
    internal byte[] Bytes { get; }

    /// <summary>The kind, as users know it: <c>ECDSA P-256</c>.</summary>
    internal string Kind => Parameters switch
    {
        ECPublicKeyParameters ec => $"ECDSA P-{ec.Parameters.N.BitLength}",
        RsaKeyParameters rsa => $"RSA {rsa.Modulus.BitLength}",
        _ => "Ed25519",
    };

    /// <summary>SHA-256 over the key: by it cosign's bundles name one.</summary>
    internal Digest Fingerprint => Digest.Of(Bytes);

    internal bool IsEcdsa => Parameters is ECPublicKeyParameters;

    internal AsymmetricKeyParameter Parameters { get; }

    /// <summary>Reads a PEM text; only its first block counts.</summary>
    /// <exception cref="FormatException">It has no public key of these kinds.</exception>
    internal static PublicKey ReadPem(byte[] text) => PemBlock.ReadFirst(Encoding.UTF8.GetString(text), out _) switch
    {
        null => throw new FormatException("it has no PEM block (-----BEGIN PUBLIC KEY-----)"),
        { Label: "PUBLIC KEY" } block => Read(block.Content),
        { Label: "RSA PUBLIC KEY" } block => Read(OfRsa(block.Content)),
        { } block => throw new FormatException($"its PEM block is '{Core.Text.Printable.Text(block.Label)}', and not 'PUBLIC KEY'"),
    };

    /// <summary>Reads the DER of a <c>SubjectPublicKeyInfo</c>.</summary>
    /// <exception cref="FormatException">It is no public key of these kinds.</exception>
    internal static PublicKey Read(byte[] der) => Der.Read(der, "a public key", value => Of(SubjectPublicKeyInfo.GetInstance(value)));

    internal static PublicKey Of(SubjectPublicKeyInfo info)
    {
        var algorithm = info.Algorithm;
        var isKnown = algorithm.Algorithm.Equals(PkcsObjectIdentifiers.RsaEncryption)
            || algorithm.Algorithm.Equals(EdECObjectIdentifiers.id_Ed25519)
            || (algorithm.Algorithm.Equals(X9ObjectIdentifiers.IdECPublicKey) && IsKnownCurve(algorithm.Parameters));
        if (!isKnown)
        {
            throw new FormatException("its kind is not supported: ECDSA on P-256, P-384 or P-521, RSA and Ed25519 are");
        }

        var parameters = PublicKeyFactory.CreateKey(info);
        return parameters is RsaKeyParameters { Modulus.BitLength: < LeastRsaBits or > MostRsaBits } rsa
            ? throw new FormatException($"an RSA key of {rsa.Modulus.BitLength} bits is not supported")
            : new PublicKey(parameters, info.GetDerEncoded());
    }

    // Parameters that are written out could be those of another curve with the same key on it.
    private static bool IsKnownCurve(Asn1Encodable? parameters) => parameters is DerObjectIdentifier curve
        && (curve.Equals(SecObjectIdentifiers.SecP256r1) || curve.Equals(SecObjectIdentifiers.SecP384r1) || curve.Equals(SecObjectIdentifiers.SecP521r1));

    private static byte[] OfRsa(byte[] der) => Der.Read(der, "an RSA key", value => new SubjectPublicKeyInfo(
        new AlgorithmIdentifier(PkcsObjectIdentifiers.RsaEncryption, DerNull.Instance), RsaPublicKeyStructure.GetInstance(value)).GetDerEncoded());
}
