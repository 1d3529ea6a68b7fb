using System.Collections.Concurrent;
using OciSync.Core.Auth;
using OciSync.Core.References;

namespace OciSync.Core.Connections;

/// <summary>The logins and connection settings a user made; one object per session (runspace), safe for several threads.</summary>
public sealed class RegistrySessions
{
    private readonly ConcurrentDictionary<string, RegistrySession> _sessions = new(StringComparer.Ordinal);

    /// <summary>The registries known to this session, sorted.</summary>
    public IReadOnlyList<string> Registries => _sessions.Keys.OrderBy(k => k, StringComparer.Ordinal).ToList();

    /// <summary>Remembers how to reach a registry and who to be there (null: as before, from files or anonymous).</summary>
    public void Set(string registry, ConnectionSettings settings, RegistryCredential? credential) =>
        _sessions[RegistryHost.Normalize(registry)] = new RegistrySession(settings, credential);

    /// <summary>Forgets a registry; false when it wasn't known.</summary>
    public bool Remove(string registry) => _sessions.TryRemove(RegistryHost.Normalize(registry), out _);

    /// <summary>What is known of a registry, or null.</summary>
    internal RegistrySession? Find(string registry) => _sessions.TryGetValue(RegistryHost.Normalize(registry), out var session) ? session : null;
}
