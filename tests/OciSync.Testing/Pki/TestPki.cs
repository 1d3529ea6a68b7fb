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

    /// <summary>A server certificate of the authority for another name, or of another time; the caller disposes it.</summary>
    public X509Certificate2 IssueServer(string name, DateTimeOffset? start = null, DateTimeOffset? end = null) =>
        Issue(Authority, "CN=" + name, "1.3.6.1.5.5.7.3.1", names => names.AddDnsName(name), start ?? Start, end ?? End);

    /// <summary>A client certificate of the authority, with its key; the caller disposes it.</summary>
    public X509Certificate2 IssueClient(string name) => Issue(Authority, "CN=" + name, "1.3.6.1.5.5.7.3.2", names => names.AddDnsName(name), Start, End);

    /// <summary>Writes NAME.cert and NAME.key, as certs.d has them.</summary>
    public static void WriteClient(string folder, string name, X509Certificate2 certificate)
    {
        Directory.CreateDirectory(folder);
        WritePair(folder, name, certificate, withKey: true);
        File.Move(Path.Combine(folder, name + ".crt"), Path.Combine(folder, name + ".cert"));
    }

    /// <summary>
    /// Writes what Docker's client looks for, ca.pem, cert.pem and key.pem, and beside them server.pem and server-key.pem for its engine, and
    /// cert.pfx with the client's certificate and key for those who read no PEM keys.
    /// </summary>
    public void WriteDocker(string folder)
    {
        Directory.CreateDirectory(folder);
        using var client = IssueClient("client");
        File.WriteAllText(Path.Combine(folder, "ca.pem"), Authority.ExportCertificatePem() + "\n");
        foreach (var (certificate, name, key) in new[] { (client, "cert.pem", "key.pem"), (ServerCertificate, "server.pem", "server-key.pem") })
        {
            using var secret = certificate.GetRSAPrivateKey() ?? throw new InvalidOperationException($"The certificate for {name} has no key.");
            File.WriteAllText(Path.Combine(folder, name), certificate.ExportCertificatePem() + "\n");
            File.WriteAllText(Path.Combine(folder, key), secret.ExportPkcs8PrivateKeyPem() + "\n");
        }

        File.WriteAllBytes(Path.Combine(folder, "cert.pfx"), client.Export(X509ContentType.Pfx));
    }

    private static X509Certificate2 MakeAuthority()
    {
        using var key = RSA.Create(2048);
        var request = Request("CN=OciSync test CA", key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(Start.AddYears(-1), End.AddYears(1));
    }

    private static X509Certificate2 MakeServer(X509Certificate2 authority) => Issue(
        authority,
        "CN=localhost",
        "1.3.6.1.5.5.7.3.1",
        names =>
        {
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
        },
        Start,
        End);

    private static X509Certificate2 Issue(
        X509Certificate2 authority, string subject, string usage, Action<SubjectAlternativeNameBuilder> name, DateTimeOffset start, DateTimeOffset end)
    {
        using var key = RSA.Create(2048);
        var request = Request(subject, key);
        var names = new SubjectAlternativeNameBuilder();
        name(names);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, false));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        using var certificate = request.Create(authority, start, end, RandomNumberGenerator.GetBytes(8));
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
