using OciSync.Core.Connections;

namespace OciSync.Core.Auth;

/// <summary>Credentials of Connect-OciRegistry.</summary>
internal sealed class SessionCredentials(RegistrySessions sessions) : ICredentialSource
{
    public RegistryCredential? Find(RegistryAddress address) => sessions.Find(address.Host)?.Credential;
}
