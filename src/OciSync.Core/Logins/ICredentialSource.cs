using OciSync.Core.Connections;

namespace OciSync.Core.Logins;

/// <summary>A place where credentials are found. It is read when it is asked, not before.</summary>
internal interface ICredentialSource
{
    /// <summary>The credential for a registry host and repository, or null when this place has none.</summary>
    Task<FoundCredential?> FindAsync(RegistryAddress address, CancellationToken cancellationToken);
}
