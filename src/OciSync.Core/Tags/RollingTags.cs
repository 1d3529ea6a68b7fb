namespace OciSync.Core.Tags;

/// <summary>
/// Which short versions move (a pure function): within a family, the tags of a length roll when most of them have longer ones under them.
/// alpine's 3.22 rolls, as nearly every x.y has an x.y.z; pause's 3.10 doesn't, although there is a 3.10.1.
/// </summary>
internal static class RollingTags
{
    internal static HashSet<TagVersion> Find(IEnumerable<TagVersion> versions)
    {
        var rolling = new HashSet<TagVersion>();
        var releases = versions.Where(v => v is { Scheme: TagScheme.Version, IsPrerelease: false });
        foreach (var family in releases.GroupBy(v => (v.Family, v.HasPrefix)))
        {
            var parents = new HashSet<string>(family.SelectMany(ParentsOf), StringComparer.Ordinal);
            foreach (var length in family.GroupBy(v => v.Numbers.Count))
            {
                var withLonger = length.Count(v => parents.Contains(KeyOf(v, v.Numbers.Count)));
                if (withLonger * 2 > length.Count())
                {
                    rolling.UnionWith(length);
                }
            }
        }

        return rolling;
    }

    private static IEnumerable<string> ParentsOf(TagVersion version) =>
        Enumerable.Range(1, version.Numbers.Count - 1).Select(count => KeyOf(version, count));

    private static string KeyOf(TagVersion version, int count) => string.Join(".", version.Numbers.Take(count));
}
