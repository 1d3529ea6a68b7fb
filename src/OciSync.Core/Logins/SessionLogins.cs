using System.Collections.Concurrent;

namespace OciSync.Core.Logins;

/// <summary>The logins of a session by registry, or registry and namespace; safe for several threads.</summary>
internal sealed class SessionLogins
{
    private readonly ConcurrentDictionary<string, SessionLogin> _logins = new(StringComparer.Ordinal);

    internal IReadOnlyList<string> Keys => _logins.Keys.OrderBy(k => k, StringComparer.Ordinal).ToList();

    internal SessionLogin? Find(string key) => _logins.TryGetValue(key, out var login) ? login : null;

    internal void Set(string key, SessionLogin login) => _logins[key] = login;

    internal bool Remove(string key) => _logins.TryRemove(key, out _);
}
