using OciSync.Core.References;

namespace OciSync.Core.Syncing;

/// <summary>
/// The pairs of a run in order (a pure function): the same pair twice is one; of several sources for one name the first leads and the
/// others follow, if their digests turn out to be equal.
/// </summary>
internal sealed class SyncPlan
{
    /// <summary>One pair for each destination name.</summary>
    internal List<SyncPair> Leaders { get; } = [];

    /// <summary>Pairs whose destination name a leader has, with that leader.</summary>
    internal List<(SyncPair Pair, SyncPair Leader)> Followers { get; } = [];

    internal static SyncPlan Create(IEnumerable<SyncPair> pairs)
    {
        var plan = new SyncPlan();
        var leaders = new Dictionary<string, SyncPair>(StringComparer.Ordinal);
        var seen = new HashSet<(string, string)>();
        foreach (var pair in pairs)
        {
            var name = NameOf(pair);
            if (!seen.Add((pair.Source.ToString(), name)))
            {
                continue;
            }

            if (leaders.TryGetValue(name, out var leader))
            {
                plan.Followers.Add((pair, leader));
                continue;
            }

            leaders.Add(name, pair);
            plan.Leaders.Add(pair);
        }

        return plan;
    }

    // An image that goes by its digest can't collide with another.
    private static string NameOf(SyncPair pair) =>
        pair.Destination.IsRepository ? pair.Destination + "@" + pair.Source.ManifestReference : pair.Destination.ToString();
}
