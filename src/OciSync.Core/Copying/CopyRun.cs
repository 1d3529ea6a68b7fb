using OciSync.Core.Conversion;
using OciSync.Core.Copying.Blobs;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Places;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Signing.Enforcing;

namespace OciSync.Core.Copying;

/// <summary>What the images of one run share: registries, what is known of blobs and manifests, and where rows and questions go.</summary>
internal sealed class CopyRun : IDisposable
{
    private readonly Action<SyncOutcome> _onOutcome;
    private readonly Func<OciSyncResult, Task<bool>>? _confirm;
    private readonly Dictionary<string, DestinationTags> _tags = new(StringComparer.Ordinal);
    private readonly List<StagedImage> _staged = [];
    private readonly ChangeWarnings _changes;
    private readonly string _runId = Guid.NewGuid().ToString("N").Substring(0, 8);

    internal CopyRun(RegistryPool pool, bool isReadOnly, Action<SyncOutcome> onOutcome, Func<OciSyncResult, Task<bool>>? confirm)
    {
        Pool = pool;
        IsReadOnly = isReadOnly;
        _onOutcome = onOutcome;
        _confirm = confirm;
        _changes = new ChangeWarnings(pool.Events);
        Spool = new LayerSpool(pool.Options, pool.Events, pool.Lifetime);
        Foreign = new ForeignLayers(pool.Options, pool.Events, pool.Sessions);
        Lists = new TagLists(pool);
        Tags = new TagAbility(pool.Options.StatePath, pool.Options.Time, pool.Events);
        TagBatches = new TagBatches(this);
        Sparse = new SparseIndexes(pool.Options.StatePath, pool.Options.Time, pool.Events, pool.Lifetime);
        Trust = new TrustRun(pool.Signatures, pool.Options);
        LeftBehind = new LeftBehind(this);
        Heads = new SourceHeads(pool);
        ManifestsWritten = new SingleFlight<(string, Digest), bool>(pool.Lifetime);
        ReferrersWritten = new SingleFlight<(string, string), bool>(pool.Lifetime);
    }

    internal RegistryPool Pool { get; }

    /// <summary>The tags that repositories had when the run began.</summary>
    internal TagLists Lists { get; }

    /// <summary>What images share that are let in by their signatures.</summary>
    internal TrustRun Trust { get; }

    /// <summary>What lies beside images and does not come along.</summary>
    internal LeftBehind LeftBehind { get; }

    /// <summary>What sources' tags pointed to, where that was asked before their images are worked on.</summary>
    internal SourceHeads Heads { get; }

    internal EngineOptions Options => Pool.Options;

    internal EngineEvents Events => Pool.Events;

    internal bool IsReadOnly { get; }

    internal string RunId => _runId;

    /// <summary>Gives out a row that is no copy, such as one of pruning, with its failure where it has one.</summary>
    internal void Tell(OciSyncResult row, OciException? failure = null, string input = "") => _onOutcome(new SyncOutcome(row, failure, input));

    /// <summary>What a plan would read, where that is counted; else null.</summary>
    internal CostSheet? Cost { get; init; }

    /// <summary>The limit of time for the whole run, or null.</summary>
    internal TimeLimit? Limit { get; init; }

    internal BlobLedger Ledger { get; } = new();

    /// <summary>What destinations have shown to have.</summary>
    internal Proofs Proofs => Ledger.Proofs;

    /// <summary>Which registries take indexes of which a part is missing, and where such ones are.</summary>
    internal SparseIndexes Sparse { get; }

    /// <summary>Which registries take several tags with one manifest.</summary>
    internal TagAbility Tags { get; }

    /// <summary>Tags of one digest that are written together.</summary>
    internal TagBatches TagBatches { get; }

    /// <summary>Packs layers anew, each once in the run.</summary>
    internal LayerSpool Spool { get; }

    /// <summary>Fetches layers that registries don't hold (<c>urls</c>), each once in the run.</summary>
    internal ForeignLayers Foreign { get; }

