using OciSync.Core.References;

namespace OciSync.Core.Rows;

/// <summary>One source and one name it gets.</summary>
/// <param name="Source">The image; its tag is decided.</param>
/// <param name="Destination">The full name there. Without tag and digest the image goes there by its digest.</param>
/// <param name="Input">What the user gave, for errors.</param>
public sealed record SyncPair(ImageLocation Source, ImageLocation Destination, string Input) : ImageTerms
{
    /// <summary>What the source's tag must point to; null when anything will do.</summary>
    public Digest? SourceDigest { get; init; }

    /// <summary>What the destination's tag must point to in the end; null when that is for the run to find.</summary>
    public Digest? Digest { get; init; }

    /// <summary>Why it is in the run, where that is to be told.</summary>
    public string? Reason { get; init; }
}
