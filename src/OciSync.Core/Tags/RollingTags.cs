using OciSync.Core.Versions;

namespace OciSync.Core.Tags;

/// <summary>
/// Which short versions move (a pure function): within a family, the tags of a length roll when most of them have longer ones under them.
/// alpine's 3.22 rolls, as nearly every x.y has an x.y.z; pause's 3.10 doesn't, although there is a 3.10.1.
/// </summary>
internal static class RollingTags
{
    internal static HashSet<TagVersion> Find(IReadOnlyList<TagVersion> versions)
    {
        var rolling = new HashSet<TagVersion>();
        var counts = CountFamilies(versions);
        var releases = versions.Where(v => IsRelease(v) && counts[v.Family] > 1);
        foreach (var family in releases.GroupBy(v => (v.Family, v.HasPrefix)))
        {
            var parents = new HashSet<string>(family.SelectMany(ParentsOf), StringComparer.Ordinal);
            foreach (var length in family.GroupBy(TagNumbers.Count))
            {
                var withLonger = length.Count(v => parents.Contains(KeyOf(v.Numbers, length.Key)));
                if (withLonger * 2 > length.Count())
                {
                    rolling.UnionWith(length);
                }
            }
        }

        return rolling;
    }

    // A list may have as many families as tags, and one of a single tag has none that rolls.
    private static Dictionary<string, int> CountFamilies(IReadOnlyList<TagVersion> versions)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var version in versions.Where(IsRelease))
        {
            counts[version.Family] = (counts.TryGetValue(version.Family, out var count) ? count : 0) + 1;
        }

        return counts;
    }

    private static bool IsRelease(TagVersion version) => version is { Scheme: TagScheme.Version, IsPrerelease: false };

    private static IEnumerable<string> ParentsOf(TagVersion version)
    {
        var numbers = version.Numbers;
        return Enumerable.Range(1, numbers.Count - 1).Select(count => KeyOf(numbers, count));
    }

    private static string KeyOf(IReadOnlyList<string> numbers, int count) => string.Join(".", numbers.Take(count));
}
