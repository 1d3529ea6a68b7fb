using OciSync.Core.Conversion;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Rows;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Signing.Signers;

namespace OciSync.Core.SyncFiles;

/// <summary>An image of a sync file that is written.</summary>
/// <param name="Source">Its reference.</param>
/// <param name="Digest">What its tag points to, where that is known.</param>
/// <param name="Selection">What of it; null for all.</param>
internal sealed record ExportedImage(ImageReference Source, Digest? Digest, ImageSelection? Selection)
{
    /// <summary>Where it goes; none for the file's own destinations.</summary>
    internal IReadOnlyList<string> Destinations { get; init; } = [];

    /// <summary>What it is converted to; null for nothing.</summary>
    internal ConversionOptions? Conversion { get; init; }

    /// <summary>What of it and how, on one line; null for all of it as it is.</summary>
    internal string? Settings => EntryText.Of(Selection, Referrers, Conversion, Trust, Signing);

    /// <summary>What speaks of it comes along.</summary>
    internal bool Referrers { get; init; }

    /// <summary>Who lets it in, where that was said of it.</summary>
    internal EntryTrust? Trust { get; init; }

    /// <summary>Who signs it at its destination, where that was said of it.</summary>
    internal EntrySigning? Signing { get; init; }

    /// <summary>It is known that it may not be there.</summary>
    internal bool IsKnownMissing { get; init; }

    /// <summary>Of several sources for one name the first is meant.</summary>
    internal bool FirstWins { get; init; }

    /// <summary>Its tag, or its digest where it has none.</summary>
    internal string TagOrDigest => Source.Tag ?? Source.Digest!.ToString();

    /// <summary>Its tag and what it points to.</summary>
    internal string Pinned => Source.Tag is { } tag && Digest is { } digest ? tag + "@" + digest : TagOrDigest;
}
