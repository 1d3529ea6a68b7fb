using OciSync.Core.Polyfills;

namespace OciSync.Core.Flow;

/// <summary>
/// One piece of work per key, shared by all who ask for it; a success is kept, a failure is forgotten, so that the next one tries again.
/// The work ends with the run's token, not with that of the caller who happened to be first.
/// </summary>
internal sealed class SingleFlight<TKey, TValue>(CancellationToken lifetime)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Task<TValue>> _flights = [];

    internal async Task<TValue> RunAsync(TKey key, Func<CancellationToken, Task<TValue>> start, CancellationToken cancellationToken)
    {
        var task = FindOrStart(key, start);
        return await task.JoinAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Forgets a kept success, if it is still this one.</summary>
    internal void Forget(TKey key, TValue value)
    {
        lock (_flights)
        {
            if (_flights.TryGetValue(key, out var task) && task.Status == TaskStatus.RanToCompletion && Equals(task.GetCompleted(), value))
            {
                _flights.Remove(key);
            }
        }
    }

    /// <summary>The kept success of a key, if there is one.</summary>
    internal bool TryGet(TKey key, out TValue? value)
    {
        lock (_flights)
        {
            var kept = _flights.TryGetValue(key, out var task) && task.Status == TaskStatus.RanToCompletion;
            value = kept ? task!.GetCompleted() : default;
            return kept;
        }
    }

    private Task<TValue> FindOrStart(TKey key, Func<CancellationToken, Task<TValue>> start)
    {
        lock (_flights)
        {
            if (!_flights.TryGetValue(key, out var task) || task.IsFaulted || task.IsCanceled)
            {
                task = Task.Run(() => start(lifetime), lifetime);
                task.Observe();
                _flights[key] = task;
            }

            return task;
        }
    }
}
