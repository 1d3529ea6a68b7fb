using OciSync.Core.Polyfills;

namespace OciSync.Core.Flow;

/// <summary>
/// So much a second for all who share it, in the order in which they ask. Nothing is saved up while nobody takes anything but what a tenth of
/// a second is worth.
/// </summary>
internal sealed class Pace
{
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(100);

    private readonly object _lock = new();
    private readonly TimeProvider _time;
    private double _perSecond;
    private readonly long _start;
    private TimeSpan _next;

    /// <param name="perSecond">How much a second, above 0.</param>
    /// <param name="time">Where time comes from.</param>
    internal Pace(double perSecond, TimeProvider time)
    {
        _perSecond = perSecond;
        _time = time;
        _start = time.GetTimestamp();
    }

    /// <summary>How much a second.</summary>
    internal double PerSecond
    {
        get
        {
            lock (_lock)
            {
                return _perSecond;
            }
        }

        set
        {
            lock (_lock)
            {
                _perSecond = value;
            }
        }
    }

    /// <summary>Waits until so much may be taken.</summary>
    internal Task TakeAsync(int amount, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            var now = _time.GetElapsedTime(_start);
            var from = _next > now - Burst ? _next : now - Burst;
            _next = from + TimeSpan.FromSeconds(amount / _perSecond);
            wait = _next - now;
        }

        return wait > TimeSpan.Zero ? _time.DelayAsync(wait, cancellationToken) : Task.CompletedTask;
    }
}
