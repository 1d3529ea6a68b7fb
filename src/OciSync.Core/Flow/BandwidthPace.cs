namespace OciSync.Core.Flow;

/// <summary>The <see cref="Pace"/> of all transfers of one direction together, in bytes.</summary>
internal sealed class BandwidthPace
{
    private const int LargestStep = 128 * 1024;
    private const int SmallestStep = 1024;

    private readonly Pace _pace;

    /// <param name="bytesPerSecond">Bytes a second.</param>
    /// <param name="time">Where time comes from.</param>
    internal BandwidthPace(long bytesPerSecond, TimeProvider time)
    {
        _pace = new Pace(bytesPerSecond, time);

        // Twenty steps a second: even, and fair among several.
        Step = (int)Math.Max(SmallestStep, Math.Min(LargestStep, bytesPerSecond / 20));
    }

    /// <summary>How many bytes to ask for at a time, at most.</summary>
    internal int Step { get; }

    internal static BandwidthPace? For(EngineOptions options) => options.BandwidthLimit is { } limit ? new BandwidthPace(limit, options.Time) : null;

    /// <summary>Waits until so many bytes may travel.</summary>
    internal Task TakeAsync(int bytes, CancellationToken cancellationToken) => _pace.TakeAsync(bytes, cancellationToken);
}
