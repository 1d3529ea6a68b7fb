using OciSync.Core.Polyfills;

namespace OciSync.Core.Flow;

/// <summary>
/// One piece of work, done once and shared by all who ask for it; a success is kept, a failure is forgotten, so that the next one tries again.
/// The work ends with <paramref name="lifetime"/>, not with the token of the caller who happened to be first.
/// </summary>
/// <param name="lifetime">Cancels the work itself, for all who wait for it.</param>
internal sealed class Once<T>(CancellationToken lifetime)
{
    private readonly object _lock = new();
    private Task<T>? _task;

    /// <summary>The result: of the work that was done or is under way, or else of <paramref name="start"/>, which begins it.</summary>
    /// <param name="start">The work; its token is the lifetime.</param>
    /// <param name="cancellationToken">Ends this caller's waiting, and nothing else.</param>
    internal Task<T> RunAsync(Func<CancellationToken, Task<T>> start, CancellationToken cancellationToken) =>
        FindOrStart(start).JoinAsync(cancellationToken);

    /// <summary>The kept success, if there is one.</summary>
    internal bool TryGet(out T? value)
    {
        lock (_lock)
        {
            var kept = _task is { Status: TaskStatus.RanToCompletion };
            value = kept ? _task!.GetCompleted() : default;
            return kept;
        }
    }

    /// <summary>Forgets the kept success, if it is still this one: the next who asks starts anew.</summary>
    internal void Forget(T value)
    {
        lock (_lock)
        {
            if (_task is { Status: TaskStatus.RanToCompletion } task && EqualityComparer<T>.Default.Equals(task.GetCompleted(), value))
            {
                _task = null;
            }
        }
    }

    private Task<T> FindOrStart(Func<CancellationToken, Task<T>> start)
    {
        lock (_lock)
        {
            if (_task is null || _task.IsFaulted || _task.IsCanceled)
            {
                _task = Task.Run(() => start(lifetime), lifetime);
                _task.Observe();
            }

            return _task;
        }
    }
}
