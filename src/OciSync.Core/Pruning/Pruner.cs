using OciSync.Core.Copying;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Removing;
using OciSync.Core.Requests;
using OciSync.Core.Rows;

namespace OciSync.Core.Pruning;

/// <summary>
/// Prunes the destinations of a run: what may go is found and confirmed before anything is copied, and goes at the end, if all went well and
/// it is still as it was.
/// </summary>
internal sealed class Pruner(CopyRun run, PruneRequest request, IReadOnlyList<PrunePlace> places, CancellationToken cancellationToken)
{
    private const int MostNames = 10;

    private readonly Dictionary<PrunePlace, IReadOnlyList<PruneDecision>> _plans = [];
    private readonly Dictionary<string, DeleteWay> _ways = new(StringComparer.Ordinal);
    private readonly List<(PrunePlace Place, OciException Failure)> _failures = [];
    private bool _isDeclined;

    /// <summary>Finds out what would go. <exception cref="OciException">A registry deletes nothing, so that the run should not begin.</exception></summary>
    internal async Task PrepareAsync()
    {
        var tags = 0;
        foreach (var place in places)
        {
            try
            {
                var way = run.IsReadOnly ? null : (DeleteWay?)await FindWayAsync(place).ConfigureAwait(false);
                var listed = await place.ListAsync(cancellationToken).ConfigureAwait(false);
                tags += listed.Count;
                _plans[place] = PrunePlanner.Plan(
                    await new PruneReader(place, cancellationToken).ReadAsync(listed, way ?? LayoutWay(place)).ConfigureAwait(false));
            }
            catch (OciException e) when (e.Kind != OciErrorKind.DeleteUnsupported)
            {
                _failures.Add((place, e));
            }
        }

        CheckLimit(tags);
        var going = Going().ToList();
        if (_failures.Count == 0 && going.Count > 0 && !run.IsReadOnly && request.Confirm is { } confirm)
        {
            _isDeclined = !await confirm(going.Select(g => Row(g.Place, g.Decision, SyncStatus.WouldPrune, g.Decision.Reason)).ToList()).ConfigureAwait(false);
        }
    }

    /// <summary>Prunes, or tells what would be pruned, or why nothing is.</summary>
    /// <param name="hasFailed">Something of the run has failed: then nothing is pruned.</param>
    internal async Task FinishAsync(bool hasFailed)
    {
        if (hasFailed)
        {
            run.Events.Warn("Nothing is pruned, as not all that was asked for could be listed and copied.");
        }
        else if (_failures.Count > 0)
        {
            _failures.ForEach(f => run.Fail(string.Empty, f.Place.Name, f.Failure, f.Place.Name));
        }
        else if (run.IsReadOnly || _isDeclined)
        {
            TellPlan();
        }
        else
        {
            foreach (var plan in _plans)
            {
                await new PruneExecution(run, plan.Key, plan.Value, cancellationToken).RunAsync(
                    LayoutWay(plan.Key) ?? _ways[plan.Key.Client!.Connection.Host]).ConfigureAwait(false);
            }
        }
    }

    /// <summary>An image came here by its digest: it is needed.</summary>
    internal void Learn(SyncOutcome outcome)
    {
        if (outcome.Destination is { } destination && Digest.TryParse(outcome.Row.Digest ?? string.Empty, out var digest, out _))
        {
            foreach (var place in places.Where(p => p.Holds(destination)))
            {
                lock (place.ChosenDigests)
                {
                    place.ChosenDigests.Add(digest!);
                }
            }
        }
    }

    internal static OciSyncResult Row(CopyRun run, PrunePlace place, PruneTag tag, string status, string reason, Exception? failure = null) => new()
    {
        Destination = place.Describe(tag.Name),
        Status = status,
        Reason = failure?.Message ?? reason,
        PreviousDigest = tag.Digest.ToString(),
        ErrorId = failure is null ? null : OciException.IdOf(failure),
        Error = failure?.Message,
        StartTime = run.Options.Time.GetUtcNow(),
        RunId = run.RunId,
    };

    private OciSyncResult Row(PrunePlace place, PruneDecision decision, string status, string reason) => Row(run, place, decision.Tag, status, reason);

    private void TellPlan()
    {
        foreach (var (place, decision) in _plans.SelectMany(p => p.Value.Select(d => (p.Key, d))))
        {
            var goes = decision.IsPruned;
            run.Tell(Row(
                place,
                decision,
                goes && !_isDeclined ? SyncStatus.WouldPrune : SyncStatus.Skipped,
                goes && _isDeclined ? "not confirmed" : decision.Reason));
        }
    }

    private IEnumerable<(PrunePlace Place, PruneDecision Decision)> Going() =>
        _plans.SelectMany(p => p.Value.Where(d => d.IsPruned).Select(d => (p.Key, d)));

    private void CheckLimit(int tags)
    {
        var going = Going().ToList();
        var limit = request.Limit.Of(tags);
        if (going.Count <= limit)
        {
            return;
        }

        var names = string.Join(", ", going.Take(MostNames).Select(g => g.Place.Describe(g.Decision.Tag.Name)))
            + (going.Count > MostNames ? ", …" : string.Empty);
        _failures.Add((
            going.GroupBy(g => g.Place).OrderByDescending(g => g.Count()).First().Key,
            new OciException(
                OciErrorKind.PruneLimitExceeded,
                $"Nothing is pruned: {going.Count} of {tags} tags would go, and at most {limit} may: {names}. If that is meant, say so: "
                + $"-MaxPrune {going.Count} (with -WhatIf to see them all).")));
    }

    private static DeleteWay? LayoutWay(PrunePlace place) => place.Client is null ? DeleteWay.Tag : null;

    private async Task<DeleteWay> FindWayAsync(PrunePlace place)
    {
        if (place.Client is not { } client)
        {
            return DeleteWay.Tag;
        }

        if (!_ways.TryGetValue(client.Connection.Host, out var way))
        {
            way = await ManifestDeletion.FindWayAsync(client, cancellationToken).ConfigureAwait(false);
            _ways.Add(client.Connection.Host, way);
        }

        return way == DeleteWay.None
            ? throw new OciException(
                OciErrorKind.DeleteUnsupported,
                $"Nothing was copied, as '{place.Name}' can't be pruned: {ManifestDeletion.Unsupported(place.Registry).Message} Or leave out -Prune.")
            : way;
    }
}
