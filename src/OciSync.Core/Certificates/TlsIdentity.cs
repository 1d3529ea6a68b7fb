using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OciSync.Core.Connections;
using OciSync.Core.Machine;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Certificates;

/// <summary>What a registry's TLS needs of us: further authorities that are trusted, and our own certificate.</summary>
internal sealed class TlsIdentity
{
    private TlsIdentity(X509Certificate2Collection authorities, X509Certificate2? client)
    {
        Authorities = authorities;
        Client = client;
    }

    internal X509Certificate2Collection Authorities { get; }

    internal X509Certificate2? Client { get; }

    internal static TlsIdentity Of(X509Certificate2Collection authorities, X509Certificate2? client) => new(authorities, client);

    internal static TlsIdentity Load(string host, ConnectionSettings settings, MachinePlaces places)
    {
        var folder = CertificateDirectory.Find(host, settings.CertificateDirectory, places);
        var authorities = new X509Certificate2Collection();
        foreach (var path in folder.Authorities.Concat(settings.CertificatePath is { } named ? [named] : []))
        {
            authorities.AddRange(CertificateFile.Read(path));
        }

        return new TlsIdentity(authorities, FindClient(settings, folder));
    }

    private static X509Certificate2? FindClient(ConnectionSettings settings, CertificateDirectory folder)
    {
        if (settings.ClientCertificateThumbprint is { } thumbprint)
        {
            return CertificateStore.Find(thumbprint);
        }

        if (settings.ClientCertificatePath is { } path)
        {
            return CertificateFile.IsPem(path) ? ReadPair(path, settings.ClientKeyPath ?? path) : ReadPfx(path, settings);
        }

        return folder.Client is { } pair ? ReadPair(pair.Certificate, pair.Key) : null;
    }

    private static X509Certificate2 ReadPair(string certificate, string key)
    {
        try
        {
            return PemPair.Read(certificate, key);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException
            or PlatformNotSupportedException)
        {
            throw CertificateDirectory.Fault($"The client certificate '{certificate}' with the key '{key}' can't be used: {e.Message}", e);
        }
    }

    private static X509Certificate2 ReadPfx(string path, ConnectionSettings settings)
    {
        try
        {
            var certificate = new X509Certificate2(path, settings.ClientCertificatePassword, X509KeyStorageFlags.DefaultKeySet);
            return certificate.HasPrivateKey ? certificate : throw new CryptographicException("it holds no private key");
        }
        catch (CryptographicException e)
        {
            var hint = settings.ClientCertificatePassword is null ? "If it has a password, give -ClientCertificatePassword." : "Check its password.";
            throw CertificateDirectory.Fault($"The client certificate '{path}' can't be used: {e.Message.TrimEnd('.')}. {hint}", e);
        }
    }
}
