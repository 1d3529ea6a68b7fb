using System.Collections.Concurrent;
using OciSync.Core.Copying;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Inspection;
using OciSync.Core.Places;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Tags;

namespace OciSync.Core.Syncing;

/// <summary>Turns repositories and choices into images: lists each repository once, several at a time, and keeps their order.</summary>
internal sealed class SyncExpander(CopyRun run, SyncRequest request, AgeGate ages, CancellationToken cancellationToken)
{
    private readonly RegistryPool _pool = run.Pool;
    private readonly HashSet<SyncRepository> _failed = [];
    private readonly List<ImageLocation> _absent = [];
    private IReadOnlyList<SyncRepository> _all = [];

    /// <summary>Where images of repositories that are known to be missing would have gone, each with some tag.</summary>
    internal IReadOnlyList<ImageLocation> Absent => _absent;

    /// <summary>The repositories that could be listed.</summary>
    internal IReadOnlyList<SyncRepository> Listed => _all.Where(r => !_failed.Contains(r)).ToList();

    internal async Task<IReadOnlyList<SyncPair>> ExpandAsync(IReadOnlyList<SyncRepository> repositories)
    {
        _all = repositories;
        var pairs = new List<SyncPair>[repositories.Count];
        await Throttle.ForEachAsync(
            Enumerable.Range(0, repositories.Count).GroupBy(i => repositories[i].Repository.ToString()),
            _pool.Options.ThrottleLimit,
            async (group, _) =>
            {
                var lister = new Lazy<Task<IReadOnlyList<string>>>(() => run.Lists.ReadAsync(repositories[group.First()].Repository, cancellationToken));
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
            if (await FindAbsenceAsync(item, lister).ConfigureAwait(false) is { } absence)
            {
                PassOver(item, absence);
                return [];
            }

            var names = await lister.Value.ConfigureAwait(false);
            if (ages.AgeOf(item) > TimeSpan.Zero)
            {
                return await ExpandAgedAsync(item, names).ConfigureAwait(false);
            }

            if (item.NewOnly ?? request.NewOnly)
            {
                return await ExpandNewAsync(item, names).ConfigureAwait(false);
            }

            var chosen = await ChooseAsync(item, names, null).ConfigureAwait(false);
            Tell(repository, chosen, isNewOnly: false);
            return chosen.Wanted.SelectMany(t => Pair(item, item.Places, repository.WithTag(t.Tag))).ToList();
        }
        catch (Exception e) when (e is OciException or OperationCanceledException && !ages.IsBroken)
        {
            foreach (var place in item.Places)
            {
                Fail(item, place, e);
            }

            return [];
        }
    }

    // Only the source's own answer counts: what a destination lacks is another matter.
    private async Task<OciException?> FindAbsenceAsync(SyncRepository item, Lazy<Task<IReadOnlyList<string>>> lister)
    {
        if (!item.IsKnownMissing && !request.KnownMissing.Contains(item.Repository))
        {
            return null;
        }

        try
        {
            await lister.Value.ConfigureAwait(false);
            run.Events.Tell($"'{item.Repository}' is known to be missing, and is there.");
            return null;
        }
        catch (OciException e) when (KnownMissing.IsAbsence(e))
        {
            return e;
        }
    }

    private void PassOver(SyncRepository item, OciException absence)
    {
        lock (_failed)
        {
            _failed.Add(item);
            _absent.AddRange(item.Places.Select(p => FindName(item, p, ImageReference.DefaultTag)).OfType<ImageLocation>());
        }

        foreach (var place in item.Places)
        {
            run.Skip(item.Repository.ToString(), NameAt(item, place), KnownMissing.Reason(absence), item.Input, RepositoryText.Of(item, request));
        }
    }

    // Each place has tags of its own, and so a choice of its own.
    private async Task<List<SyncPair>> ExpandNewAsync(SyncRepository item, IReadOnlyList<string> names)
    {
        RefuseShardOfNew(item);
        var pairs = new List<SyncPair>();
        foreach (var place in item.Places)
        {
            try
            {
                var there = await FindThereAsync(item, place, names).ConfigureAwait(false);
                var chosen = await ChooseAsync(item, names, t => there.Contains(t) ? $"it is at '{place.Text}'" : null).ConfigureAwait(false);
                Tell(item.Repository, chosen, isNewOnly: true);
                pairs.AddRange(chosen.Wanted.SelectMany(t => Pair(item, [place], item.Repository.WithTag(t.Tag))));
            }
            catch (Exception e) when (e is OciException or OperationCanceledException)
            {
                Fail(item, place, e);
            }
        }

        return pairs;
    }

    private void RefuseShardOfNew(SyncRepository item)
    {
        if (request.Shard is not null && (item.NewOnly ?? request.NewOnly))
        {
            throw new OciException(
                OciErrorKind.ChoiceInvalid, "-NewOnly and -Shard can't be used together: what is new changes while other parts of the work copy.");
        }
    }

    // What is too young is left out before anything is chosen, and known from each place in another way. It comes along to have its row.
    private async Task<List<SyncPair>> ExpandAgedAsync(SyncRepository item, IReadOnlyList<string> names)
    {
        RefuseShardOfNew(item);
        var times = new ConcurrentDictionary<string, DateTimeOffset?>(StringComparer.Ordinal);
        var young = await ages.FindYoungNamesAsync(item, names).ConfigureAwait(false);
        var pairs = new List<SyncPair>();
        foreach (var place in item.Places)
        {
            try
            {
                var isNewOnly = item.NewOnly ?? request.NewOnly;
                var there = await FindThereAsync(item, place, isNewOnly ? names : young).ConfigureAwait(false);
                Func<string, string?>? drop = isNewOnly ? t => there.Contains(t) ? $"it is at '{place.Text}'" : null : null;
                var choice = new AgedChoice(
                    ages, some => ChooseAsync(item, some, drop, times), tags => tags.SelectMany(t => Pair(item, [place], item.Repository.WithTag(t))).ToList());
                var unknown = new HashSet<string>(young.Where(t => !there.Contains(t)), StringComparer.Ordinal);
                var chosen = await choice.ChooseAsync(names, unknown).ConfigureAwait(false);
                Tell(item.Repository, chosen, isNewOnly: true);
                pairs.AddRange(choice.Pairs);
            }
            catch (Exception e) when (e is OciException or OperationCanceledException && !ages.IsBroken)
            {
                Fail(item, place, e);
            }
        }

        return pairs;
    }

    private async Task<HashSet<string>> FindThereAsync(SyncRepository item, SyncPlace place, IReadOnlyList<string> names)
    {
        var there = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (FindName(item, place, name) is { } location && await IsThereAsync(location).ConfigureAwait(false))
            {
                there.Add(name);
            }
        }

        return there;
    }

