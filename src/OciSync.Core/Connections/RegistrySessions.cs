using System.Collections.Concurrent;
using OciSync.Core.Auth;
using OciSync.Core.References;

namespace OciSync.Core.Connections;

/// <summary>The logins and connection settings a user made; one object per session (runspace), safe for several threads.</summary>
public sealed class RegistrySessions
{
    private readonly ConcurrentDictionary<string, RegistrySession> _sessions = new(StringComparer.Ordinal);

    /// <summary>The registries known to this session, sorted; a login for a namespace has its name with it.</summary>
    public IReadOnlyList<string> Registries =>
        _sessions.Keys.Union(Logins.Keys, StringComparer.Ordinal).OrderBy(k => k, StringComparer.Ordinal).ToList();

    /// <summary>The logins, by registry or by registry and namespace.</summary>
    internal SessionLogins Logins { get; } = new();

    /// <summary>Remembers how to reach a registry and who to be there (null: as before, from files or anonymous).</summary>
    public void Set(string registry, ConnectionSettings settings, RegistryCredential? credential) =>
        SetSeveral(registry, settings, credential is null ? [] : [credential]);

    /// <summary>
    /// Remembers how to reach a registry and who to be there, or in a namespace of it (<c>host/namespace</c>). Of several logins the next is
    /// used when one is used up.
    /// </summary>
    public void SetSeveral(string key, ConnectionSettings settings, IReadOnlyList<RegistryCredential> credentials)
    {
        var name = AuthKeys.Normalize(key);
        _sessions[HostOf(name)] = new RegistrySession(settings);
        if (credentials.Count == 0)
        {
            Logins.Remove(name);
            return;
        }

        Logins.Set(name, new SessionLogin(new LoginRing(credentials)));
    }

    /// <summary>Forgets a registry, or the login of a namespace; false when it wasn't known.</summary>
    public bool Remove(string key)
    {
        var name = AuthKeys.Normalize(key);
        var hadLogin = Logins.Remove(name);
        return name == HostOf(name) ? _sessions.TryRemove(name, out _) || hadLogin : hadLogin;
    }

    /// <summary>How a registry is reached, when that was said.</summary>
    internal RegistrySession? Find(string registry) => _sessions.TryGetValue(RegistryHost.Normalize(registry), out var session) ? session : null;

    private static string HostOf(string key) => key.Split('/')[0];
}
