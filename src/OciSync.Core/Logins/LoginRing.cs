using OciSync.Core.AuthFiles;

namespace OciSync.Core.Logins;

/// <summary>The logins of one registry in the order they were given: the next is used when one has used up its quota. Safe for several threads.</summary>
internal sealed class LoginRing(IReadOnlyList<RegistryCredential> logins)
{
    /// <summary>Docker Hub counts pulls over so long; a login is tried again after it.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromHours(6);

    private readonly object _lock = new();
    private readonly DateTimeOffset?[] _spent = new DateTimeOffset?[logins.Count];
    private int _current;

    internal IReadOnlyList<RegistryCredential> All => logins;

    internal RegistryCredential Current
    {
        get
        {
            lock (_lock)
            {
                return logins[_current];
            }
        }
    }

    /// <summary>Goes on from a login that has no quota left; false when there is no other with some.</summary>
    internal bool TryAdvance(RegistryCredential used, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(logins[_current], used))
            {
                return true;
            }

            _spent[_current] = now;
            for (var step = 1; step < logins.Count; step++)
            {
                var next = (_current + step) % logins.Count;
                if (_spent[next] is null || now - _spent[next] > Window)
                {
                    _current = next;
                    return true;
                }
            }

            return false;
        }
    }
}
