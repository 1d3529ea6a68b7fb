using OciSync.Core.Connections;

namespace OciSync.Core.Auth;

/// <summary>Credentials given to a cmdlet for one host each.</summary>
internal sealed class HostCredentials(IReadOnlyDictionary<string, RegistryCredential> byHost) : ICredentialSource
{
    private readonly Dictionary<string, FoundCredential> _byHost =
        byHost.ToDictionary(h => h.Key, h => new FoundCredential(h.Value, "given to the command"), StringComparer.Ordinal);

    public Task<FoundCredential?> FindAsync(RegistryAddress address, CancellationToken cancellationToken) =>
        Task.FromResult(_byHost.TryGetValue(address.Host, out var found) ? found : null);
}
