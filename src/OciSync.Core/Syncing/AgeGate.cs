using System.Collections.Concurrent;
using System.Globalization;
using OciSync.Core.Copying;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Sights;

namespace OciSync.Core.Syncing;

/// <summary>
/// Holds back images that are not known from here for long enough (<c>-MinimumAge</c>): a tag by its name, and what it points to by its digest.
/// What the destination has counts as known. An image's own date is not looked at: who makes an image chooses it.
/// </summary>
internal sealed class AgeGate(CopyRun run, SyncRequest request, CancellationToken cancellationToken)
{
    private readonly ConcurrentDictionary<(string Source, string Destination), AgeVerdict> _verdicts = new();
    private readonly Lazy<SightLedger> _ledger = new(() => Open(run));
    private volatile bool _isBroken;

    /// <summary>The ledger can't be used: nothing may be taken, and the run ends.</summary>
    internal bool IsBroken => _isBroken;

    /// <summary>Fails when something is to be held back and there is no place for what is known.</summary>
    internal void Check()
    {
        if (request.MinimumAge > TimeSpan.Zero || request.Repositories.Any(r => AgeOf(r) > TimeSpan.Zero) || request.Pairs.Any(Applies))
        {
            _ = Ledger;
        }
    }

    /// <summary>How long the tags of a repository have to be known; zero for no time.</summary>
    internal TimeSpan AgeOf(SyncRepository repository) => repository.MinimumAge ?? request.MinimumAge ?? TimeSpan.Zero;

    /// <summary>Notes the tags of a repository, and gives those that are not known long enough by their names.</summary>
    internal async Task<IReadOnlyList<string>> FindYoungNamesAsync(SyncRepository repository, IReadOnlyList<string> names)
    {
        var tags = names.Where(n => ReferenceParser.FindTagFault(n, n) is null).ToList();
        var book = await SeeAsync(repository.Repository, tags, []).ConfigureAwait(false);
        var now = Ledger.Now(book);
        return tags.Where(t => book.Find(t) + AgeOf(repository) > now
            && !request.MinimumAgeExempt.Contains(repository.Repository.WithTag(t)) && repository.MinimumAgeExempt?.IsMatch(t) != true).ToList();
    }

    /// <summary>The pairs that may be worked on; those that are held back, and those that can't be judged, have their rows.</summary>
    internal async Task<IReadOnlyList<SyncPair>> HoldBackAsync(IReadOnlyList<SyncPair> pairs)
    {
        if (!pairs.Any(Applies))
        {
            return pairs;
        }

        var verdicts = await JudgeAsync(pairs, Fail).ConfigureAwait(false);
        var taken = new List<SyncPair>();
        for (var i = 0; i < pairs.Count; i++)
        {
            var (pair, verdict) = (pairs[i], verdicts[i]);
            if (verdict is { IsHeld: true })
            {
                run.Skip(pair with { SourceDigest = run.Heads.Find(pair.Source)?.Digest }, verdict.Reason!, verdict.Due);
            }
            else if (verdict is not null)
            {
                // What was judged is what is copied, wherever the tag goes from here.
                taken.Add(Applies(pair) ? pair with { SourceDigest = pair.SourceDigest ?? run.Heads.Find(pair.Source)!.Digest } : pair);
            }
        }

        return taken;
    }

    private void Fail(SyncPair pair, Exception failure)
    {
        if (pair.IsKnownMissing && KnownMissing.IsAbsence(failure))
        {
            run.Skip(pair, KnownMissing.Reason(failure));
        }
        else
        {
            run.Fail(pair, failure);
        }
    }

    /// <summary>Asks what the tags point to, notes it, and judges; null for what can't be asked.</summary>
    internal Task<IReadOnlyList<AgeVerdict?>> JudgeAsync(IReadOnlyList<SyncPair> pairs) => JudgeAsync(pairs, null);

