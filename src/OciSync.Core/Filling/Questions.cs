using OciSync.Core.Flow;

namespace OciSync.Core.Filling;

/// <summary>Questions to upstream: what several ask at once is asked once, for all of them. Their answers are kept elsewhere.</summary>
/// <param name="lifetime">Ends questions; a client that goes away does not.</param>
internal sealed class Questions<T>(CancellationToken lifetime)
{
    private readonly Dictionary<(string Name, string Question), Once<T>> _open = [];

    /// <param name="name">The repository.</param>
    /// <param name="question">What is asked of it.</param>
    /// <param name="ask">Asks, when nobody else does.</param>
    /// <param name="cancellationToken">Ends this caller's waiting.</param>
    internal Task<T> AskAsync(string name, string question, Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        var key = (name, question);
        Once<T>? once;
        lock (_open)
        {
            if (!_open.TryGetValue(key, out once))
            {
                _open.Add(key, once = new Once<T>(lifetime));
            }
        }

        return once.RunAsync(_ => AnswerAsync(key, once, ask), cancellationToken);
    }

    // Open until it is answered, whoever still waits for it.
    private async Task<T> AnswerAsync((string Name, string Question) key, Once<T> question, Func<Task<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        finally
        {
            lock (_open)
            {
                _ = _open.TryGetValue(key, out var open) && ReferenceEquals(open, question) && _open.Remove(key);
            }
        }
    }
}
