using OciSync.Core.Places;

namespace OciSync.Core.Filling;

/// <summary>
/// Connections to the upstream registries. What a run of a cmdlet learns of a registry (that it is down, what a tag points to) it keeps; a server
/// lives longer, and takes new ones after a failure or some minutes. Work that has the old ones ends with them.
/// </summary>
/// <param name="create">Makes new ones, and what ends them.</param>
/// <param name="time">The clock.</param>
/// <param name="pending">What is on its way: its manifests are read once, however often they are needed.</param>
internal sealed class UpstreamPools(Func<(RegistryPool Pool, IDisposable Owner)> create, TimeProvider time, PendingImages pending) : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly object _lock = new();
    private Entry? _current;
    private bool _isEnded;

    internal UpstreamLease Take()
    {
        lock (_lock)
        {
            if (_isEnded)
            {
                throw new OperationCanceledException("The server has stopped.");
            }

            if (_current is null || time.GetUtcNow() - _current.Since > Life)
            {
                Retire();
                var (pool, owner) = create();
                pool.Known = pending.ToKnown();
                _current = new Entry(pool, owner, time.GetUtcNow());
            }

            var entry = _current;
            entry.Users++;
            return new UpstreamLease(entry.Pool, () => End(entry));
        }
    }

    /// <summary>The next piece of work takes new connections.</summary>
    internal void Renew()
    {
        lock (_lock)
        {
            Retire();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isEnded = true;
            _current?.Owner.Dispose();
            _current = null;
        }
    }

    private void Retire()
    {
        if (_current is { } entry)
        {
            _current = null;
            entry.IsRetired = true;
            if (entry.Users == 0)
            {
                entry.Owner.Dispose();
            }
        }
    }

    private void End(Entry entry)
    {
        lock (_lock)
        {
            entry.Users--;
            if (entry is { Users: 0, IsRetired: true })
            {
                entry.Owner.Dispose();
            }
        }
    }

    private sealed class Entry(RegistryPool pool, IDisposable owner, DateTimeOffset since)
    {
        internal RegistryPool Pool => pool;

        internal IDisposable Owner => owner;

        internal DateTimeOffset Since => since;

        internal int Users { get; set; }

        internal bool IsRetired { get; set; }
    }
}
