using OciSync.Core.Text;

namespace OciSync.Core.Flow;

/// <summary>Where the engine tells what it does. The delegates are called from pool threads and must not block for long.</summary>
public sealed class EngineEvents
{
    /// <summary>No listener.</summary>
    public static readonly EngineEvents None = new();

    /// <summary>One line about what was chosen, skipped or repeated, and why; cmdlets show it as verbose output. Without control characters.</summary>
    public Action<string>? Decision { get; init; }

    /// <summary>One line about what the user should know although the work goes on. Without control characters.</summary>
    public Action<string>? Warning { get; init; }

    /// <summary>How many bytes of blobs an image needs at a destination; each blob is reported by <see cref="Progress"/> when it is there.</summary>
    public Action<long>? Planned { get; init; }

    /// <summary>Bytes that went to a destination, some of a blob at a time.</summary>
    public Action<TransferProgress>? Progress { get; init; }

    /// <summary>How many rows there will be, as soon as that is known; a later number takes the place of an earlier one.</summary>
    public Action<int>? Images { get; init; }

    /// <summary>One of those rows is ready. In a plan the row itself may come later, as plans keep the order of the input.</summary>
    public Action? ImageDone { get; init; }

    /// <summary>Each request to a registry, token server or storage, and its answer, without secrets. With null no entries are made.</summary>
    public Action<Flow.WireEntry>? Request { get; init; }

    /// <summary>Somebody listens to <see cref="Decision"/>: what is told of every image needs no words otherwise.</summary>
    internal bool IsTold => Decision is not null;

    internal void Tell(string text) => Decision?.Invoke(Printable.Line(text));

    internal void Warn(string text) => Warning?.Invoke(Printable.Line(text));

    internal void Plan(long bytes) => Planned?.Invoke(bytes);

    internal void CountImages(int count) => Images?.Invoke(count);

    internal void CountImage() => ImageDone?.Invoke();

    internal void Report(TransferProgress progress) => Progress?.Invoke(progress);
}
