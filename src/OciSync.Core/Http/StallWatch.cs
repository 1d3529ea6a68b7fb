namespace OciSync.Core.Http;

/// <summary>
/// Cancels a transfer that makes no progress: armed while the network is waited for, disarmed while the transfer itself waits
/// for something else. Its token also follows the caller's.
/// </summary>
internal sealed class StallWatch : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly ITimer _timer;
    private readonly TimeSpan _limit;
    private volatile bool _fired;

    internal StallWatch(TimeProvider time, TimeSpan limit, CancellationToken cancellationToken)
    {
        _limit = limit;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _timer = time.CreateTimer(static state => ((StallWatch)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled when the watch fires or the caller cancels.</summary>
    internal CancellationToken Token => _source.Token;

    /// <summary>True when there was no progress for too long.</summary>
    internal bool Fired => _fired;

    internal TimeSpan Limit => _limit;

    /// <summary>Starts, or starts anew, to count; a server's last word may take several times as long as a step.</summary>
    internal void Arm(int times = 1) => _timer.Change(TimeSpan.FromTicks(_limit.Ticks * times), Timeout.InfiniteTimeSpan);

    internal void Disarm() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _timer.Dispose();
        _source.Dispose();
    }

    private void Fire()
    {
        _fired = true;
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The transfer ended while the timer fired: there is nothing left to cancel.
        }
    }
}
