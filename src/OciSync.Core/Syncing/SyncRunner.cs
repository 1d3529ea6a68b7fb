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
        var plan = SyncPlan.Create((await FindWorkAsync().ConfigureAwait(false)).Select(Complete), _request);
        _run.Events.CountImages(plan.Leaders.Count + plan.Followers.Count);
        _order?.Begin(_request.Inputs, _named, [.. plan.Leaders, .. plan.Followers.Select(f => f.Pair)]);
        plan.Leaders.Where(p => p.Destination.Image?.Tag is not null).ToList().ForEach(p => _run.TagsOf(p.Destination).Expect());
        await PreparePruningAsync().ConfigureAwait(false);
        _waiting.UnionWith(plan.Followers.Select(f => KeyOf(f.Pair)));
        var collisions = await FindCollisionsAsync(plan).ConfigureAwait(false);
        var leaders = plan.Leaders.Where(p => !collisions.Contains(p)).ToList();
        _run.TagBatches.Plan(leaders, async p => _ended.TryGetValue(KeyOf(p), out var known) ? known : (await ResolveAsync(p).ConfigureAwait(false)).Digest);
        await RunAsync(leaders, null).ConfigureAwait(false);
        await RunAsync(
            plan.Followers.Where(f => !collisions.Contains(f.Pair)).Select(f => f.Pair),
            "the same image as another source of this name").ConfigureAwait(false);
        await _run.CommitAsync(_cancellation).ConfigureAwait(false);
        _run.LeftBehind.Tell();
        if (_pruner is not null)
        {
            await _pruner.FinishAsync(_hasFailed || _cancellation.IsCancellationRequested).ConfigureAwait(false);
        }
    }

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
        var pairs = found.Select(p => p with
        {
            Selection = SelectionOf(p),
            Conversion = ConversionOf(p),
            Trust = p.Trust ?? _request.Trust,
            SkipExisting = p.SkipExisting ?? _request.SkipExisting,
            IsKnownMissing = p.IsKnownMissing || (p.Source.Image is { } image && _request.KnownMissing.Contains(image)),
        }).ToList();
        _named = pairs;
        var left = await new ExistingImages(_run, _request.AdditionalTags, _cancellation)
            .SkipAsync(_request.Shard is { } shard ? SyncPlan.Create(pairs, _request).PairsOf(shard) : pairs).ConfigureAwait(false);
        return await _ages.HoldBackAsync(left).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<SyncPair>> ExpandAsync()
    {
        var expander = new SyncExpander(_run, _request, _ages, _cancellation);
        var images = await expander.ExpandAsync(_request.Repositories).ConfigureAwait(false);
        _absent = expander.Absent;
        IReadOnlyList<SyncPair> named = [.. _request.Pairs, .. images, .. await new FolderExpander(_run).ExpandAsync(_request.Folders).ConfigureAwait(false)];
        return _request.Newer
            ? [.. named, .. await new NewerTags(_run, _cancellation).FindAsync(named, expander.Listed).ConfigureAwait(false)]
            : named;
    }

    private async Task RunAsync(IEnumerable<SyncPair> pairs, string? note)
    {
        var images = pairs.GroupBy(KeyOf).ToList();
        await Throttle.ForEachAsync(
            images,
            Math.Max(_run.Options.ThrottleLimit, _run.Options.FarThrottleLimit ?? 0),
            (image, _) => _run.Pool.Images.RunAsync(() => RunImageAsync(image.ToList(), note)),
            CancellationToken.None).ConfigureAwait(false);
        await _run.TagBatches.EndAsync().ConfigureAwait(false);
    }

    private async Task RunImageAsync(List<SyncPair> pairs, string? note)
    {
        using var limit = new TimeLimit(_run.Options.ImageTimeout, $"'{pairs[0].Source}' (-ImageTimeoutSec)", _run.Options.Time, _cancellation);
        var targets = new List<ImageTarget>();
        foreach (var pair in pairs)
        {
            if (TryDo(pair, () => CreateTarget(pair, note, limit)) is { } target)
            {
                targets.Add(target);
            }
        }

        if (targets.Count > 0 && TryDo(pairs[0], () => FindSource(pairs[0])) is { } source)
        {
            await new ImageCopier(_run, source, limit.Token).RunAsync(targets).ConfigureAwait(false);
            source.Release();
            _ended[KeyOf(pairs[0])] = source.Wanted;
            Forget(pairs[0]);
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

    private SyncPair Complete(SyncPair pair) => pair with { IncludeReferrer = pair.IncludeReferrer ?? _request.IncludeReferrer };

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
            StartTime = _run.Options.Time.GetUtcNow(),
        };
    }

    // An equal digest doesn't tell whether foreign layers came along before.
    private bool IsVerifying => _request.Verify || _request.Conversion.IncludeForeignLayers;

    private ImageSelection SelectionOf(SyncPair pair) => (pair.Selection ?? _request.Selection) with
    {
        KeepIndex = KeepsIndex(pair),
        IsSingle = _run.Pool.Engines.HoldsOnePlatform(pair.Destination),
    };

    private bool KeepsIndex(SyncPair pair) => pair.Selection?.KeepIndex == true || _request.Selection.KeepIndex;

    // A file and a command may each be right, and not together.
    private ConversionOptions ConversionOf(SyncPair pair)
    {
        var conversion = _request.Conversion.Over(pair.Conversion);
        var fault = (_request.Selection.IndexOnly || KeepsIndex(pair)) && (conversion.Format is not null || conversion.Compression is not null)
            ? "an index that is copied as it is (-IndexOnly, -KeepIndex) goes neither with a format nor with a compression"
            : conversion.FindFault();
        conversion = KeepsIndex(pair) ? conversion with { PreserveDigest = true } : conversion;
        return fault is null ? conversion : throw new OciException(OciErrorKind.ChoiceInvalid, $"'{pair.Source}': {fault}. Nothing was copied.");
    }

    // Pairs of one key share what is read; what of the image, and as what, was filled in when they were found.
    private SourceKey KeyOf(SyncPair pair) => new(
        pair.Source.ToString(),
        pair.Selection!,
        pair.Conversion!.PlanFor(_run.Pool.Engines.KindOf(pair.Source, isSource: true), _run.Pool.Engines.KindOf(pair.Destination)),
        pair.Trust!);

    private SourceImage FindSource(SyncPair pair)
    {
        lock (_sources)
        {
            var key = KeyOf(pair);
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
    private void Forget(SyncPair pair)
    {
        lock (_sources)
        {
            var key = KeyOf(pair);
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
            var source = FindSource(pair);
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