    private async Task<IReadOnlyList<AgeVerdict?>> JudgeAsync(IReadOnlyList<SyncPair> pairs, Action<SyncPair, Exception>? onFailure)
    {
        var verdicts = pairs.Select(p => Applies(p) ? null : AgeVerdict.Old).ToArray();
        var open = Enumerable.Range(0, pairs.Count).Where(i => verdicts[i] is null).ToList();
        var heads = new ManifestHead?[pairs.Count];
        await ForEachAsync(open, async i => heads[i] = await run.Heads.AskAsync(pairs[i].Source.Image!, cancellationToken).ConfigureAwait(false))
            .ConfigureAwait(false);
        var books = new Dictionary<string, SightBook>(StringComparer.Ordinal);
        foreach (var repository in open.Where(i => heads[i] is not null).GroupBy(i => pairs[i].Source.Image!.Name))
        {
            books[repository.Key] = await SeeAsync(
                pairs[repository.First()].Source.Image!.WithTag(null),
                repository.Select(i => pairs[i].Source.Image!.Tag!).ToList(),
                repository.Select(i => heads[i]!.Digest).ToList()).ConfigureAwait(false);
        }

        await ForEachAsync(open.Where(i => heads[i] is not null), async i =>
            verdicts[i] = await JudgeAsync(pairs[i], heads[i]!.Digest, books[pairs[i].Source.Image!.Name]).ConfigureAwait(false)).ConfigureAwait(false);
        return verdicts;

        Task ForEachAsync(IEnumerable<int> indices, Func<int, Task> ask) => Throttle.ForEachAsync(
            indices, run.Options.ThrottleLimit, (i, _) => TryAsync(pairs[i], () => ask(i), onFailure), CancellationToken.None);
    }

    // Who can't be judged fails here, and isn't asked again: it might be let through then.
    private static async Task TryAsync(SyncPair pair, Func<Task> ask, Action<SyncPair, Exception>? onFailure)
    {
        try
        {
            await ask().ConfigureAwait(false);
        }
        catch (Exception e) when (e is OciException or OperationCanceledException)
        {
            onFailure?.Invoke(pair, e);
        }
    }

    private async Task<AgeVerdict> JudgeAsync(SyncPair pair, Digest digest, SightBook book)
    {
        var key = (pair.Source.ToString(), pair.Destination.ToString());
        return _verdicts.TryGetValue(key, out var known)
            ? known
            : _verdicts[key] = await JudgeNowAsync(pair, digest, book).ConfigureAwait(false);
    }

    private async Task<AgeVerdict> JudgeNowAsync(SyncPair pair, Digest digest, SightBook book)
    {
        var (age, now) = (AgeOf(pair), Ledger.Now(book));
        var (tagSeen, digestSeen) = (book.Find(pair.Source.Image!.Tag!) ?? now, book.Find(digest) ?? now);
        var (isTagYoung, isDigestYoung) = (tagSeen + age > now, digestSeen + age > now);
        if (!isTagYoung && !isDigestYoung)
        {
            return AgeVerdict.Old;
        }

        var destination = run.Pool.GetDestination(pair.Destination);
        var there = await destination.HeadManifestAsync(pair.Destination.TargetReference, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false);
        isTagYoung &= there is null;
        isDigestYoung = isDigestYoung && there?.Digest != digest && (pair.Destination.Image is null
            || await destination.HeadManifestAsync(digest.ToString(), WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false) is null);
        if (!isTagYoung && !isDigestYoung)
        {
            return AgeVerdict.Old with { IsThere = there is not null };
        }

        var seen = !isDigestYoung || (isTagYoung && tagSeen > digestSeen) ? tagSeen : digestSeen;
        return new AgeVerdict(Describe(seen, age, there?.Digest), seen + age, there is not null);
    }

    private static string Describe(DateTimeOffset seen, TimeSpan age, Digest? there) =>
        (there is null ? "it is known here since " : "what the tag points to by now is known here since ") + Text(seen)
            + $" and taken from {Text(seen + age)} (-MinimumAge {AgeText.Of(age)})" + (there is null ? string.Empty : $"; until then it stays {there}");

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private TimeSpan AgeOf(SyncPair pair) => pair.MinimumAge ?? request.MinimumAge ?? TimeSpan.Zero;

    // A digest was decided by who wrote it; a folder is somebody's own.
    private bool Applies(SyncPair pair) => AgeOf(pair) > TimeSpan.Zero && pair.Source.Image is { Tag: { } tag, Digest: null } image
        && pair.MinimumAgeExempt?.IsMatch(tag) != true && !request.MinimumAgeExempt.Contains(image);

    private async Task<SightBook> SeeAsync(ImageReference repository, IReadOnlyCollection<string> tags, IReadOnlyCollection<Digest> digests)
    {
        try
        {
            return await Ledger.SeeAsync(repository, tags, digests, cancellationToken).ConfigureAwait(false);
        }
        catch (OciException)
        {
            _isBroken = true;
            throw;
        }
    }

    private SightLedger Ledger => _ledger.Value;

    private static SightLedger Open(CopyRun run) => run.Options.StatePath is { } folder
        ? new SightLedger(folder, run.IsReadOnly, run.Options.Time, run.Events)
        : throw new OciException(
            OciErrorKind.ChoiceInvalid,
            "-MinimumAge needs -StatePath: a folder that is kept from run to run, in which it is noted when each tag was first seen. Nothing was copied.");
}
