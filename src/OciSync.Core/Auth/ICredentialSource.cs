using OciSync.Core.Connections;

namespace OciSync.Core.Auth;

/// <summary>A place where credentials are found.</summary>
internal interface ICredentialSource
{
    /// <summary>The credential for a registry host and repository, or null when this place has none.</summary>
    RegistryCredential? Find(RegistryAddress address);
}
