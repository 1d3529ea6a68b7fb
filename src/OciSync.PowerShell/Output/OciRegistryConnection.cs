using OciSync.Core.Connections;

namespace OciSync.PowerShell.Output;

/// <summary>A registry: who we are there, from which place, and how it is reached. It holds no secret.</summary>
public sealed class OciRegistryConnection
{
    internal OciRegistryConnection(string registry, string? username, string source, ConnectionSettings settings, RegistryQuota? quota)
    {
        Registry = registry;
        Username = username;
        Source = source;
        PlainHttp = settings.PlainHttp;
        SkipCertificateCheck = settings.SkipCertificateCheck;
        CertificatePath = settings.CertificatePath;
        RateLimit = quota?.Limit;
        RateRemaining = quota?.Remaining;
        RateReset = quota?.Reset?.LocalDateTime;

        CertificateDirectory = settings.CertificateDirectory;
        ClientCertificate = settings.ClientCertificateThumbprint ?? settings.ClientCertificatePath;
        Proxy = settings.Proxy?.Address?.GetComponents(UriComponents.SchemeAndServer, UriFormat.Unescaped);
    }

    /// <summary>The registry, or registry and namespace.</summary>
    public string Registry { get; }

    /// <summary>The user, or null without a login; several are separated by commas.</summary>
    public string? Username { get; }

    /// <summary>Where this is known from: Connect-OciRegistry, a file, or a credential helper and who names it.</summary>
    public string Source { get; }

    /// <summary>It speaks http.</summary>
    public bool PlainHttp { get; }

    /// <summary>Any certificate is accepted.</summary>
    public bool SkipCertificateCheck { get; }

    /// <summary>The file with further trusted CA certificates.</summary>
    public string? CertificatePath { get; }

    /// <summary>Pulls in a period, where this session has heard of a limit.</summary>
    public long? RateLimit { get; }

    /// <summary>Pulls that are left.</summary>
    public long? RateRemaining { get; }

    /// <summary>When the limit starts anew, where the registry says so.</summary>
    public DateTime? RateReset { get; }

    /// <summary>The folder with certificates, in place of certs.d.</summary>
    public string? CertificateDirectory { get; }

    /// <summary>The file or the thumbprint of the client certificate.</summary>
    public string? ClientCertificate { get; }

    /// <summary>The proxy that was given, without its login.</summary>
    public string? Proxy { get; }
}
