using OciSync.Core.Copying.Blobs;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Polyfills;
using OciSync.Core.References;

namespace OciSync.Core.Copying;

/// <summary>
/// Brings one source image to its destinations: compares, asks, brings the blobs together and the manifests to each. Every destination
/// ends by itself, with a row, whatever happens to the others.
/// </summary>
internal sealed class ImageCopier
{
    // Of an image whose manifest is still on its way: a config and a few layers.
    private const int BlobsOfMost = 4;

    private readonly CopyRun _run;
    private readonly SourceImage _source;
    private readonly CancellationToken _cancellation;
    private readonly Once<ImageTree> _tree;
    private readonly ImageCompanions _companions;
    private BlobDelivery? _delivery;

    internal ImageCopier(CopyRun run, SourceImage source, CancellationToken cancellationToken)
    {
        _run = run;
        _source = source;
        _cancellation = cancellationToken;
        _tree = new Once<ImageTree>(cancellationToken);
        _companions = new ImageCompanions(run, source, _tree, LoadAsync, cancellationToken);
    }

    /// <summary>Works on all destinations; each gives its row to <see cref="CopyRun.Finish"/> as soon as it has one.</summary>
    internal Task RunAsync(IReadOnlyList<ImageTarget> targets) => EndFailedAsync(targets, async () =>
    {
        _source.Trust.Begin();

        // Each destination is asked once, by who needs the answer first.
        var heads = targets.ToDictionary(
            t => t, t => new Lazy<Task<ManifestHead?[]>>(() => Task.WhenAll(t.References.Select(r => FindAsync(t.Copy, r)))));
        _source.FindHeld = token => FindHeldAsync(heads, token);
        _source.Holds = new HeldBlobs(targets, _run).AllHaveAsync;

        // The source and the destinations are asked at the same time.
        var resolve = _source.ResolveAsync(_cancellation);
        resolve.Observe();
        var asks = targets.ToDictionary(t => t, t => AskAsync(t, heads[t], resolve));
        await ServeAsync(asks, resolve).ConfigureAwait(false);
    });

    // The one place that turns what went wrong into rows: who has a row by then keeps it.
    private async Task EndFailedAsync(IReadOnlyList<ImageTarget> targets, Func<Task> step)
    {
        try
        {
            await step().ConfigureAwait(false);
        }
        catch (Exception e) when (e is OciException or OperationCanceledException)
        {
            foreach (var target in targets)
            {
                _run.Finish(target, _source, target.Copy.Failure ?? e);
            }
        }
    }

    private Task EndFailedAsync(ImageTarget target, Func<Task> step) => EndFailedAsync([target], step);

    // Who has answered by then is served together; who hasn't, by itself.
    private async Task ServeAsync(IReadOnlyDictionary<ImageTarget, Task> asks, Task resolve)
    {
        await Task.WhenAny(resolve).ConfigureAwait(false);
        if (resolve.Exception?.InnerException is { } fault and not OciException)
        {
            // What nobody has foreseen is this image's failure as well, and the others go on.
            asks.Keys.ToList().ForEach(t => _run.Finish(t, _source, fault));
            await Task.WhenAny(Task.WhenAll(asks.Values)).ConfigureAwait(false);
            return;
        }

        if (asks.Count == 1)
        {
            // Nobody else would have to wait.
            await Task.WhenAll(asks.Values).ConfigureAwait(false);
            await CopyAsync([.. asks.Keys]).ConfigureAwait(false);
            return;
        }

        var patience = TimeSpan.FromTicks(_run.Options.StallTimeout.Ticks / 4);
        await Task.WhenAll(asks.Values).EndOrAsync(patience, _run.Options.Time, _cancellation).ConfigureAwait(false);
        var prompt = asks.Keys.Where(t => asks[t].IsCompleted).ToList();
        var late = asks.Keys.Except(prompt).Select(async t =>
        {
            await asks[t].ConfigureAwait(false);
            await CopyAsync([t]).ConfigureAwait(false);
        });
        await Task.WhenAll(late.Concat([CopyAsync(prompt)]).ToList()).ConfigureAwait(false);
    }

    // The one image that all destinations have by their names. With -Verify nothing is believed.
    private async Task<ImageTree?> FindHeldAsync(
        IReadOnlyDictionary<ImageTarget, Lazy<Task<ManifestHead?[]>>> heads, CancellationToken cancellationToken)
    {
        try
        {
            (IImageSource Place, Digest Digest, DestinationCopy Copy)? held = null;
            foreach (var target in heads.Keys)
            {
                if (target.Copy.IsVerifying || target.NeedsName || target.Copy.Client is not IImageSource place
                    || (await heads[target].Value.ConfigureAwait(false))[0] is not { } head
                    || (held is not null && held.Value.Digest != head.Digest))
                {
                    return null;
                }

                held ??= (place, head.Digest, target.Copy);
            }

            if (held is not { } found)
            {
                return null;
            }

            var root = await found.Place.GetManifestAsync(found.Digest.ToString(), found.Copy.Work(cancellationToken)).ConfigureAwait(false);
            return await ImageTree.LoadAsync(found.Place, root, found.Copy.Work(cancellationToken)).ConfigureAwait(false);
        }
        catch (OciException e)
        {
            // What it has can't be read, whatever the reason: the destination's own row tells it, if it matters.
            _run.Events.Tell($"What the destination of '{_source.Reference}' has can't be compared: {e.Message}");
            return null;
        }
    }

