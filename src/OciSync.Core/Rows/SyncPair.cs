using OciSync.Core.Conversion;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Tags;

namespace OciSync.Core.Rows;

/// <summary>One source and one name it gets.</summary>
/// <param name="Source">The image; its tag is decided.</param>
/// <param name="Destination">The full name there. Without tag and digest the image goes there by its digest.</param>
/// <param name="Input">What the user gave, for errors.</param>
public sealed record SyncPair(ImageLocation Source, ImageLocation Destination, string Input)
{
    /// <summary>What of the image; null for what the request says.</summary>
    public ImageSelection? Selection { get; init; }

    /// <summary>Format and layers; null, also in parts, for what the request says.</summary>
    public ConversionOptions? Conversion { get; init; }

    /// <summary>Whether what speaks of the image comes along; null for what the request says.</summary>
    public bool? IncludeReferrer { get; init; }

    /// <summary>What the source's tag must point to; null when anything will do.</summary>
    public Digest? SourceDigest { get; init; }

    /// <summary>What the destination's tag must point to in the end; null when that is for the run to find.</summary>
    public Digest? Digest { get; init; }

    /// <summary>A tag that matches is not looked at again once it is at the destination; null for what the request says.</summary>
    public TagFilter? SkipExisting { get; init; }

    /// <summary>Why it is in the run, where that is to be told.</summary>
    public string? Reason { get; init; }

    /// <summary>Of several sources for one name the first is copied, and the others are passed over with a warning.</summary>
    public bool FirstWins { get; init; }

    /// <summary>It is known that the source may not be there: then it is passed over.</summary>
    public bool IsKnownMissing { get; init; }

    /// <summary>Which policy lets it in, and what is asked beyond that; null for what the request says.</summary>
    public TrustOptions? Trust { get; init; }

    /// <summary>Whether what its destination holds beside the choice is pruned; null for what the request says.</summary>
    public bool? Prune { get; init; }

    /// <summary>How long a tag and what it points to must be known from here before it is taken; null for what the request says.</summary>
    public TimeSpan? MinimumAge { get; init; }

    /// <summary>Tags that are taken however young they are; null for none beside the request's.</summary>
    public TagFilter? MinimumAgeExempt { get; init; }
}
