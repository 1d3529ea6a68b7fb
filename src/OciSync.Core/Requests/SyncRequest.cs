using OciSync.Core.Conversion;
using OciSync.Core.Images;
using OciSync.Core.Rows;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Signing.Signers;
using OciSync.Core.Tags;

namespace OciSync.Core.Requests;

/// <summary>What a run is to do.</summary>
public sealed record SyncRequest
{
    /// <summary>The images and their names.</summary>
    public IReadOnlyList<SyncPair> Pairs { get; init; } = [];

    /// <summary>Repositories of which tags are chosen when the run begins.</summary>
    public IReadOnlyList<SyncRepository> Repositories { get; init; } = [];

    /// <summary>Folders of which every image is taken.</summary>
    public IReadOnlyList<SyncFolder> Folders { get; init; } = [];

    /// <summary>What the user gave, in order: the rows of a plan come in this order.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>What of each image.</summary>
    public ImageSelection Selection { get; init; } = ImageSelection.All;

    /// <summary>How images may be changed on their way.</summary>
    public ConversionOptions Conversion { get; init; } = ConversionOptions.None;

    /// <summary>Further tags for each image at its destination.</summary>
    public IReadOnlyList<string> AdditionalTags { get; init; } = [];

    /// <summary>Signatures, SBOMs and other referrers of the images come along, where a pair doesn't say otherwise.</summary>
    public bool IncludeReferrer { get; init; }

    /// <summary>OCI layouts and lock files of images the other side has: their blobs are left out of the layouts that are written.</summary>
    public IReadOnlyList<string> Baseline { get; init; } = [];

    /// <summary>Up-to-date images are checked down to their blobs and repaired.</summary>
    public bool Verify { get; init; }

    /// <summary>Which images are let in, where a pair doesn't say otherwise.</summary>
    public TrustOptions Trust { get; init; } = TrustOptions.Everything;

    /// <summary>Who signs images at their destinations, where a pair doesn't say otherwise.</summary>
    public SigningOptions Signing { get; init; } = SigningOptions.None;

    /// <summary>What is removed at the destinations; null where nothing is.</summary>
    public PruneRequest? Prune { get; init; }

    /// <summary>What a plan says is removed, when all else is done.</summary>
    public IReadOnlyList<SyncRemoval> Removals { get; init; } = [];

    /// <summary>A tag that matches is not looked at again once it is at the destination; null for none.</summary>
    public TagFilter? SkipExisting { get; init; }

    /// <summary>Of repositories, tags that are at the destination are no candidates.</summary>
    public bool NewOnly { get; init; }

    /// <summary>What is known to be missing: sources that are passed over when they are not there.</summary>
    public KnownMissing KnownMissing { get; init; } = KnownMissing.None;

    /// <summary>How long a tag and what it points to must be known from here before it is taken; null for no time.</summary>
    public TimeSpan? MinimumAge { get; init; }

    /// <summary>Images that are taken however young they are.</summary>
    public ImageNames MinimumAgeExempt { get; init; } = ImageNames.None;

    /// <summary>Only this part of the work; null for all of it.</summary>
    public Shard? Shard { get; init; }

    /// <summary>Also versions of the sources above the newest at their destinations.</summary>
    public bool Newer { get; init; }

    /// <summary>Everything is read and nothing written.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>The first failure stops the run.</summary>
    public bool FailFast { get; init; }
}
