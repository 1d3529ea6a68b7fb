using OciSync.Core.Conversion;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;

namespace OciSync.Core.Syncing;

/// <summary>
/// The pairs of a run in order (a pure function): the same pair twice is one; of several sources for one name the first leads and the
/// others follow, if their digests turn out to be equal. Additional tags are names like others.
/// </summary>
internal sealed class SyncPlan
{
    /// <summary>Pairs whose names are their own, or that were first with them.</summary>
    internal List<SyncPair> Leaders { get; } = [];

    /// <summary>Pairs of which a leader has a name, with that leader.</summary>
    internal List<(SyncPair Pair, SyncPair Leader)> Followers { get; } = [];

    internal static SyncPlan Create(IEnumerable<SyncPair> pairs, SyncRequest request)
    {
        var plan = new SyncPlan();
        var leaders = new Dictionary<string, SyncPair>(StringComparer.Ordinal);
        var seen = new HashSet<(string, ImageSelection, ConversionOptions?, string, Digest?)>();
        foreach (var pair in pairs)
        {
            var names = NamesOf(pair, request.AdditionalTags).ToList();
            if (!seen.Add((pair.Source.ToString(), pair.Selection ?? request.Selection, pair.Conversion, names[0], pair.SourceDigest)))
            {
                continue;
            }

            var taken = names.Find(leaders.ContainsKey);
            var leader = taken is null ? pair : leaders[taken];
            foreach (var name in names.Where(n => !leaders.ContainsKey(n)))
            {
                leaders.Add(name, leader);
            }

            if (taken is null)
            {
                plan.Leaders.Add(pair);
            }
            else
            {
                plan.Followers.Add((pair, leader));
            }
        }

        return plan;
    }

    /// <summary>The pairs of a part: by the source that leads, so that all places of an image, and all who want a name, are in one.</summary>
    internal IReadOnlyList<SyncPair> PairsOf(Shard shard) =>
    [
        .. Leaders.Where(p => shard.Contains(p.Source.ToString())),
        .. Followers.Where(f => shard.Contains(f.Leader.Source.ToString())).Select(f => f.Pair),
    ];

    // An image that goes by its digest can't collide with another.
    private static IEnumerable<string> NamesOf(SyncPair pair, IReadOnlyList<string> additionalTags)
    {
        var destination = pair.Destination;
        yield return destination.IsRepository ? destination + "@" + pair.Source.ManifestReference : destination.FileName;
        foreach (var name in destination.NamesBeside(additionalTags).Where(n => n != destination.ToString()))
        {
            yield return name;
        }
    }
}
