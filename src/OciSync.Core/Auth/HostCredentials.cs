using OciSync.Core.Connections;

namespace OciSync.Core.Auth;

/// <summary>Credentials given to a cmdlet for one host each.</summary>
internal sealed class HostCredentials(IReadOnlyDictionary<string, RegistryCredential> byHost) : ICredentialSource
{
    public RegistryCredential? Find(RegistryAddress address) => byHost.TryGetValue(address.Host, out var credential) ? credential : null;
}
