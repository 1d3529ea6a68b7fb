using System.Collections.Concurrent;
using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.References;

namespace OciSync.Core.Logins;

/// <summary>The logins and connection settings a user made; one object per session (runspace), safe for several threads.</summary>
public sealed class RegistrySessions
{
    /// <summary>How the session is called as a place of logins.</summary>
    public const string Place = "Connect-OciRegistry";

    private readonly ConcurrentDictionary<string, RegistrySession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RegistryQuota> _quotas = new(StringComparer.Ordinal);

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
    /// used when one is used up. Where the login was stored for later, that is kept with it.
    /// </summary>
    public void SetSeveral(string key, ConnectionSettings settings, IReadOnlyList<RegistryCredential> credentials, string? savedIn = null)
    {
        var name = AuthKeys.Normalize(key);
        _sessions[HostOf(name)] = new RegistrySession(settings);
        if (credentials.Count == 0)
        {
            Logins.Remove(name);
            return;
        }

        Logins.Set(name, new SessionLogin(new LoginRing(credentials)) { SavedIn = savedIn });
    }

    /// <summary>Forgets a registry, or the login of a namespace; false when it wasn't known.</summary>
    public bool Remove(string key)
    {
        var name = AuthKeys.Normalize(key);
        var hadLogin = Logins.Remove(name);
        return name == HostOf(name) ? _sessions.TryRemove(name, out _) || hadLogin : hadLogin;
    }

    /// <summary>The session has a login or settings under this key.</summary>
    public bool IsKnown(string key) => Registries.Contains(AuthKeys.Normalize(key), StringComparer.Ordinal);

    /// <summary>Where the session's login of this key was stored for later, or null.</summary>
    public string? FindSavedPlace(string key) => Logins.Find(AuthKeys.Normalize(key))?.SavedIn;

    /// <summary>The users of the session's login of this key, or null without one.</summary>
    public string? FindUsers(string key) => Logins.Find(AuthKeys.Normalize(key)) is { } login ? string.Join(", ", login.Ring.All) : null;

    /// <summary>How the registry of a key is reached.</summary>
    public ConnectionSettings FindSettings(string key) => Find(HostOf(AuthKeys.Normalize(key)))?.Settings ?? ConnectionSettings.Default;

    /// <summary>What the registry of a key last said of its limit, or null.</summary>
    public RegistryQuota? FindQuota(string key) => _quotas.TryGetValue(HostOf(AuthKeys.Normalize(key)), out var quota) ? quota : null;

    /// <summary>Remembers a limit; gives what was known before.</summary>
    internal RegistryQuota? Remember(string host, RegistryQuota quota)
    {
        var before = FindQuota(host);
        _quotas[host] = quota;
        return before;
    }

    /// <summary>How a registry is reached, when that was said.</summary>
    internal RegistrySession? Find(string registry) => _sessions.TryGetValue(RegistryHost.Normalize(registry), out var session) ? session : null;

    private static string HostOf(string key) => key.Split('/')[0];
}
