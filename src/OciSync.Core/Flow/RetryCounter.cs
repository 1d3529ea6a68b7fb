namespace OciSync.Core.Flow;

/// <summary>How many further attempts there were.</summary>
internal sealed class RetryCounter : IRetryCounter
{
    private int _count;

    /// <summary>The number so far.</summary>
    internal int Count => Volatile.Read(ref _count);

    public void CountRetry() => Interlocked.Increment(ref _count);
}
