namespace OciSync.Core.Flow;

/// <summary>What a piece of work is done under: what stops it, and who counts its further attempts.</summary>
internal readonly struct WorkScope
{
    /// <param name="counter">Counts further attempts; null when nobody does (see <see cref="Uncounted"/>).</param>
    /// <param name="token">Stops the work.</param>
    internal WorkScope(IRetryCounter? counter, CancellationToken token)
    {
        Counter = counter;
        Token = token;
    }

    /// <summary>Stops the work.</summary>
    internal CancellationToken Token { get; }

    /// <summary>Counts further attempts, or null when nobody does.</summary>
    internal IRetryCounter? Counter { get; }

    /// <summary>Work of no row, such as an inspection: nobody counts its attempts.</summary>
    internal static WorkScope Uncounted(CancellationToken token) => new(null, token);

    /// <summary>A part of this work that something else stops; its attempts count all the same.</summary>
    internal WorkScope With(CancellationToken token) => new(Counter, token);

    /// <summary>Something of it is tried once more.</summary>
    internal void CountRetry() => Counter?.CountRetry();
}
