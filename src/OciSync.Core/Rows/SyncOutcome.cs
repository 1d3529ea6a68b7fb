using OciSync.Core.References;

namespace OciSync.Core.Rows;

/// <summary>A row as it is ready, with the failure behind it and the input it comes from.</summary>
/// <param name="Row">The row.</param>
/// <param name="Failure">The failure, or null.</param>
/// <param name="Input">What the user gave.</param>
public sealed record SyncOutcome(OciSyncResult Row, Exception? Failure, string Input)
{
    /// <summary>The destination of an image whose source and destination were asked; null for all other rows.</summary>
    internal ImageLocation? Destination { get; init; }
}
