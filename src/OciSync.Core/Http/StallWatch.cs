namespace OciSync.Core.Http;

/// <summary>
/// Cancels a transfer that makes no progress: armed while the network is waited for, disarmed while the transfer itself waits
/// for something else. Its token also follows the caller's.
/// </summary>
internal sealed class StallWatch : IDisposable
{
    // Less than so much within the limit is no progress: who sends a byte now and then holds nobody up for longer.
    private const int WorthwhileBytes = 8 * 1024;

    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _source;
    private readonly ITimer _timer;
    private readonly TimeSpan _limit;
    private long _armed;
    private long _received;
    private TimeSpan _sinceProgress;
    private volatile bool _fired;

    internal StallWatch(TimeProvider time, TimeSpan limit, CancellationToken cancellationToken)
    {
        _limit = limit;
        _time = time;
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

    /// <summary>How long a body was waited for in all.</summary>
    internal TimeSpan Waited { get; private set; }

    /// <summary>Goes on to count where the last wait for a body ended.</summary>
    internal void ArmForMore()
    {
        _armed = _time.GetTimestamp();
        _timer.Change(_sinceProgress < _limit ? _limit - _sinceProgress : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends a wait that brought so many bytes.</summary>
    internal void Disarm(int received)
    {
        Disarm();
        var waited = _time.GetElapsedTime(_armed);
        Waited += waited;
        _received += received;
        var isProgress = _received >= WorthwhileBytes;
        _sinceProgress = isProgress ? TimeSpan.Zero : _sinceProgress + waited;
        _received = isProgress ? 0 : _received;
    }

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
