using OciSync.Core.AuthFiles;

namespace OciSync.Core.Requests;

/// <summary>What a sync file says about reaching one registry.</summary>
public sealed class SyncRegistry
{
    internal SyncRegistry(string registry) => Registry = registry;

    /// <summary>The registry.</summary>
    public string Registry { get; }

    /// <summary>The part of the registry its logins are for: a path, or empty for all of it. How it is reached holds for the registry.</summary>
    public string Namespace { get; internal init; } = string.Empty;

    /// <summary>False: certificates are not checked, and http will do. Null where the file doesn't say.</summary>
    public bool? TlsVerify { get; internal init; }

    /// <summary>A folder with CA certificates and client certificates, or null.</summary>
    public string? CertificateDirectory { get; internal init; }

    /// <summary>The logins; of several the next is used when the quota of one is used up.</summary>
    internal IReadOnlyList<RegistryCredential> Credentials { get; init; } = [];

    internal RegistryCredential? Credential
    {
        get => Credentials.Count == 0 ? null : Credentials[0];
        init => Credentials = value is null ? [] : [value];
    }
}
