namespace OciSync.Core.Flow;

/// <summary>One piece of work per key, each a <see cref="Once{T}"/>: shared by all who ask for it, kept when it succeeds, tried again when it fails.</summary>
/// <param name="lifetime">Cancels the work itself, for all who wait for it.</param>
internal sealed class SingleFlight<TKey, TValue>(CancellationToken lifetime)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Once<TValue>> _flights = [];

    /// <summary>The result of the key's work: done, under way, or else begun by <paramref name="start"/>.</summary>
    internal Task<TValue> RunAsync(TKey key, Func<CancellationToken, Task<TValue>> start, CancellationToken cancellationToken) =>
        OnceFor(key).RunAsync(start, cancellationToken);

    /// <summary>Forgets a kept success, if it is still this one.</summary>
    internal void Forget(TKey key, TValue value) => OnceFor(key).Forget(value);

    /// <summary>The kept success of a key, if there is one.</summary>
    internal bool TryGet(TKey key, out TValue? value) => OnceFor(key).TryGet(out value);

    private Once<TValue> OnceFor(TKey key)
    {
        lock (_flights)
        {
            if (!_flights.TryGetValue(key, out var once))
            {
                _flights[key] = once = new Once<TValue>(lifetime);
            }

            return once;
        }
    }
}
