namespace OciSync.Core.Polyfills;

/// <summary>Waiting by a clock that comes from outside.</summary>
internal static class Clock
{
    internal static Task DelayAsync(this TimeProvider time, TimeSpan wait, CancellationToken cancellationToken) =>
#if NET8_0_OR_GREATER
        Task.Delay(wait, time, cancellationToken);
#else
        time.Delay(wait, cancellationToken);
#endif

    /// <summary>A source that is cancelled when that time is over: a limit of work, which nobody waits for.</summary>
    internal static CancellationTokenSource EndAfter(this TimeProvider time, TimeSpan limit)
    {
#if NET8_0_OR_GREATER
        var source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
#else
        var source = time.CreateCancellationTokenSource(Timeout.InfiniteTimeSpan);
#endif
        source.CancelAfter(limit);
        return source;
    }

    /// <summary>Takes a place of the semaphore; false when none came free in that time.</summary>
    internal static async Task<bool> EnterAsync(this SemaphoreSlim places, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        if (patience == Timeout.InfiniteTimeSpan || patience == TimeSpan.Zero)
        {
            return await places.WaitAsync(patience, cancellationToken).ConfigureAwait(false);
        }

        if (places.Wait(0, cancellationToken))
        {
            return true;
        }

        using var limit = time.EndAfter(patience);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await places.WaitAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