    internal SingleFlight<(string Repository, Digest Digest), bool> ManifestsWritten { get; }

    /// <summary>Manifests of a repository that are signed, one signer after the other.</summary>
    internal Turns<(string Repository, Digest Digest)> SigningTurns { get; } = new();

    /// <summary>The referrers of a manifest in a repository.</summary>
    internal SingleFlight<(string Repository, string Referrers), bool> ReferrersWritten { get; }

    /// <summary>What is known of the tags of a destination's repository.</summary>
    internal DestinationTags TagsOf(ImageLocation destination)
    {
        lock (_tags)
        {
            var key = destination.Image is { } image ? image.Registry + "/" + image.Repository : destination.PlaceName;
            if (!_tags.TryGetValue(key, out var tags))
            {
                _tags.Add(key, tags = new DestinationTags());
            }

            return tags;
        }
    }

    public void Dispose()
    {
        Spool.Dispose();
        Foreign.Dispose();
        TagBatches.Dispose();
    }

    /// <summary>Whether the user agrees to a change of an image. The first answer that is a yes holds for all of it.</summary>
    internal async Task<bool> ConfirmAsync(ImageTarget target, SourceImage source)
    {
        target.IsConfirmed = target.IsConfirmed || _confirm is null
            || await _confirm(CreateRow(target, source, null, null, planned: true)).ConfigureAwait(false);
        return target.IsConfirmed;
    }

    /// <summary>Writes the row of a destination, the first time it is called for it.</summary>
    internal void Finish(ImageTarget target, SourceImage source, Exception? failure, string? declined = null)
    {
        if (!target.TryFinish())
        {
            return;
        }

        TagBatches.Leave(target);
        if (target.IsKnownMissing && source.Absence is { } absence && ReferenceEquals(failure, absence))
        {
            declined = KnownMissing.Reason(absence);
            failure = null;
        }

        failure = AsFailure(target.Limit?.AsFailure(failure) ?? failure);
        if (failure is null && declined is null && !IsReadOnly && target.Copy.Client is IStagedDestination staged)
        {
            lock (_staged)
            {
                _staged.Add(new StagedImage(staged, target, source));
            }

            return;
        }

        Tell(target, source, failure, declined);
    }

