using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Rows;

/// <summary>What happened, or would happen, to one image at one destination. Every property survives CSV, JSON and Clixml.</summary>
public sealed class OciSyncResult
{
    /// <summary>The source's reference; empty for what is pruned.</summary>
    public string Source { get; internal init; } = string.Empty;

    /// <summary>The destination's reference: the full name it gets.</summary>
    public string Destination { get; internal init; } = string.Empty;

    /// <summary>Copied, Updated, UpToDate, Skipped, Pruned, Failed, Cancelled, WouldCopy, WouldUpdate or WouldPrune.</summary>
    public string Status { get; internal init; } = string.Empty;

    /// <summary>Why, where the status alone doesn't say.</summary>
    public string? Reason { get; internal init; }

    /// <summary>The digest the destination's tag points to, or would.</summary>
    public string? Digest { get; internal init; }

    /// <summary>
    /// The digest the source's tag points to, or must point to where the run was given one; it differs from <see cref="Digest"/> when
    /// a part was chosen, or it was converted.
    /// </summary>
    public string? SourceDigest { get; internal init; }

    /// <summary>What the destination's tag pointed to before.</summary>
    public string? PreviousDigest { get; internal init; }

    /// <summary>The destination's tag pointed to something else before; it says nothing of changes on the way (see <see cref="SourceDigest"/>).</summary>
    public bool DigestChanged { get; internal init; }

    /// <summary>What of the source is meant, as an entry of our sync files says it; null for the whole image.</summary>
    public string? Selection { get; internal init; }

    /// <summary>The platforms of the image, where its index was read.</summary>
    public TextList<string> Platforms { get; internal init; } = [];

    /// <summary>
    /// What signatures the trust in the image rests on: <c>image</c>, <c>platforms</c> (each by itself) or <c>index</c> (that as well); null
    /// where none was looked at.
    /// </summary>
    public string? TrustBasis { get; internal init; }

    /// <summary>Who signed, where signatures were checked: fingerprints of keys, subjects of certificates.</summary>
    public TextList<string> SignedBy { get; internal init; } = [];

    /// <summary>The keys that have signed it at the destination, or would, where the run was to sign: fingerprints.</summary>
    public TextList<string> SignedWith { get; internal init; } = [];

    /// <summary>Bytes of blobs uploaded.</summary>
    public long BytesCopied { get; internal init; }

    /// <summary>Bytes of blobs the registry took from another of its repositories.</summary>
    public long BytesMounted { get; internal init; }

    /// <summary>Bytes of blobs that were there.</summary>
    public long BytesSkipped { get; internal init; }

    /// <summary>Referrers copied along.</summary>
    public int ReferrersCopied { get; internal init; }

    /// <summary>Signatures copied along, but for those that are referrers, which <see cref="ReferrersCopied"/> counts.</summary>
    public int SignaturesCopied { get; internal init; }

    /// <summary>Reads of source blobs this row took part in; a read that several destinations share counts for each.</summary>
    public int SourceReads { get; internal init; }

    /// <summary>Attempts after a first failure.</summary>
    public int RetryCount { get; internal init; }

    /// <summary>When the work on this row began (UTC).</summary>
    public DateTimeOffset StartTime { get; internal init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>The stable id of the failure, or null.</summary>
    public string? ErrorId { get; internal init; }

    /// <summary>The failure in words, or null.</summary>
    public string? Error { get; internal init; }

    /// <summary>When what is held back for its youth is old enough, or what failed for a registry's limit may go on (UTC); or null.</summary>
    public DateTimeOffset? DueTime { get; internal init; }

    /// <summary>Names the run this row belongs to.</summary>
    public string RunId { get; internal init; } = string.Empty;

    /// <summary>The row of an input that could not even be tried.</summary>
    public static OciSyncResult Failed(string source, string destination, Exception failure, EngineOptions options) => new()
    {
        Source = LoginText.Hide(source),
        Destination = LoginText.Hide(destination),
        Status = SyncStatus.Failed,
        Reason = failure.Message,
        ErrorId = OciException.IdOf(failure),
        Error = failure.Message,
        StartTime = options.Time.GetUtcNow(),
    };

    /// <summary>The row of an input that is left alone.</summary>
    public static OciSyncResult Skipped(string source, string destination, string reason, EngineOptions options) => new()
    {
        Source = LoginText.Hide(source),
        Destination = LoginText.Hide(destination),
        Status = SyncStatus.Skipped,
        Reason = reason,
        StartTime = options.Time.GetUtcNow(),
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Status} {Source} -> {Destination}";
}
