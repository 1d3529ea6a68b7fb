using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OciSync.Core.Tests.Signing.Sigstore;

/// <summary>An authority of a test, and the certificates that it gives out, right or wrong.</summary>
internal sealed class TestAuthority
{
    internal const string CodeSigning = "1.3.6.1.5.5.7.3.3";

    private static int _serial = 1000;

    private readonly X500DistinguishedName _name;

    private TestAuthority(string name, ECDsa key, X509Certificate2 certificate)
    {
        _name = new X500DistinguishedName(name);
        Key = key;
        Certificate = certificate;
    }

    internal ECDsa Key { get; }

    internal X509Certificate2 Certificate { get; }

    internal string Pem => Certificate.ExportCertificatePem() + "\n";

    /// <summary>Its own authority.</summary>
    internal static TestAuthority Root(string name = "CN=Root of a test", TestCertificate? certificate = null)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var full = new X500DistinguishedName(name);
        return new TestAuthority(name, key, Issue(full, key, full, key, certificate ?? TestCertificate.Authority));
    }

    /// <summary>An authority below this one.</summary>
    internal TestAuthority Below(string name, TestCertificate? certificate = null)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new TestAuthority(name, key, Issue(new X500DistinguishedName(name), key, _name, Key, certificate ?? TestCertificate.Authority));
    }

    /// <summary>The certificate of somebody's key.</summary>
    internal X509Certificate2 Certify(AsymmetricAlgorithm key, TestCertificate certificate, string name = "", int? serial = null) =>
        Issue(new X500DistinguishedName(name), key, _name, Key, certificate, serial);

    /// <summary>A number that no other certificate has.</summary>
    internal static int NextSerial() => Interlocked.Increment(ref _serial);

    private static X509Certificate2 Issue(
        X500DistinguishedName name, AsymmetricAlgorithm key, X500DistinguishedName issuer, ECDsa issuerKey, TestCertificate wanted,
        int? serial = null)
    {
        var request = key is RSA rsa
            ? new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(name, (ECDsa)key, HashAlgorithmName.SHA256);
        foreach (var extension in wanted.Extensions)
        {
            request.CertificateExtensions.Add(extension);
        }

        var generator = wanted.Hash == HashAlgorithmName.SHA1 ? new BrokenHash(issuerKey) : X509SignatureGenerator.CreateForECDsa(issuerKey);
        return request.Create(issuer, generator, wanted.From, wanted.To, BitConverter.GetBytes(serial ?? NextSerial()));
    }

    // The platform makes no certificate with SHA-1 by itself.
    private sealed class BrokenHash(ECDsa key) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) =>
            [0x30, 0x09, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01];

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) =>
            key.SignData(data, HashAlgorithmName.SHA1, DSASignatureFormat.Rfc3279DerSequence);

        protected override PublicKey BuildPublicKey() => CreateForECDsa(key).PublicKey;
    }
}
