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
}
