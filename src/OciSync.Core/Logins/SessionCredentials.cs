using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;

namespace OciSync.Core.Logins;

/// <summary>Credentials of Connect-OciRegistry, for a registry or for a namespace of it.</summary>
internal sealed class SessionCredentials(RegistrySessions sessions) : ICredentialSource
{
    public Task<FoundCredential?> FindAsync(RegistryAddress address, CancellationToken cancellationToken)
    {
        foreach (var key in AuthKeys.LookupOrder(address.Host, address.Repository))
        {
            if (sessions.Logins.Find(key) is { } login)
            {
                return Task.FromResult<FoundCredential?>(new FoundCredential(login.Ring, RegistrySessions.Place));
            }
        }

        return Task.FromResult<FoundCredential?>(null);
    }
}