    // What the destination has, and whether anything is to be done there. It never fails: a failure is a row.
    private Task AskAsync(ImageTarget target, Lazy<Task<ManifestHead?[]>> asked, Task resolve) => EndFailedAsync(target, async () =>
    {
        _companions.Check(target);
        if (target.NeedsName)
        {
            await resolve.ConfigureAwait(false);
            target.Name(_source);
        }

        var heads = asked.Value;
        heads.Observe();
        await resolve.ConfigureAwait(false);
        target.Name(_source);
        var found = await heads.ConfigureAwait(false);
        found.OfType<ManifestHead>().ToList().ForEach(h => _run.Proofs.Add(target.Copy.Client, h.Digest));
        target.Learn(_source, found);
        await DecideAsync(target).ConfigureAwait(false);
    });

    private async Task DecideAsync(ImageTarget target)
    {
        if (target.IsUpToDate && await _run.Sparse.IsPartMissingAsync(target.Copy, _source, _cancellation).ConfigureAwait(false))
        {
            target.Copy.VerifyParts();
        }

        if (target.IsUpToDate && !target.Copy.IsVerifying)
        {
            if (_run.Events.IsTold)
            {
                _run.Events.Tell($"'{target.Copy.Reference}' has {_source.Wanted} already.");
            }

            await EndAsync(target).ConfigureAwait(false);
        }
        else if (target.IsUpToDate)
        {
            _run.Events.Tell($"'{target.Copy.Reference}' has {_source.Wanted} already; its blobs are checked.");
        }
        else
        {
            await ChangeOrEndAsync(target).ConfigureAwait(false);
        }
    }

    // Something is to be done there: a plan ends here, and so does what the user declines.
    private async Task ChangeOrEndAsync(ImageTarget target)
    {
        if (_source.Trust.NeedsSignature)
        {
            // What is refused is no change to be asked for, nor one to be planned.
            await _tree.RunAsync(LoadAsync, _cancellation).ConfigureAwait(false);
        }

        await _companions.CheckSignaturesAsync(target).ConfigureAwait(false);
        if (_run.IsReadOnly)
        {
            await CountAsync(target).ConfigureAwait(false);
            await EndAsync(target).ConfigureAwait(false);
        }
        else if (!await _run.ConfirmAsync(target, _source).ConfigureAwait(false))
        {
            _run.Finish(target, _source, null, "declined");
        }
    }

    // What it would cost is known when its manifests are: they are read then, as a run would.
    private async Task CountAsync(ImageTarget target)
    {
        if (_run.Cost is { } cost)
        {
            var tree = await _tree.RunAsync(LoadAsync, _cancellation).ConfigureAwait(false);
            target.Platforms = PlatformsOf(tree);
            await cost.AddAsync(_source, tree, target, _run.Options.MaxConnectionsPerRegistry, _cancellation).ConfigureAwait(false);
        }
    }

    // The image is there, or would be: what speaks of it comes last.
    private async Task EndAsync(ImageTarget target)
    {
        if (!target.IsUpToDate)
        {
            target.LeftBehind = await _companions.FindLeftAsync(target).ConfigureAwait(false);
        }

        _run.Finish(target, _source, null, await _companions.BringAsync(target).ConfigureAwait(false) ? null : "declined");
    }

    private Task<ManifestHead?> FindAsync(DestinationCopy copy, string reference) => copy.IsVerifying || copy.Reference.Image?.Tag is null
        ? copy.Client.HeadManifestAsync(reference, copy.Work(_cancellation))
        : copy.Tags.FindAsync(copy.Client, reference, copy.Work(_cancellation));

    private Task CopyAsync(IReadOnlyList<ImageTarget> asked) =>
        Open(asked) is { Count: > 0 } targets ? EndFailedAsync(targets, () => CopyOpenAsync(targets)) : Task.CompletedTask;

    private async Task CopyOpenAsync(List<ImageTarget> asked)
    {
        asked.ForEach(t => t.Copy.Client.Connection.OpenAhead(BlobsOfMost));
        var tree = await _tree.RunAsync(LoadAsync, _cancellation).ConfigureAwait(false);
        _source.Client.Connection.OpenAhead(tree.Blobs.Count);
        var targets = await PrepareAsync(asked, tree).ConfigureAwait(false);
        await Task.WhenAll(targets.Where(t => t.IsUpToDate).Select(t => VerifyAsync(t, tree))).ConfigureAwait(false);
        targets = Open(targets);
        if (targets.Count == 0)
        {
            return;
        }

        _run.Events.Plan(targets.Count * tree.Blobs.Sum(b => b.Size));
        var deliveries = targets.ToDictionary(t => t, _ => new List<Task>());
        var blobs = BringBlobsAsync(tree, targets, deliveries);
        await Task.WhenAll(targets.Select(t => FinishAsync(t, tree, blobs, deliveries[t]))).ConfigureAwait(false);
    }

