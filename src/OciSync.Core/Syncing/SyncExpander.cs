using OciSync.Core.Copying;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Tags;

namespace OciSync.Core.Syncing;

/// <summary>Turns repositories and choices into images: lists each repository once, several at a time, and keeps their order.</summary>
internal sealed class SyncExpander(CopyRun run, CancellationToken cancellationToken)
{
    private readonly RegistryPool _pool = run.Pool;

    internal async Task<IReadOnlyList<SyncPair>> ExpandAsync(IReadOnlyList<SyncRepository> repositories)
    {
        var pairs = new List<SyncPair>[repositories.Count];
        await Throttle.ForEachAsync(
            Enumerable.Range(0, repositories.Count).GroupBy(i => repositories[i].Repository.ToString()),
            _pool.Options.ThrottleLimit,
            async (group, _) =>
            {
                var lister = new Lazy<Task<IReadOnlyList<string>>>(
                    () => NameLister.ListTagsAsync(_pool.GetClient(repositories[group.First()].Repository), cancellationToken));
                foreach (var i in group)
                {
                    pairs[i] = await ExpandAsync(repositories[i], lister).ConfigureAwait(false);
                }
            },
            CancellationToken.None).ConfigureAwait(false);
        return pairs.SelectMany(p => p).ToList();
    }

    private async Task<List<SyncPair>> ExpandAsync(SyncRepository item, Lazy<Task<IReadOnlyList<string>>> lister)
    {
        var repository = item.Repository;
        try
        {
            var names = await lister.Value.ConfigureAwait(false);
            var chosen = await TagChooser.ChooseAsync(
                _pool.GetClient(repository), repository, names, item.Selector, _pool.Options.MaxConnectionsPerRegistry, cancellationToken).ConfigureAwait(false);
            Tell(repository, chosen);
            return chosen.Wanted.SelectMany(t => Pair(item, repository.WithTag(t.Tag))).ToList();
        }
        catch (Exception e) when (e is OciException or OperationCanceledException)
        {
            foreach (var place in item.Places)
            {
                run.Fail(repository.ToString(), place.Text, e, item.Input);
            }

            return [];
        }
    }

    private IEnumerable<SyncPair> Pair(SyncRepository item, ImageReference source)
    {
        foreach (var place in item.Places)
        {
            if (TryName(item, source, place) is { } name)
            {
                yield return new SyncPair(source, name, item.Input) { Selection = item.Selection, FirstWins = item.FirstWins, Prune = item.Prune };
            }
        }
    }

    private ImageLocation? TryName(SyncRepository item, ImageReference source, SyncPlace place)
    {
        try
        {
            return place.Name(source);
        }
        catch (Exception e) when (e is OciException or ReferenceException)
        {
            run.Fail(source.ToString(), place.Text, e, item.Input);
            return null;
        }
    }

    private void Tell(ImageReference repository, ChosenTags chosen)
    {
        foreach (var remark in chosen.Remarks)
        {
            _pool.Events.Decide($"{repository}: {remark}");
        }

        foreach (var tag in chosen.All.Where(t => t.DropReason is not null))
        {
            _pool.Events.Decide($"{tag.Reference} is left out: {tag.DropReason}.");
        }

        var count = chosen.Wanted.Count();
        if (count == 0)
        {
            _pool.Events.Warn($"Of the {chosen.All.Count} tags of '{repository}' none is chosen.");
        }
        else
        {
            _pool.Events.Decide($"{repository}: {count} of {chosen.All.Count} tags are chosen.");
        }
    }
}
