using OciSync.Core.Copying;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Rows;

namespace OciSync.Core.Syncing;

/// <summary>
/// Leaves out what is there already and isn't to be looked at again. A destination's tags are listed once; the sources are not asked.
/// </summary>
internal sealed class ExistingImages(CopyRun run, IReadOnlyList<string> additionalTags, CancellationToken cancellationToken)
{
    /// <summary>The pairs that are still to be done; the others have their rows.</summary>
    internal async Task<IReadOnlyList<SyncPair>> SkipAsync(IReadOnlyList<SyncPair> pairs)
    {
        var done = new HashSet<SyncPair>();
        await Throttle.ForEachAsync(
            pairs.Where(IsMatch).GroupBy(p => p.Destination.PlaceName),
            run.Options.ThrottleLimit,
            async (group, _) =>
            {
                foreach (var pair in group)
                {
                    if (await ExistsAsync(pair).ConfigureAwait(false))
                    {
                        lock (done)
                        {
                            done.Add(pair);
                        }
                    }
                }
            },
            CancellationToken.None).ConfigureAwait(false);
        foreach (var pair in pairs.Where(done.Contains))
        {
            run.Skip(pair, "it is there, and -SkipExisting says not to look at it again");
        }

        return done.Count == 0 ? pairs : pairs.Where(p => !done.Contains(p)).ToList();
    }

    private static bool IsMatch(SyncPair pair) =>
        pair.SkipExisting is { } filter
        && !pair.Destination.IsRepository && (pair.Source.Image?.Tag ?? pair.Destination.Image?.Tag) is { } tag && filter.IsMatch(tag);

    private async Task<bool> ExistsAsync(SyncPair pair)
    {
        try
        {
            string[] names = [pair.Destination.TargetReference, .. additionalTags.Select(pair.Destination.NameBeside)];
            return await IsListedAsync(pair.Destination, names).ConfigureAwait(false) ?? await AreFoundAsync(pair.Destination, names).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OciException or OperationCanceledException)
        {
            // It gets its row when it is worked on.
            return false;
        }
    }

    private async Task<bool?> IsListedAsync(ImageLocation destination, string[] names)
    {
        if (destination.Image is not { Tag: not null } image)
        {
            return null;
        }

        try
        {
            var tags = await run.Lists.ReadDestinationAsync(image, cancellationToken).ConfigureAwait(false);
            return names.All(tags.Contains);
        }
        catch (OciException e)
        {
            run.Events.Decide($"'{destination.PlaceName}' does not list its tags; each is asked for: {e.Message}");
            return null;
        }
    }

    private async Task<bool> AreFoundAsync(ImageLocation destination, string[] names)
    {
        var store = run.Pool.GetDestination(destination);
        foreach (var name in names)
        {
            if (await store.HeadManifestAsync(name, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false) is null)
            {
                return false;
            }
        }

        return true;
    }
}