    private async Task<bool> IsThereAsync(ImageLocation location) => location.Image is { } image
        ? image.Tag is not null && (await run.Lists.ReadDestinationAsync(image, cancellationToken).ConfigureAwait(false)).Contains(image.Tag)
        : await _pool.GetDestination(location)
            .HeadManifestAsync(location.TargetReference, WorkScope.Uncounted(cancellationToken))
            .ConfigureAwait(false) is not null;

    private static ImageLocation? FindName(SyncRepository item, SyncPlace place, string tag)
    {
        try
        {
            return place.Name(item.Repository.WithTag(tag));
        }
        catch (Exception e) when (e is OciException or ReferenceException)
        {
            // What is no tag is left out, and what has no name there fails when it is chosen.
            return null;
        }
    }

    private Task<ChosenTags> ChooseAsync(
        SyncRepository item, IReadOnlyList<string> names, Func<string, string?>? drop, ConcurrentDictionary<string, DateTimeOffset?>? times = null) =>
        TagChooser.ChooseAsync(
            _pool.GetClient(item.Repository), item.Repository, names, item.Selector, _pool.Options.MaxConnectionsPerRegistry, cancellationToken, drop, times);

    // The row has the repository's name at the place and says what was chosen: given again it asks for the same.
    private void Fail(SyncRepository item, SyncPlace place, Exception failure)
    {
        lock (_failed)
        {
            _failed.Add(item);
        }

        run.Fail(item.Repository.ToString(), NameAt(item, place), failure, item.Input, RepositoryText.Of(item, request));
    }

    private static string NameAt(SyncRepository item, SyncPlace place) =>
        FindName(item, place, ImageReference.DefaultTag) is { Image: not null } name ? name.PlaceName : place.Text;

    private IEnumerable<SyncPair> Pair(SyncRepository item, IEnumerable<SyncPlace> places, ImageReference source)
    {
        ImageLocation image = source;
        foreach (var place in places)
        {
            if (TryName(item, source, place) is { } name)
            {
                yield return ImageTerms.With(new SyncPair(image, name, item.Input), item);
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

    private void Tell(ImageReference repository, ChosenTags chosen, bool isNewOnly)
    {
        foreach (var remark in chosen.Remarks)
        {
            _pool.Events.Tell($"{repository}: {remark}");
        }

        foreach (var tag in chosen.All.Where(t => t.DropReason is not null))
        {
            _pool.Events.Tell($"{tag.Reference} is left out: {tag.DropReason}.");
        }

        var count = chosen.Wanted.Count();
        if (count == 0 && !isNewOnly)
        {
            _pool.Events.Warn($"Of the {chosen.All.Count} tags of '{repository}' none is chosen.");
        }
        else
        {
            _pool.Events.Tell($"{repository}: {count} of {chosen.All.Count} tags are chosen.");
        }
    }
}
