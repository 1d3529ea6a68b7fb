using OciSync.Core.Errors;
using OciSync.Core.Places;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;

namespace OciSync.Core.Pruning;

/// <summary>The repositories that a run may prune: those it names, where pruning is asked for and nowhere forbidden, with what it has chosen there.</summary>
internal static class PrunePlaces
{
    /// <param name="pool">The registries of the run.</param>
    /// <param name="pairs">What the run has chosen.</param>
    /// <param name="absent">Where images would go whose source is known to be missing: what is there of them can't be told, and stays.</param>
    /// <param name="request">What is asked for.</param>
    internal static IReadOnlyList<PrunePlace> Find(
        RegistryPool pool, IReadOnlyCollection<SyncPair> pairs, IReadOnlyList<ImageLocation> absent, SyncRequest request)
    {
        var places = new Dictionary<string, (PrunePlace Place, bool IsWanted, bool IsForbidden)>(StringComparer.Ordinal);
        if (request.Prune?.IsWanted != true && request.Removals.Count == 0 && !pairs.Any(p => p.Prune == true))
        {
            return [];
        }

        CheckWhole(request);
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            if (PrunePlace.TryCreate(pool, pair.Destination) is not { } created)
            {
                if ((pair.Prune ?? request.Prune?.IsWanted ?? false) && told.Add(pair.Destination.PlaceName))
                {
                    pool.Events.Warn($"'{pair.Destination}' is not pruned: only registries, and images of a layout that are called repository:tag, are.");
                }

                continue;
            }

            var (place, wanted, forbidden) = places.TryGetValue(created.Name, out var known) ? known : (created, false, false);
            places[created.Name] = (place, wanted || (pair.Prune ?? request.Prune?.IsWanted ?? false), forbidden || pair.Prune == false);
            place.Chosen.UnionWith(request.AdditionalTags);
            if (PrunePlace.TagOf(pair.Destination) is { } tag)
            {
                place.Chosen.Add(tag);
            }
            else if (pair.Source.Digest is { } digest)
            {
                place.ChosenDigests.Add(digest);
            }
        }

        foreach (var destination in absent)
        {
            if (PrunePlace.TryCreate(pool, destination) is { } created && places.TryGetValue(created.Name, out var known))
            {
                places[created.Name] = (known.Place, known.IsWanted, true);
                pool.Events.Decide($"'{created.Name}' is not pruned: a source of it is known to be missing.");
            }
        }

        foreach (var removal in request.Removals)
        {
            var created = PrunePlace.TryCreate(pool, removal.Destination);
            var tag = created is null ? null : PrunePlace.TagOf(removal.Destination);
            if (tag is null)
            {
                throw new OciException(OciErrorKind.ReferenceInvalid, $"'{removal.Destination}' is no tag that could be pruned. Nothing was copied.");
            }

            var place = places.TryGetValue(created!.Name, out var known) ? known.Place : created;
            places[created.Name] = (place, true, false);
            place.Planned ??= new Dictionary<string, Digest>(StringComparer.Ordinal);
            place.Planned[tag] = removal.Digest;
        }

        return places.Values.Where(p => p.IsWanted && !p.IsForbidden).Select(p => p.Place).ToList();
    }

    // A part of the choice looks as if the rest were not chosen.
    private static void CheckWhole(SyncRequest request)
    {
        if (request.Removals.Count > 0 && request.Prune?.IsWanted == true)
        {
            throw new OciException(
                OciErrorKind.ChoiceInvalid, "-Prune needs the whole choice, and the rows of a plan may be a part of it. Nothing was copied.");
        }

        var isNewOnly = request.Repositories.Any(r => (r.NewOnly ?? request.NewOnly) && (r.Prune ?? request.Prune?.IsWanted ?? false));
        if (request.Shard is not null || isNewOnly)
        {
            throw new OciException(
                OciErrorKind.ChoiceInvalid,
                $"Pruning needs the whole choice, to know what is not in it: it can't be used with {(isNewOnly ? "-NewOnly" : "-Shard")}. Nothing was copied.");
        }
    }
}
