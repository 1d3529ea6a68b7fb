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
    internal List<Follower> Followers { get; } = [];

    internal static SyncPlan Create(IReadOnlyCollection<SyncPair> pairs, SyncRequest request)
    {
        var plan = new SyncPlan();
        var leaders = new Dictionary<string, SyncPair>(pairs.Count * (1 + request.AdditionalTags.Count), StringComparer.Ordinal);

        // The same pair has the same names: only where one is taken there may be another of it.
        var seen = new HashSet<PairKey>();
        foreach (var pair in pairs)
        {
            var names = NamesOf(pair, request.AdditionalTags).ToList();
            var taken = names.Find(leaders.ContainsKey);
            var leader = taken is null ? pair : leaders[taken];
            if (taken is not null && (KeyOf(leader, request) == KeyOf(pair, request) || !seen.Add(KeyOf(pair, request))))
            {
                continue;
            }

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
                plan.Followers.Add(new Follower(pair, leader));
            }
        }

        return plan;
    }

    private static PairKey KeyOf(SyncPair pair, SyncRequest request) =>
        new(pair.Source.ToString(), pair.Selection ?? request.Selection, pair.Conversion, NameOf(pair), pair.SourceDigest);

    /// <summary>The pairs of a part: by the source that leads, so that all places of an image, and all who want a name, are in one.</summary>
    internal IReadOnlyList<SyncPair> PairsOf(Shard shard) =>
    [
        .. Leaders.Where(p => shard.Contains(p.Source.ToString())),
        .. Followers.Where(f => shard.Contains(f.Leader.Source.ToString())).Select(f => f.Pair),
    ];

    // An image that goes by its digest can't collide with another.
    private static string NameOf(SyncPair pair) =>
        pair.Destination.IsRepository ? pair.Destination + "@" + pair.Source.ManifestReference : pair.Destination.FileName;

    private static IEnumerable<string> NamesOf(SyncPair pair, IReadOnlyList<string> additionalTags)
    {
        var destination = pair.Destination;
        yield return NameOf(pair);
        foreach (var name in destination.NamesBeside(additionalTags).Where(n => n != destination.ToString()))
        {
            yield return name;
        }
    }

    /// <summary>A pair that wants a name which another has.</summary>
    internal sealed record Follower(SyncPair Pair, SyncPair Leader);

    // What makes two pairs the same one. The names tell nearly all apart, so they alone are hashed.
    private sealed record PairKey(string Source, ImageSelection Selection, ConversionOptions? Conversion, string Destination, Digest? Digest)
    {
        public bool Equals(PairKey? other) => other is not null && Source == other.Source && Destination == other.Destination
            && Selection == other.Selection && Conversion == other.Conversion && Digest == other.Digest;

        public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Destination);
    }
}
