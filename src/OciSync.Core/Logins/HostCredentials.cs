using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;

namespace OciSync.Core.Logins;

/// <summary>Logins for a host each, or for a namespace of it, given to a cmdlet or in a sync file.</summary>
internal sealed class HostCredentials(IReadOnlyDictionary<string, LoginRing> byHost, string place = "given to the command") : ICredentialSource
{
    private readonly Dictionary<string, FoundCredential> _byHost =
        byHost.ToDictionary(h => h.Key, h => new FoundCredential(h.Value, place), StringComparer.Ordinal);

    public Task<FoundCredential?> FindAsync(RegistryAddress address, CancellationToken cancellationToken) =>
        Task.FromResult(AuthKeys.LookupOrder(address.Host, address.Repository).Select(key => _byHost.TryGetValue(key, out var found) ? found : null)
            .FirstOrDefault(found => found is not null));
}
