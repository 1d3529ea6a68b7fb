using OciSync.Core.Conversion;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Tags;

namespace OciSync.Core.Requests;

/// <summary>A repository of which a choice of tags goes to some places; it is listed when the run begins.</summary>
/// <param name="Repository">The repository, without tag and digest.</param>
/// <param name="Selector">Which tags.</param>
/// <param name="Places">Where they go.</param>
/// <param name="Input">What the user gave, for errors.</param>
public sealed record SyncRepository(ImageReference Repository, TagSelector Selector, IReadOnlyList<SyncPlace> Places, string Input)
{
    /// <summary>What of each image; null for what the request says.</summary>
    public ImageSelection? Selection { get; init; }

    /// <summary>Format and layers; null, also in parts, for what the request says.</summary>
    public ConversionOptions? Conversion { get; init; }

    /// <summary>Whether what speaks of the images comes along; null for what the request says.</summary>
    public bool? IncludeReferrer { get; init; }

    /// <summary>A tag that matches is not looked at again once it is at the destination; null for what the request says.</summary>
    public TagFilter? SkipExisting { get; init; }

    /// <summary>Tags that are at the destination are no candidates: the newest N are those of the others. Null for what the request says.</summary>
    public bool? NewOnly { get; init; }

    /// <summary>Of several sources for one name the first is copied, and the others are passed over with a warning.</summary>
    public bool FirstWins { get; init; }

    /// <summary>It is known that the repository may not be there: then it is passed over.</summary>
    public bool IsKnownMissing { get; init; }

    /// <summary>Which policy lets its images in, and what is asked beyond that; null for what the request says.</summary>
    public TrustOptions? Trust { get; init; }

    /// <summary>Whether what its destination holds beside the choice is pruned; null for what the request says.</summary>
    public bool? Prune { get; init; }

    /// <summary>How long a tag and what it points to must be known from here before it is taken; null for what the request says.</summary>
    public TimeSpan? MinimumAge { get; init; }

    /// <summary>Tags that are taken however young they are; null for none beside the request's.</summary>
    public TagFilter? MinimumAgeExempt { get; init; }
}
