using OciSync.Core.Connections;

namespace OciSync.PowerShell.Output;

/// <summary>A registry of this session: who we are there and how it is reached. It holds no secret.</summary>
public sealed class OciRegistryConnection
{
    internal OciRegistryConnection(string registry, string? username, ConnectionSettings settings)
    {
        Registry = registry;
        Username = username;
        PlainHttp = settings.PlainHttp;
        SkipCertificateCheck = settings.SkipCertificateCheck;
        CertificatePath = settings.CertificatePath;
        CertificateDirectory = settings.CertificateDirectory;
        ClientCertificate = settings.ClientCertificateThumbprint ?? settings.ClientCertificatePath;
        Proxy = settings.Proxy?.Address?.GetComponents(UriComponents.SchemeAndServer, UriFormat.Unescaped);
    }

    /// <summary>The registry.</summary>
    public string Registry { get; }

    /// <summary>The user, or null without a login.</summary>
    public string? Username { get; }

    /// <summary>It speaks http.</summary>
    public bool PlainHttp { get; }

    /// <summary>Any certificate is accepted.</summary>
    public bool SkipCertificateCheck { get; }

    /// <summary>The file with further trusted CA certificates.</summary>
    public string? CertificatePath { get; }

    /// <summary>The folder with certificates, in place of certs.d.</summary>
    public string? CertificateDirectory { get; }

    /// <summary>The file or the thumbprint of the client certificate.</summary>
    public string? ClientCertificate { get; }

    /// <summary>The proxy that was given, without its login.</summary>
    public string? Proxy { get; }
}
