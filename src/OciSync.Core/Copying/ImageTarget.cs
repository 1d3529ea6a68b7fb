using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Transports;

namespace OciSync.Core.Copying;

/// <summary>One row of a run: a destination of a source image, what is there before, and whether it is done.</summary>
internal sealed class ImageTarget
{
    private int _finished;
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

    /// <summary>Why there is nothing to do, when that is known beforehand.</summary>
    internal string? Note { get; init; }

    /// <summary>Why it is in the run, where that is to be told.</summary>
    internal string? Reason { get; init; }

    /// <summary>What the source's tag must point to, or null.</summary>
    internal Digest? SourceDigest { get; init; }

    internal DateTimeOffset StartTime { get; init; }

    /// <summary>The platforms that are copied, once they are known.</summary>
    internal string[] Platforms { get; set; } = [];

    /// <summary>The name of the row: a destination without a tag is named by the digest.</summary>
    internal string DisplayName =>
        Copy.Reference.IsRepository && !NeedsName ? Copy.Reference.Describe(References[0]) : Copy.Reference.ToString();

    /// <summary>Ends when it is known what the destination has.</summary>
    internal Task Ask { get; set; } = Task.CompletedTask;

    /// <summary>What the main tag pointed to before, or null.</summary>
    internal Digest? Previous { get; private set; }

    /// <summary>Every tag points to the wanted digest already.</summary>
    internal bool IsUpToDate { get; private set; }

    internal bool IsFinished => Volatile.Read(ref _finished) != 0;

    /// <summary>Blobs and manifests that a check found missing.</summary>
    internal int MissingParts { get; set; }

    /// <summary>Gives a destination without a name the image's digest as its name, and checks digests that were given.</summary>
    internal void Name(SourceImage source)
    {
        source.Require(SourceDigest);
        if (NeedsName)
        {
            NeedsName = false;
            References = [Copy.Reference.ByDigest(source.Wanted!), .. References];
        }

        if (Copy.Reference.Digest is { } asked && asked != source.Wanted)
        {
            throw new OciException(
                OciErrorKind.DigestMismatch, $"'{source.Reference}' is {source.Wanted}, not what the destination '{Copy.Reference}' says.");
        }
    }

    internal void Learn(SourceImage source, IReadOnlyList<ManifestHead?> heads)
    {
        Previous = heads[0]?.Digest;
        _heads = heads;
        _learned = source.Wanted;
        IsUpToDate = heads.All(h => h?.Digest == source.Wanted);
    }

    /// <summary>The digest by which it can be read at the destination, where that is not the source's, or null.</summary>
    internal Digest? Written => Copy.Client is IStagedDestination staged && References.Count > 0 ? staged.FindWritten(References[0]) : null;

    /// <summary>Looks again when another digest is wanted by now; false when it is the same.</summary>
    internal bool Relearn(SourceImage source)
    {
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

    /// <summary>True for the one caller that may write the row.</summary>
    internal bool TryFinish() => Interlocked.Exchange(ref _finished, 1) == 0;
}
