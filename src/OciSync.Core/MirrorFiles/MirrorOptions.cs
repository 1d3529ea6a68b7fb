using OciSync.Core.AuthFiles;

namespace OciSync.Core.MirrorFiles;

/// <summary>How machines are to use the mirror.</summary>
public sealed record MirrorOptions
{
    /// <summary>What the mirror lacks is not asked of its own registry.</summary>
    public bool NoFallback { get; init; }

    /// <summary>Where machines reach the mirror, when it isn't where images are pushed to; null for the host of the routes.</summary>
    public MirrorHost? Address { get; init; }

    /// <summary>Whether a registry speaks http, by its name.</summary>
    public Func<string, bool> IsPlainHttp { get; init; } = static _ => false;

    /// <summary>The file of the mirror's CA on the machines, or null.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>The mirror's login, or null for none.</summary>
    public RegistryCredential? Credential { get; init; }

    /// <summary>The login is written into the file; otherwise the file says where it goes.</summary>
    public bool IncludeSecret { get; init; }
}
