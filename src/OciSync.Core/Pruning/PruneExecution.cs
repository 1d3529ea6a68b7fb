using OciSync.Core.Copying;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Removing;
using OciSync.Core.Rows;

namespace OciSync.Core.Pruning;

/// <summary>
/// Carries out the plan for one repository. It is planned once more, as images have come since; what was not in the plan that was confirmed,
/// or points to something else now, stays.
/// </summary>
internal sealed class PruneExecution(CopyRun run, PrunePlace place, IReadOnlyList<PruneDecision> confirmed, CancellationToken cancellationToken)
{
    private readonly Dictionary<string, Digest> _confirmed = confirmed
        .Where(d => d.IsPruned)
        .ToDictionary(d => d.Tag.Name, d => d.Tag.Digest, StringComparer.Ordinal);

    internal async Task RunAsync(DeleteWay way)
    {
        try
        {
            var tags = await place.ListAsync(cancellationToken).ConfigureAwait(false);
            var plan = PrunePlanner.Plan(await new PruneReader(place, cancellationToken).ReadAsync(tags, way).ConfigureAwait(false));
            var going = plan.Where(d => d.IsPruned && IsConfirmed(d.Tag)).Select(d => d.Tag).ToList();
            if (way == DeleteWay.Tag && going.Count > 0 && !await TryTagAsync(going[0]).ConfigureAwait(false))
            {
                // It seemed to delete tags, and doesn't.
                await RunAsync(DeleteWay.Digest).ConfigureAwait(false);
                return;
            }

            TellStaying(plan);
            await (way == DeleteWay.Tag ? DeleteTagsAsync(going.Skip(1)) : DeleteDigestsAsync(going, plan)).ConfigureAwait(false);
        }
        catch (OciException e)
        {
            run.Fail(string.Empty, place.Name, e, place.Name);
        }
    }

    private bool IsConfirmed(PruneTag tag) => _confirmed.TryGetValue(tag.Name, out var digest) && digest == tag.Digest;

    private void TellStaying(IReadOnlyList<PruneDecision> plan)
    {
        foreach (var decision in plan.Where(d => !d.IsPruned))
        {
            Tell(decision.Tag, SyncStatus.Skipped, decision.Reason);
        }

        foreach (var decision in plan.Where(d => d.IsPruned && !IsConfirmed(d.Tag)))
        {
            if (_confirmed.ContainsKey(decision.Tag.Name))
            {
                Tell(decision.Tag, SyncStatus.Skipped, PrunePlanner.Moved);
            }
            else
            {
                run.Events.Decide($"'{place.Describe(decision.Tag.Name)}' stays: it has come since it was planned what goes.");
            }
        }
    }

    private Task DeleteTagsAsync(IEnumerable<PruneTag> tags) => Throttle.ForEachAsync(
        tags,
        place.Client is null ? 1 : place.Connections,
        async (tag, _) =>
        {
            if (!await TryTagAsync(tag).ConfigureAwait(false))
            {
                Fail(tag, ManifestDeletion.Unsupported(place.Registry));
            }
        },
        cancellationToken);

    // A digest goes with all its tags: so only where all were confirmed.
    private Task DeleteDigestsAsync(IReadOnlyList<PruneTag> going, IReadOnlyList<PruneDecision> plan) => Throttle.ForEachAsync(
        going.GroupBy(t => t.Digest),
        place.Connections,
        async (group, _) =>
        {
            if (plan.Any(d => d.Tag.Digest == group.Key && !IsConfirmed(d.Tag)))
            {
                group.ToList().ForEach(t => Tell(t, SyncStatus.Skipped, PrunePlanner.Moved));
                return;
            }

            try
            {
                var answer = await place.DeleteDigestAsync(group.Key, cancellationToken).ConfigureAwait(false);
                foreach (var tag in group)
                {
                    Take(answer, tag);
                }
            }
            catch (OciException e)
            {
                group.ToList().ForEach(t => Fail(t, e));
            }
        },
        cancellationToken);

    // False when the registry refuses to delete a tag alone.
    private async Task<bool> TryTagAsync(PruneTag tag)
    {
        try
        {
            var answer = await place.DeleteTagAsync(tag.Name, cancellationToken).ConfigureAwait(false);
            if (answer != DeleteAnswer.Refused)
            {
                Take(answer, tag);
            }

            return answer != DeleteAnswer.Refused;
        }
        catch (OciException e)
        {
            Fail(tag, e);
            return true;
        }
    }

    private void Take(DeleteAnswer answer, PruneTag tag)
    {
        switch (answer)
        {
            case DeleteAnswer.Done:
                Tell(tag, SyncStatus.Pruned, PrunePlanner.NotChosen);
                break;
            case DeleteAnswer.Missing:
                Tell(tag, SyncStatus.Skipped, PrunePlanner.Gone);
                break;
            default:
                Fail(tag, ManifestDeletion.Unsupported(place.Registry));
                break;
        }
    }

    private void Tell(PruneTag tag, string status, string reason) => run.Tell(Pruner.Row(run, place, tag, status, reason));

    private void Fail(PruneTag tag, OciException failure) =>
        run.Tell(Pruner.Row(run, place, tag, SyncStatus.Failed, string.Empty, failure), failure, place.Describe(tag.Name));
}
