using System.Collections.Concurrent;
using OciSync.Core.Conversion;
using OciSync.Core.Copying;
using OciSync.Core.Copying.Blobs;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Places;
using OciSync.Core.Pruning;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Signing;
using OciSync.Core.Signing.Enforcing;

namespace OciSync.Core.Syncing;

/// <summary>Runs a request: every image is tried, several at a time; rows come as they are ready.</summary>
internal sealed class SyncRunner
{
    private readonly SyncRequest _request;
    private readonly CopyRun _run;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<SourceKey, SourceImage> _sources = [];
    private readonly HashSet<SourceKey> _waiting = [];
    private readonly ConcurrentDictionary<SourceKey, Digest?> _ended = new();
    private readonly AgeGate _ages;
    private readonly QuotaStops _quotas = new();
    private readonly Baseline? _baseline;
    private readonly PlanOrder? _order;
    private readonly PairSettings _settings;
    private IReadOnlyList<SyncPair> _named = [];
    private IReadOnlyList<ImageLocation> _absent = [];
    private Pruner? _pruner;
    private volatile bool _hasFailed;

    private SyncRunner(SyncRequest request, CopyRun run, PlanOrder? order, CancellationToken cancellationToken)
    {
        _order = order;
        _request = request;
        _run = run;
        _cancellation = cancellationToken;
        _settings = new PairSettings(run.Pool, request);
        _ages = new AgeGate(run, request, cancellationToken);
        _baseline = request.Baseline.Count > 0 ? new Baseline(request.Baseline, run.Pool) : null;
    }

