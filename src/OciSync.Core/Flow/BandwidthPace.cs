using OciSync.Core.Polyfills;

namespace OciSync.Core.Flow;

/// <summary>
/// So many bytes a second for all transfers of one direction together, in the order in which they ask. Nothing is saved up while nobody
/// transfers but a tenth of a second.
/// </summary>
internal sealed class BandwidthPace
{
    private const int LargestStep = 128 * 1024;
    private const int SmallestStep = 1024;
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(100);

    private readonly object _lock = new();
    private readonly TimeProvider _time;
    private readonly double _bytesPerSecond;
    private readonly long _start;
    private TimeSpan _next;

    /// <param name="bytesPerSecond">Bytes a second.</param>
    /// <param name="time">Where time comes from.</param>
    internal BandwidthPace(long bytesPerSecond, TimeProvider time)
    {
        _bytesPerSecond = bytesPerSecond;
        _time = time;
        _start = time.GetTimestamp();

        // Twenty steps a second: even, and fair among several.
        Step = (int)Math.Max(SmallestStep, Math.Min(LargestStep, bytesPerSecond / 20));
    }

    /// <summary>How many bytes to ask for at a time, at most.</summary>
    internal int Step { get; }

    internal static BandwidthPace? For(EngineOptions options) => options.BandwidthLimit is { } limit ? new BandwidthPace(limit, options.Time) : null;

    /// <summary>Waits until so many bytes may travel.</summary>
    internal Task TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            var now = _time.GetElapsedTime(_start);
            var from = _next > now - Burst ? _next : now - Burst;
            _next = from + TimeSpan.FromSeconds(bytes / _bytesPerSecond);
            wait = _next - now;
        }

        return wait > TimeSpan.Zero ? _time.DelayAsync(wait, cancellationToken) : Task.CompletedTask;
    }
}
