using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using OciSync.Core.Tests.Signing.Sigstore;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tsp;
using Org.BouncyCastle.X509;

namespace OciSync.Core.Tests.Signing.Bundles;

/// <summary>A timestamp authority of the tests (RFC 3161).</summary>
internal sealed class TestTimestamp
{
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly TestAuthority _root = TestAuthority.Root("CN=Root of time");
    private readonly X509Certificate2 _certificate;

    internal TestTimestamp()
    {
        var usage = new X509EnhancedKeyUsageExtension([new Oid(TimeStamping)], critical: true);
        _certificate = _root.Certify(_key, new TestCertificate { Extensions = [usage] }, "CN=Time");
    }

    /// <summary>As it stands in a trusted root.</summary>
    internal JsonObject Trusted => TestTrustedRoot.Authority([_root], _certificate.RawData);

    /// <summary>Says that bytes were there.</summary>
    internal byte[] Stamp(byte[] content, DateTimeOffset time)
    {
        var request = new TimeStampRequestGenerator().Generate(TspAlgorithms.Sha256, SHA256.HashData(content));
        var tokens = new TimeStampTokenGenerator(
            PrivateKeyFactory.CreateKey(_key.ExportPkcs8PrivateKey()),
            new X509CertificateParser().ReadCertificate(_certificate.RawData),
            TspAlgorithms.Sha256,
            "1.2.3.4");
        return new TimeStampResponseGenerator(tokens, TspAlgorithms.Allowed).Generate(request, BigInteger.One, time.UtcDateTime).GetEncoded();
    }

    /// <summary>Puts a timestamp of its signature into a bundle.</summary>
    internal void Add(JsonObject bundle, DateTimeOffset time)
    {
        var signature = Convert.FromBase64String(bundle["dsseEnvelope"]!["signatures"]![0]!["sig"]!.GetValue<string>());
        AddToken(bundle, Stamp(signature, time));
    }

    /// <summary>Puts any timestamp into a bundle.</summary>
    internal static void AddToken(JsonObject bundle, byte[] token) => bundle["verificationMaterial"]!["timestampVerificationData"] = new JsonObject
    {
        ["rfc3161Timestamps"] = new JsonArray(new JsonObject { ["signedTimestamp"] = Convert.ToBase64String(token) }),
    };
}