    /// <summary>Runs the request. Failures are outcomes; only a cancelled caller makes this throw.</summary>
    internal static async Task RunAsync(
        SyncRequest request, RegistryPool pool, Action<SyncOutcome> onOutcome, Func<OciSyncResult, Task<bool>>? confirm, CancellationToken cancellationToken,
        CostSheet? cost = null)
    {
        using var limit = new TimeLimit(pool.Options.RunTimeout, "The run (-RunTimeoutSec)", pool.Options.Time, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        SyncRunner? runner = null;
        var order = request.IsReadOnly ? new PlanOrder(onOutcome) : null;
        using var run = new CopyRun(
            pool,
            request.IsReadOnly,
            outcome =>
            {
                (order is null ? onOutcome : order.Add)(outcome);
                CountImage(outcome.Row, pool.Events);
                runner!.Learn(outcome);
                if (request.FailFast && outcome.Failure is not null)
                {
                    stop.Cancel();
                }
            },
            confirm)
        { Limit = limit, Cost = cost };
        runner = new SyncRunner(request, run, order, stop.Token);
        try
        {
            await runner.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            runner._quotas.Tell(pool.Events);

            // Rows that waited for their turn are given, however the run ends.
            order?.End();
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task RunAsync()
    {
        var (leaders, followers) = await PrepareAsync().ConfigureAwait(false);
        await RunAsync(leaders, null).ConfigureAwait(false);
        await RunAsync(followers, "the same image as another source of this name").ConfigureAwait(false);
        await _run.CommitAsync(_cancellation).ConfigureAwait(false);
        _run.LeftBehind.Tell();
        if (_pruner is not null)
        {
            await _pruner.FinishAsync(_hasFailed || _cancellation.IsCancellationRequested).ConfigureAwait(false);
        }
    }

    // Of ten thousand tags to three places there are thirty thousand pairs: the queues alone hold them, so that each goes with its image.
    private async Task<(Queue<ImagePairs> Leaders, Queue<ImagePairs> Followers)> PrepareAsync()
    {
        var plan = SyncPlan.Create(await FindWorkAsync().ConfigureAwait(false), _request);
        _run.Events.CountImages(plan.Leaders.Count + plan.Followers.Count);
        _order?.Begin(_request.Inputs, _named, plan.Leaders.Concat(plan.Followers.Select(f => f.Pair)));
        foreach (var pair in plan.Leaders.Where(p => p.Destination.Image?.Tag is not null))
        {
            _run.TagsOf(pair.Destination).Expect();
        }

        await PreparePruningAsync().ConfigureAwait(false);
        _named = [];
        _waiting.UnionWith(plan.Followers.Select(f => _settings.KeyOf(f.Pair)));
        var collisions = await FindCollisionsAsync(plan).ConfigureAwait(false);
        var leaders = collisions.Count == 0 ? plan.Leaders : plan.Leaders.Where(p => !collisions.Contains(p)).ToList();
        if (!_run.IsReadOnly)
        {
            _run.TagBatches.Plan(leaders, FindDigestAsync);
        }

        return (new Queue<ImagePairs>(_settings.Group(leaders)),
            new Queue<ImagePairs>(_settings.Group(plan.Followers.Where(f => !collisions.Contains(f.Pair)).Select(f => f.Pair))));
    }

    private async Task<Digest?> FindDigestAsync(SyncPair pair) =>
        _ended.TryGetValue(_settings.KeyOf(pair), out var known) ? known : (await ResolveAsync(pair).ConfigureAwait(false)).Digest;

    // What is pruned is no image of the choice.
    private static void CountImage(OciSyncResult row, EngineEvents events)
    {
        if (row.Source.Length > 0)
        {
            events.CountImage();
        }
    }

    private void Learn(SyncOutcome outcome)
    {
        _quotas.Learn(outcome);
        _hasFailed |= outcome.Failure is not null;
        _pruner?.Learn(outcome);
    }

    // What is left alone is chosen too. Nothing is asked of the destinations when a listing has failed already.
    private async Task PreparePruningAsync()
    {
        if (PrunePlaces.Find(_run.Pool, _named, _absent, _request) is { Count: > 0 } places)
        {
            _pruner = new Pruner(_run, _request.Prune ?? new PruneRequest(), places, _cancellation);
            if (!_hasFailed)
            {
                await _pruner.PrepareAsync().ConfigureAwait(false);
            }
        }
    }

    // What is left of a part is found after all names are known: who collides stays together. What is left out here, as another part's or
    // as it is there already, is chosen all the same.
    private async Task<IReadOnlyList<SyncPair>> FindWorkAsync()
    {
        _ages.Check();
        var found = await ExpandAsync().ConfigureAwait(false);
        await _run.Pool.Engines.LearnAsync(found.Select(p => p.Source), found.Select(p => p.Destination), _cancellation).ConfigureAwait(false);
        var pairs = found.Select(_settings.Complete).ToList();
        _named = pairs;
        var left = await new ExistingImages(_run, _request.AdditionalTags, _cancellation)
            .SkipAsync(_request.Shard is { } shard ? SyncPlan.Create(pairs, _request).PairsOf(shard) : pairs).ConfigureAwait(false);
        return await _ages.HoldBackAsync(left).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<SyncPair>> ExpandAsync()
    {
        Greeting.Begin(_run.Pool, _request.Repositories, _cancellation);
        var expander = new SyncExpander(_run, _request, _ages, _cancellation);
        var images = await expander.ExpandAsync(_request.Repositories).ConfigureAwait(false);
        _absent = expander.Absent;
        var folders = await new FolderExpander(_run).ExpandAsync(_request.Folders).ConfigureAwait(false);
        var named = _request.Pairs.Count + folders.Count == 0 ? images : [.. _request.Pairs, .. images, .. folders];
        return _request.Newer
            ? [.. named, .. await new NewerTags(_run, _cancellation).FindAsync(named, expander.Listed).ConfigureAwait(false)]
            : named;
    }

    private async Task RunAsync(Queue<ImagePairs> images, string? note)
    {
        await Throttle.DrainAsync(
            images,
            Math.Max(_run.Options.ThrottleLimit, _run.Options.FarThrottleLimit ?? 0),
            (image, _) => _run.Pool.Images.RunAsync(() => RunImageAsync(image, note)),
            CancellationToken.None).ConfigureAwait(false);
        await _run.TagBatches.EndAsync().ConfigureAwait(false);
    }

    private async Task RunImageAsync(ImagePairs image, string? note)
    {
        var first = image.Pairs[0];
        var name = _run.Options.ImageTimeout is null ? string.Empty : $"'{first.Source}' (-ImageTimeoutSec)";
        using var limit = new TimeLimit(_run.Options.ImageTimeout, name, _run.Options.Time, _cancellation);
        var targets = new List<ImageTarget>();
        foreach (var pair in image.Pairs)
        {
            if (TryDo(pair, () => CreateTarget(pair, note, limit)) is { } target)
            {
                targets.Add(target);
            }
        }

        if (targets.Count > 0 && TryDo(first, () => FindSource(first, image.Key)) is { } source)
        {
            await new ImageCopier(_run, source, limit.Token).RunAsync(targets).ConfigureAwait(false);
            source.Release();
            Forget(image.Key, source.Wanted);
        }

        targets.Where(t => t.IsFinished).ToList().ForEach(t => t.Copy.Dispose());
    }

    // Settings files and certificates are read when a registry is first met: what is wrong with them is this image's failure.
    private T? TryDo<T>(SyncPair pair, Func<T> action)
        where T : class
    {
        try
        {
            return action();
        }
        catch (OciException e)
        {
            _run.Fail(pair, e);
            return null;
        }
    }

    private ImageTarget CreateTarget(SyncPair pair, string? note, TimeLimit limit)
    {
        var destination = pair.Destination;
        var client = _run.Pool.GetDestination(destination);
        if (_baseline is not null && destination.Transport != ImageTransport.Oci)
        {
            throw new OciException(OciErrorKind.TransportUnsupported, $"'{destination}' must be whole: with -Baseline images go to an OCI layout (oci:path).");
        }

        var further = _request.AdditionalTags.Select(destination.NameBeside);
        IReadOnlyList<string> references = destination.IsRepository
            ? [.. further]
            : [destination.TargetReference, .. further.Where(t => t != destination.TargetReference)];
        return new ImageTarget(new DestinationCopy(destination, client, _run.TagsOf(destination), IsVerifying, _run.Events), references)
        {
            Input = pair.Input,
            Note = note,
            FindElsewhere = _baseline is null ? null : token => _baseline.FindAsync(destination, pair.Source.Image, token),
            IncludeReferrer = pair.IncludeReferrer ?? false,
            IsKnownMissing = pair.IsKnownMissing,
            Limit = limit,
            Reason = pair.Reason,
            SourceDigest = pair.SourceDigest,
            Conversion = pair.Conversion,
            Digest = pair.Digest,
            Signing = pair.Signing!,
            StartTime = _run.Options.Time.GetUtcNow(),
        };
    }

    // An equal digest doesn't tell whether foreign layers came along before.
    private bool IsVerifying => _request.Verify || _request.Conversion.IncludeForeignLayers;

    private SourceImage FindSource(SyncPair pair, SourceKey key)
    {
        lock (_sources)
        {
            if (!_sources.TryGetValue(key, out var source))
            {
                var trust = new TrustGate(pair.Source, key.Trust, _run.Trust);
                source = new SourceImage(
                    pair.Source, _run.Pool.GetSource(pair.Source), key.Selection, key.Plan, _run.Spool, _run.Foreign, trust, _run.Events)
                {
                    Known = _run.Heads.Find(pair.Source),
                };
                _sources.Add(key, source);
            }

            return source;
        }
    }

    // Nobody asks for it again, but for pairs that wait for a name: what was read of ten thousand images is not kept to the end.
    private void Forget(SourceKey key, Digest? wanted)
    {
        if (!_run.IsReadOnly)
        {
            _ended[key] = wanted;
        }

        lock (_sources)
        {
            if (!_waiting.Contains(key))
            {
                _sources.Remove(key);
            }
        }
    }

    // Two sources for one name are one image when their digests are equal; otherwise neither is copied, or only the first where that is the rule.
    private async Task<HashSet<SyncPair>> FindCollisionsAsync(SyncPlan plan)
    {
        var collisions = new HashSet<SyncPair>();
        foreach (var group in plan.Followers.GroupBy(f => f.Leader))
        {
            var pairs = group.Select(f => f.Pair).Prepend(group.Key).ToList();
            var answers = await Task.WhenAll(pairs.Select(ResolveAsync)).ConfigureAwait(false);
            if (_cancellation.IsCancellationRequested)
            {
                return collisions;
            }

            var failed = Enumerable.Range(0, pairs.Count).Where(i => answers[i].Failure is not null).ToList();
            foreach (var i in failed)
            {
                // It isn't asked again: if it came back in the meantime it would take the name from the others.
                collisions.Add(pairs[i]);
                Fail(pairs[i], answers[i].Failure!);
            }

            var read = Enumerable.Range(0, pairs.Count).Except(failed).ToList();
            if (group.Key.FirstWins && (failed.Contains(0) || IsMixed(answers)))
            {
                PassOver(read.Where(i => i > 0).Select(i => pairs[i]), group.Key, collisions);
            }
            else if (IsMixed(answers) || NameCollision.IsCased(pairs))
            {
                var names = string.Join(" and ", read.Select(i => $"'{pairs[i].Source}'"));
                foreach (var pair in read.Select(i => pairs[i]))
                {
                    collisions.Add(pair);
                    _run.Fail(pair, NameCollision.Create(names, pair, NameCollision.IsCased(pairs)));
                }
            }
        }

        return collisions;
    }

    private void Fail(SyncPair pair, OciException failure)
    {
        if (pair.IsKnownMissing && KnownMissing.IsAbsence(failure))
        {
            _run.Skip(pair, KnownMissing.Reason(failure));
        }
        else
        {
            _run.Fail(pair, failure);
        }
    }

    private void PassOver(IEnumerable<SyncPair> later, SyncPair first, HashSet<SyncPair> collisions)
    {
        foreach (var pair in later)
        {
            collisions.Add(pair);
            _run.PassOver(pair, $"'{first.Source}' comes first and has the name '{pair.Destination}'");
        }
    }

    private static bool IsMixed(IEnumerable<(Digest? Digest, OciException? Failure)> answers) =>
        answers.Where(a => a.Failure is null).Select(a => a.Digest).Distinct().Count() > 1;

    private async Task<(Digest? Digest, OciException? Failure)> ResolveAsync(SyncPair pair)
    {
        try
        {
            var source = FindSource(pair, _settings.KeyOf(pair));
            await source.ResolveAsync(_cancellation).ConfigureAwait(false);
            source.Require(pair.SourceDigest);
            return (source.Wanted, null);
        }
        catch (OciException e)
        {
            return (null, e);
        }
        catch (OperationCanceledException)
        {
            // The run is ending: each pair gets its row by that.
            return (null, null);
        }
    }
}
