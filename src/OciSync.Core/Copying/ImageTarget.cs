using OciSync.Core.Conversion;
using OciSync.Core.Copying.Blobs;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Signing.Signers;

namespace OciSync.Core.Copying;

/// <summary>
/// One row of a run: a destination of a source image, what is there before, and whether it is done. Its states follow one another: named
/// (<see cref="Name"/>, when the source's digest is known), compared (<see cref="Learn"/>, when the destination has answered), compared anew
/// (<see cref="Relearn"/>, when the manifest itself has changed what is wanted; <see cref="TakeInstead"/>, when the destination refuses it), and
/// finished (<see cref="TryFinish"/>), which every state may lead to.
/// </summary>
internal sealed class ImageTarget
{
    private int _finished;
    private bool _isNamed;
    private bool _isCompared;
    private Digest? _learned;
    private IReadOnlyList<ManifestHead?> _heads = [];

    internal ImageTarget(DestinationCopy copy, IReadOnlyList<string> references)
    {
        Copy = copy;
        References = references;
        NeedsName = copy.Reference.IsRepository;
    }

    internal DestinationCopy Copy { get; }

    /// <summary>The tags (or the digest) the image gets there, the main one first.</summary>
    internal IReadOnlyList<string> References { get; private set; }

    /// <summary>The image goes by its digest, which isn't known yet.</summary>
    internal bool NeedsName { get; private set; }

    /// <summary>What the user gave.</summary>
    internal string Input { get; init; } = string.Empty;

    /// <summary>It is known that the source may not be there: that is no failure.</summary>
    internal bool IsKnownMissing { get; init; }

    /// <summary>Why there is nothing to do, when that is known beforehand.</summary>
    internal string? Note { get; init; }

    /// <summary>What speaks of the image comes along.</summary>
    internal bool IncludeReferrer { get; init; }

    /// <summary>What it is converted to, for its row.</summary>
    internal ConversionOptions? Conversion { get; init; }

    /// <summary>Finds the blobs that are left out at the destination; null when none are.</summary>
    internal Func<CancellationToken, Task<HashSet<Digest>>>? FindElsewhere { get; init; }

    /// <summary>What came along.</summary>
    internal ReferrerTally Referrers { get; } = new();

    /// <summary>Who signs it there.</summary>
    internal SigningOptions Signing { get; init; } = SigningOptions.None;

    /// <summary>What became of that.</summary>
    internal SigningTally Signed { get; } = new();

    /// <summary>What became of the image's signatures.</summary>
    internal SignatureTally Signatures { get; } = new();

    /// <summary>What lies beside the image and stays there, in words; null where nothing is known of.</summary>
    internal string? LeftBehind { get; set; }

    /// <summary>The user has agreed to change something there.</summary>
    internal bool IsConfirmed { get; set; }

    /// <summary>Why it is in the run, where that is to be told.</summary>
    internal string? Reason { get; init; }

    /// <summary>What the source's tag must point to, or null.</summary>
    internal Digest? SourceDigest { get; init; }

    /// <summary>What the destination must get, or null.</summary>
    internal Digest? Digest { get; init; }

    internal DateTimeOffset StartTime { get; init; }

    /// <summary>The platforms that are copied, once they are known.</summary>
    internal string[] Platforms { get; set; } = [];

    /// <summary>The name of the row: a destination without a tag is named by the digest.</summary>
    internal string DisplayName =>
        Copy.Reference.IsRepository && !NeedsName ? Copy.Reference.Describe(References[0]) : Copy.Reference.ToString();

    /// <summary>The time that the image has, or null.</summary>
    internal TimeLimit? Limit { get; init; }

    /// <summary>What the main tag pointed to before, or null.</summary>
    internal Digest? Previous { get; private set; }

    /// <summary>Every tag points to the wanted digest already.</summary>
    internal bool IsUpToDate { get; private set; }

    internal bool IsFinished => Volatile.Read(ref _finished) != 0;

    /// <summary>What a check of its parts found missing.</summary>
    internal ImageDamage Damage { get; } = new();

    /// <summary>Gives a destination without a name the image's digest as its name, and checks digests that were given.</summary>
    internal void Name(SourceImage source)
    {
        _isNamed = true;
        source.Require(SourceDigest);
        if (NeedsName)
        {
            NeedsName = false;
            References = [Copy.Reference.ByDigest(source.Wanted!), .. References];
        }

        if (Digest is not null && Digest != source.Wanted)
        {
            throw new OciException(
                OciErrorKind.DigestMismatch,
                $"'{source.Reference}' would become {source.Wanted}, and the row says {Digest}. Give the parameters with which the row was made, or its "
                + "Source and Destination alone.");
        }

        if (Copy.Reference.Digest is { } asked && asked != source.Wanted)
        {
            throw new OciException(
                OciErrorKind.DigestMismatch, $"'{source.Reference}' is {source.Wanted}, not what the destination '{Copy.Reference}' says.");
        }
    }

    /// <summary>Compares what the destination has under each of its references with what is wanted.</summary>
    internal void Learn(SourceImage source, IReadOnlyList<ManifestHead?> heads)
    {
        Require(_isNamed, "named");
        _isCompared = true;
        Previous = heads[0]?.Digest;
        _heads = heads;
        _learned = source.Wanted;
        IsUpToDate = heads.All(h => h?.Digest == source.Wanted);
    }

    /// <summary>What the destination got in place of the source's image, and why; or null.</summary>
    internal (Digest Digest, string Note)? Instead { get; private set; }

    /// <summary>The destination takes the image only in another form.</summary>
    internal void TakeInstead(Digest digest, string note)
    {
        Require(_isCompared, "compared");
        Instead = (digest, note);
        IsUpToDate = _heads.Count > 0 && _heads.All(h => h?.Digest == digest);
    }

    /// <summary>The digest by which it can be read at the destination, where that is not the source's, or null.</summary>
    internal Digest? Written => Copy.Client is IStagedDestination staged && References.Count > 0 ? staged.FindWritten(References[0]) : null;

    /// <summary>Looks again when another digest is wanted by now; false when it is the same.</summary>
    internal bool Relearn(SourceImage source)
    {
        Require(_isCompared, "compared");
        if (_learned == source.Wanted)
        {
            return false;
        }

        if (Copy.Reference.IsRepository && _learned is { } before)
        {
            References = References.Select(r => r == Copy.Reference.ByDigest(before) ? Copy.Reference.ByDigest(source.Wanted!) : r).ToList();
        }

        Name(source);
        Learn(source, _heads);
        return true;
    }

    // A step out of order is a mistake of ours, and no failure of the image.
    private void Require(bool isReached, string state)
    {
        if (!isReached)
        {
            throw new InvalidOperationException($"'{Copy.Reference}' is not {state} yet.");
        }
    }

    /// <summary>True for the one caller that may write the row.</summary>
    internal bool TryFinish() => Interlocked.Exchange(ref _finished, 1) == 0;
}