    // What is known only with the image's manifests; who still has something to be done comes back.
    private async Task<List<ImageTarget>> PrepareAsync(List<ImageTarget> targets, ImageTree tree)
    {
        targets.ForEach(t => t.Platforms = PlatformsOf(tree));
        foreach (var target in targets.Where(t => t.FindElsewhere is not null))
        {
            target.Copy.Elsewhere = await target.FindElsewhere!(_cancellation).ConfigureAwait(false);
        }

        foreach (var target in targets)
        {
            await RelearnAsync(target).ConfigureAwait(false);
            await CheckAsync(target, tree).ConfigureAwait(false);
        }

        return Open(targets);
    }

    private static List<ImageTarget> Open(IEnumerable<ImageTarget> targets) => targets.Where(t => !t.IsFinished).ToList();

    // What can't be there is refused before its blobs are fetched.
    private Task CheckAsync(ImageTarget target, ImageTree tree) => EndFailedAsync(target, () =>
    {
        if (tree.Kept is not null)
        {
            _run.Sparse.Check(target.Copy);
        }

        (target.Copy.Client as IStagedDestination)?.Check(tree, _source.Reference.ToString());
        return Task.CompletedTask;
    });

    // Only the manifest itself may have told that it has to be converted.
    private Task RelearnAsync(ImageTarget target) => EndFailedAsync(target, async () =>
    {
        if (target.Relearn(_source) && target.IsUpToDate && !target.Copy.IsVerifying)
        {
            await EndAsync(target).ConfigureAwait(false);
        }
    });

    private string[] PlatformsOf(ImageTree tree) => _source.Chosen is { } chosen ? [chosen.ToString()] : [.. _source.Sparse?.KeptPlatforms ?? tree.Platforms];

    private async Task<ImageTree> LoadAsync(CancellationToken cancellationToken)
    {
        var tree = await _source.LoadAsync(cancellationToken).ConfigureAwait(false);
        await _source.CheckPlatformAsync(tree, cancellationToken).ConfigureAwait(false);
        _delivery = new BlobDelivery(_source.Client, _run.Ledger, _run.Options, _cancellation);
        return tree;
    }

    private Task BringBlobsAsync(ImageTree tree, List<ImageTarget> targets, Dictionary<ImageTarget, List<Task>> deliveries) =>
        Throttle.ForEachAsync(
            tree.Blobs,
            _run.Options.BlobsAtATime(_source.Client.Connection.IsFar || targets.Exists(t => t.Copy.Client.Connection.IsFar)),
            async (blob, _) =>
            {
                var open = targets.Where(t => t.Copy.Failure is null).ToList();
                if (open.Count == 0)
                {
                    return;
                }

                var (shared, each) = _delivery!.Deliver(blob, open.Select(t => t.Copy).ToList());
                lock (deliveries)
                {
                    for (var i = 0; i < open.Count; i++)
                    {
                        deliveries[open[i]].Add(each[i]);
                    }
                }

                await shared.ConfigureAwait(false);
            },
            _cancellation);

    private Task FinishAsync(ImageTarget target, ImageTree tree, Task blobs, List<Task> deliveries) => EndFailedAsync(target, async () =>
    {
        try
        {
            await blobs.ConfigureAwait(false);
        }
        finally
        {
            // Nothing is left behind that still works on this destination, however it ends.
            await Task.WhenAll(deliveries).ConfigureAwait(false);
        }

        if (target.Copy.Failure is null)
        {
            if (!await new ImagePusher(_run, _source, _delivery!, _cancellation).PushAsync(target, tree).ConfigureAwait(false))
            {
                return;
            }

            _run.Sparse.Note(target.Copy, _source);
        }

        if (target.Copy.Failure is { } failure)
        {
            _run.Finish(target, _source, await _source.ExplainAsync(failure, _cancellation).ConfigureAwait(false));
            return;
        }

        await EndAsync(target).ConfigureAwait(false);
    });

    // Looks at every part. What is whole is done; a repair is told, or asked for, like any other change.
    private Task VerifyAsync(ImageTarget target, ImageTree tree) => EndFailedAsync(target, async () =>
    {
        await target.Damage.FindAsync(target.Copy, tree, _run.Options.MaxConnectionsPerRegistry, _cancellation).ConfigureAwait(false);
        if (target.Damage.Count == 0)
        {
            target.Copy.CountSkipped(tree.Blobs.Sum(b => b.Size));
            _run.Sparse.Note(target.Copy, _source);
            await EndAsync(target).ConfigureAwait(false);
        }
        else
        {
            await ChangeOrEndAsync(target).ConfigureAwait(false);
        }
    });
}
