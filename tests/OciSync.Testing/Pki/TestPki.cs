using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OciSync.Testing.Pki;

/// <summary>A certificate authority with a server certificate for localhost and 127.0.0.1, and one that signs tokens.</summary>
public sealed class TestPki : IDisposable
{
    private TestPki(X509Certificate2 authority, X509Certificate2 server, X509Certificate2 token)
    {
        Authority = authority;
        ServerCertificate = server;
        TokenCertificate = token;
    }

    /// <summary>The authority, to be trusted by clients.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>The server's certificate with its key.</summary>
    public X509Certificate2 ServerCertificate { get; }

    /// <summary>The certificate of the token server with its key.</summary>
    public X509Certificate2 TokenCertificate { get; }

    /// <summary>Makes new keys and certificates.</summary>
    public static TestPki Create()
    {
        var authority = MakeAuthority();
        return new TestPki(authority, MakeServer(authority), MakeToken());
    }

    /// <summary>Writes ca.crt, srv.crt, srv.key, token.crt and token.key.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        WritePair(folder, "ca", Authority, withKey: false);
        WritePair(folder, "srv", ServerCertificate, withKey: true);
        WritePair(folder, "token", TokenCertificate, withKey: true);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Authority.Dispose();
        ServerCertificate.Dispose();
        TokenCertificate.Dispose();
    }

    private static X509Certificate2 MakeAuthority()
    {
        using var key = RSA.Create(2048);
        var request = Request("CN=OciSync test CA", key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(Start, End.AddYears(1));
    }

    private static X509Certificate2 MakeServer(X509Certificate2 authority)
    {
        using var key = RSA.Create(2048);
        var request = Request("CN=localhost", key);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, false));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var certificate = request.Create(authority, Start, End, RandomNumberGenerator.GetBytes(8));
        using var withKey = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }

    private static X509Certificate2 MakeToken()
    {
        using var key = RSA.Create(2048);
        var request = Request("CN=ocisync-token", key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Start, End);
    }

    private static DateTimeOffset Start => DateTimeOffset.UtcNow.AddDays(-1);

    private static DateTimeOffset End => DateTimeOffset.UtcNow.AddDays(365);

    private static CertificateRequest Request(string name, RSA key) => new(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private static void WritePair(string folder, string name, X509Certificate2 certificate, bool withKey)
    {
        File.WriteAllText(Path.Combine(folder, name + ".crt"), certificate.ExportCertificatePem() + "\n");
        if (withKey)
        {
            using var key = certificate.GetRSAPrivateKey() ?? throw new InvalidOperationException($"The certificate {name} has no key.");
            File.WriteAllText(Path.Combine(folder, name + ".key"), key.ExportPkcs8PrivateKeyPem() + "\n");
        }
    }
}
