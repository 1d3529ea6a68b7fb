namespace OciSync.Core.Flow;

/// <summary>Work of one key is done by one after the other; that of different keys at the same time.</summary>
internal sealed class Turns<TKey>
    where TKey : notnull
{
    private readonly Dictionary<TKey, SemaphoreSlim> _free = [];

    /// <summary>Does the work when all that came before it under this key has ended.</summary>
    internal async Task RunAsync(TKey key, Func<Task> work, CancellationToken cancellationToken)
    {
        var free = Find(key);
        await free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await work().ConfigureAwait(false);
        }
        finally
        {
            free.Release();
        }
    }

    private SemaphoreSlim Find(TKey key)
    {
        lock (_free)
        {
            if (!_free.TryGetValue(key, out var free))
            {
                _free.Add(key, free = new SemaphoreSlim(1, 1));
            }

            return free;
        }
    }
}
