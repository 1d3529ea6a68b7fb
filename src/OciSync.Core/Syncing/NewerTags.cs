using OciSync.Core.Copying;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Tags;
using OciSync.Core.Versions;

namespace OciSync.Core.Syncing;

/// <summary>
/// Versions of the sources above the newest at their destinations, of the families that are there, which the run doesn't name. Rolling tags
/// are none, nor are pre-releases, strays or what the choice excludes by name; its includes, ranges and numbers don't count.
/// </summary>
internal sealed class NewerTags(CopyRun run, CancellationToken cancellationToken)
{
    // Stands for any tag where only the repository's name at the destination is wanted.
    private const string AnyTag = "0";

    internal async Task<IReadOnlyList<SyncPair>> FindAsync(IReadOnlyList<SyncPair> pairs, IReadOnlyList<SyncRepository> repositories)
    {
        var routes = new Dictionary<(string, string, string), (SyncPair Sample, string Suffix, TagChoice Choice)>();
        foreach (var repository in repositories)
        {
            repository.Places.Select(p => TrySample(repository, p)).OfType<SyncPair>().ToList().ForEach(p => AddRoute(p, repository.Selector.Choice));
        }

        pairs.ToList().ForEach(p => AddRoute(p, TagChoice.Everything));
        var named = new HashSet<(string, string)>(pairs.Select(p => (p.Source.ToString(), p.Destination.ToString())));
        var found = new List<SyncPair>[routes.Count];
        await Throttle.ForEachAsync(
            routes.Values.Select((route, index) => (route, index)),
            run.Options.ThrottleLimit,
            async (r, _) => found[r.index] = await FindAsync(r.route.Sample, r.route.Suffix, r.route.Choice).ConfigureAwait(false),
            CancellationToken.None).ConfigureAwait(false);
        return found.SelectMany(f => f).Where(p => !named.Contains((p.Source.ToString(), p.Destination.ToString()))).ToList();

        void AddRoute(SyncPair sample, TagChoice choice)
        {
            if (sample is { Source.Image: { Tag: { } tag } source, Destination.Image: { Tag: { } name } image }
                && name.StartsWith(tag, StringComparison.Ordinal))
            {
                var key = (source.Name, image.Name, name.Substring(tag.Length));
                if (!routes.ContainsKey(key))
                {
                    routes.Add(key, (sample, key.Item3, choice));
                }
            }
        }
    }

    private static SyncPair? TrySample(SyncRepository repository, SyncPlace place)
    {
        try
        {
            var source = repository.Repository.WithTag(AnyTag);
            return new SyncPair(source, place.Name(source), repository.Input) { Selection = repository.Selection, FirstWins = repository.FirstWins };
        }
        catch (Exception e) when (e is OciException or ReferenceException)
        {
            // Its images' rows say so.
            return null;
        }
    }

    private async Task<List<SyncPair>> FindAsync(SyncPair sample, string suffix, TagChoice choice)
    {
        var (source, destination) = (sample.Source.Image!, sample.Destination.Image!);
        try
        {
            var there = await run.Lists.ReadDestinationAsync(destination, cancellationToken).ConfigureAwait(false);
            var names = there.Where(n => n.EndsWith(suffix, StringComparison.Ordinal)).Select(n => n.Substring(0, n.Length - suffix.Length)).ToList();
            var newest = Newest(TagList.Create(source.WithTag(null), names).Tags);
            if (newest.Count == 0)
            {
                return [];
            }

            var list = TagList.Create(source.WithTag(null), await run.Lists.ReadAsync(source, cancellationToken).ConfigureAwait(false));
            return Above(newest, list.Tags, choice).Select(found => sample with
            {
                Source = source.WithTag(found.Tag.Tag),
                Destination = destination.WithTag(found.Tag.Tag + suffix),
                SourceDigest = null,
                Digest = null,
                Reason = $"it is newer than '{found.Newest}', the newest version there",
            }).ToList();
        }
        catch (Exception e) when (e is OciException or OperationCanceledException)
        {
            run.Fail(source.Name, destination.Name, e, sample.Input);
            return [];
        }
    }

    // By family: that of the versions, or, where there are none, of the dates.
    private static Dictionary<(TagScheme Scheme, string Family), TagVersion> Newest(IReadOnlyList<OciTag> tags)
    {
        var strays = StrayTags.Find(tags);
        var versions = tags.Where(t => t.DropReason is null && t.Version.Scheme is TagScheme.Version or TagScheme.Date && !strays.ContainsKey(t.Tag)).ToList();
        var scheme = versions.Exists(t => t.Version.Scheme == TagScheme.Version) ? TagScheme.Version : TagScheme.Date;
        return versions.Where(t => t.Version.Scheme == scheme).GroupBy(t => (scheme, t.Family)).ToDictionary(g => g.Key, g => g.Last().Version);
    }

    private static IEnumerable<(OciTag Tag, TagVersion Newest)> Above(
        Dictionary<(TagScheme Scheme, string Family), TagVersion> newest, IReadOnlyList<OciTag> tags, TagChoice choice)
    {
        var filter = new TagFilter(choice with { Include = [], IncludeRegex = [] });
        var strays = StrayTags.Find(tags);
        foreach (var tag in tags.Where(t => !strays.ContainsKey(t.Tag)))
        {
            var isCandidate = tag.DropReason is null && !tag.IsRolling && (!tag.IsPrerelease || choice.IncludePrerelease) && filter.IsMatch(tag.Tag);
            if (isCandidate && newest.TryGetValue((tag.Version.Scheme, tag.Family), out var known) && tag.Version.CompareTo(known) > 0)
            {
                yield return (tag, known);
            }
        }
    }
}