    /// <summary>Completes the archives of the run; only then their images are there, and have their rows.</summary>
    internal async Task CommitAsync(CancellationToken cancellationToken)
    {
        foreach (var archive in _staged.GroupBy(s => s.Destination).ToList())
        {
            Exception? failure = null;
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                await archive.Key.CommitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OciException or OperationCanceledException)
            {
                failure = e;
            }

            foreach (var image in archive)
            {
                Tell(image.Target, image.Source, failure ?? image.Target.References.Select(archive.Key.FindFault).FirstOrDefault(f => f is not null), null);
            }
        }
    }

    private void Tell(ImageTarget target, SourceImage source, Exception? failure, string? declined)
    {
        var row = CreateRow(target, source, failure, declined, planned: IsReadOnly);
        _changes.Look(source, row.Status);
        _onOutcome(new SyncOutcome(row, failure, target.Input) { Destination = target.Copy.Reference });
    }

    /// <summary>The row of a pair that is left out on purpose, and a warning.</summary>
    internal void PassOver(SyncPair pair, string reason)
    {
        Events.Warn($"'{pair.Source}' is not copied: {reason}.");
        Skip(pair, reason);
    }

    /// <summary>The row of a pair that is left out on purpose.</summary>
    internal void Skip(SyncPair pair, string reason, DateTimeOffset? due = null) =>
        Skip(pair.Source.ToString(), pair.Destination.ToString(), reason, pair.Input, SelectionOf(pair), pair.SourceDigest, due);

    /// <summary>The row of what is left out on purpose before it was a pair.</summary>
    internal void Skip(
        string source, string destination, string reason, string input, string? selection, Digest? sourceDigest = null, DateTimeOffset? due = null) =>
        _onOutcome(new SyncOutcome(
        new OciSyncResult
        {
            Source = source,
            Destination = destination,
            Status = SyncStatus.Skipped,
            Reason = reason,
            SourceDigest = sourceDigest?.ToString(),
            Selection = selection,
            StartTime = Options.Time.GetUtcNow(),
            DueTime = due,
            RunId = _runId,
        },
        null,
        input));

    private static string? SelectionOf(SyncPair pair) =>
        EntryText.Of(pair.Selection, pair.IncludeReferrer ?? false, pair.Conversion, pair.Trust?.Entry, pair.Signing?.Entry);

    /// <summary>The row of a pair that failed before there was anything to ask.</summary>
    internal void Fail(SyncPair pair, Exception failure) =>
        Fail(pair.Source.ToString(), pair.Destination.ToString(), failure, pair.Input, SelectionOf(pair), pair.SourceDigest);

    /// <summary>The row of what failed, or was cancelled, before it was a pair.</summary>
    internal void Fail(
        string source, string destination, Exception failure, string input, string? selection = null, Digest? sourceDigest = null) =>
        FailExplained(source, destination, AsFailure(failure)!, input, selection, sourceDigest);

    private Exception? AsFailure(Exception? failure) => Limit?.AsFailure(failure) ?? failure;

    private void FailExplained(
        string source, string destination, Exception failure, string input, string? selection, Digest? sourceDigest) => _onOutcome(new SyncOutcome(
        new OciSyncResult
        {
            Source = source,
            Destination = destination,
            Status = failure is OperationCanceledException ? SyncStatus.Cancelled : SyncStatus.Failed,
            Reason = failure is OperationCanceledException ? "the run was stopped" : failure.Message,
            SourceDigest = sourceDigest?.ToString(),
            Selection = selection,
            ErrorId = failure is OperationCanceledException ? null : OciException.IdOf(failure),
            Error = failure is OperationCanceledException ? null : failure.Message,
            StartTime = Options.Time.GetUtcNow(),
            DueTime = DueOf(failure),
            RunId = _runId,
        },
        failure,
        input));

    private OciSyncResult CreateRow(ImageTarget target, SourceImage source, Exception? failure, string? declined, bool planned)
    {
        var copy = target.Copy;
        var (status, why) = Judge(target, failure, declined, planned);
        var note = failure is null ? target.Instead?.Note ?? source.Note : null;
        var reason = note is null || why is null ? why ?? note : why + "; " + note;
        return new OciSyncResult
        {
            Source = source.Reference.ToString(),
            Destination = target.DisplayName,
            Status = status,
            Reason = failure is null && declined is null ? Remark(target, source, reason) : reason,
            Digest = failure is null ? (target.Instead?.Digest ?? target.Written ?? source.Wanted)?.ToString() : null,
            SourceDigest = (target.SourceDigest ?? source.Digest)?.ToString(),
            Selection = EntryText.Of(source.Selection, target.IncludeReferrer, target.Conversion, source.Trust.Entry, target.Signing.Entry),

            // The same text where it is the same digest: rows of many images hold one each.
            PreviousDigest = (target.Previous == source.Wanted ? source.Wanted : target.Previous)?.ToString(),
            DigestChanged = failure is null && target.Previous is not null && target.Previous != (target.Instead?.Digest ?? source.Wanted),
            Platforms = target.Platforms,
            TrustBasis = failure is null ? source.Trust.Outcome?.Basis : null,
            SignedBy = failure is null && source.Trust.Outcome is { } trust ? [.. trust.Signers] : [],
            SignedWith = failure is null && target.Signed.IsDone ? [.. target.Signing.Signers.Select(s => s.Name).Distinct()] : [],
            BytesCopied = copy.BytesCopied + target.Referrers.BytesCopied,
            BytesMounted = copy.BytesMounted + target.Referrers.BytesMounted,
            BytesSkipped = copy.BytesSkipped + target.Referrers.BytesSkipped,
            ReferrersCopied = target.Referrers.Count,
            SignaturesCopied = target.Signatures.Count,
            SourceReads = copy.SourceReads + target.Referrers.SourceReads,
            RetryCount = copy.RetryCount + target.Referrers.RetryCount + source.RetryCount,
            StartTime = target.StartTime,
            Duration = Options.Time.GetUtcNow() - target.StartTime,
            ErrorId = failure is null or OperationCanceledException ? null : OciException.IdOf(failure),
            Error = failure?.Message,
            DueTime = DueOf(failure),
            RunId = _runId,
        };
    }

    // When a registry that refuses for its limit gives again.
    private DateTimeOffset? DueOf(Exception? failure) =>
        failure is OciException { Kind: OciErrorKind.RateLimited, RetryAfter: { } wait } ? Options.Time.GetUtcNow() + wait : null;

    // Nobody should find out later that only a part was copied, or that the digest is another one.
    private static string? Remark(ImageTarget target, SourceImage source, string? reason)
    {
        var change = target.Copy.Client is IStagedDestination { ChangeReason: { } said } && target.Written is { } written && written != source.Wanted
            ? said
            : null;
        var notes = new[] { reason, source.LeftOut, change, source.Loss, source.Trust.Outcome?.Note, target.LeftBehind };
        return Array.TrueForAll(notes, n => n is null) ? null : string.Join("; ", notes.Where(n => n is not null));
    }

    private static string DescribeMissing(int referrers, int signatures, bool isSigned)
    {
        var missing = new[] { (referrers, "referrers"), (signatures, "signatures") }.Where(m => m.Item1 > 0)
            .Select(m => $"{m.Item1} of its {m.Item2} {(m.Item1 == 1 ? "was" : "were")} missing");
        return string.Join("; ", isSigned ? missing.Append("it was not signed by all keys") : missing);
    }

    private static (string Status, string? Reason) Judge(ImageTarget target, Exception? failure, string? declined, bool planned)
    {
        if (failure is not null)
        {
            return failure is OperationCanceledException ? (SyncStatus.Cancelled, "the run was stopped") : (SyncStatus.Failed, failure.Message);
        }

        if (declined is not null)
        {
            return (SyncStatus.Skipped, declined);
        }

        var repaired = target.Copy.BytesCopied > 0 || target.Copy.ManifestsWritten > 0 || target.Damage.Count > 0;
        var referrers = Math.Max(target.Referrers.Count, planned ? target.Referrers.Expected : 0);
        var signatures = Math.Max(target.Signatures.Count, planned ? target.Signatures.Expected : 0);
        var isSigned = Math.Max(target.Signed.Added, target.Signed.Missing) > 0;
        if (target.IsUpToDate && !repaired && referrers + signatures == 0 && !isSigned)
        {
            return (SyncStatus.UpToDate, target.Note ?? (target.Copy.IsVerifying ? "every blob is there" : null));
        }

        var fresh = target.Previous is null;
        var reason = target.IsUpToDate
            ? repaired
                ? target.Damage.Describe(target.Copy.Reference.Transport, planned)
                : DescribeMissing(referrers, signatures, isSigned)
            : target.Reason ?? (fresh ? null : "the tag pointed to another image");
        if (target.Copy.BlobsElsewhere is > 0 and var left)
        {
            reason = $"{left} of its blobs {(left == 1 ? "is" : "are")} left out: the baseline has {(left == 1 ? "it" : "them")}";
        }

        return planned
            ? (fresh ? SyncStatus.WouldCopy : SyncStatus.WouldUpdate, reason)
            : (fresh ? SyncStatus.Copied : SyncStatus.Updated, reason);
    }

    // An image that is there when its archive is complete.
    private sealed record StagedImage(IStagedDestination Destination, ImageTarget Target, SourceImage Source);
}
