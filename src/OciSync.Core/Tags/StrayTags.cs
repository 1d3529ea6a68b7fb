using OciSync.Core.Text;
using OciSync.Core.Versions;

namespace OciSync.Core.Tags;

/// <summary>
/// Tags that read as versions and are none among their neighbours (a pure function of the list, family by family): what a list shows of its
/// own way to write versions decides, so a repository that counts in whole numbers or pads with zeros keeps its versions.
/// </summary>
internal static class StrayTags
{
    private const string Slip = "it is a slip: it has a leading zero where the other versions have none";
    private const string Build = "it is a whole number, as builds have: the versions here have dots and end far below";
    private const string Other = "it is another count: nearly all versions here are written otherwise, and it leaps over a major version";

    // So many versions with dots make a list one of versions with dots.
    private const int FewestDotted = 3;

    // One in so many is written otherwise.
    private const int Rarely = 20;

    /// <summary>The tags that are no versions here, each with the reason.</summary>
    internal static IReadOnlyDictionary<string, string> Find(IEnumerable<OciTag> tags)
    {
        var strays = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var family in tags.Where(t => t.Version.Scheme == TagScheme.Version).GroupBy(t => t.Family))
        {
            var versions = family.Select(t => t.Version).ToList();
            Take(FindSlips(versions), Slip);
            Take(FindBuildNumbers(versions), Build);
            Take(FindOtherCounts(versions), Other);

            void Take(IReadOnlyList<TagVersion> found, string reason)
            {
                found.ToList().ForEach(v => strays[v.Text] = reason);
                versions.RemoveAll(v => strays.ContainsKey(v.Text));
            }
        }

        return strays;
    }

    // v015.0 beside v0.15.1, v1.05.0 beside v1.5.0: where numbers of one digit are usually plain, none is padded. Dates such as 22.04 are.
    private static List<TagVersion> FindSlips(List<TagVersion> versions)
    {
        var places = versions
            .SelectMany(v => PartsOf(v).Select((part, place) => (Version: v, Part: part, Key: (place, place == 0 ? string.Empty : v.Numbers[0]))))
            .GroupBy(p => p.Key);
        return places.SelectMany(place =>
        {
            var padded = place.Where(p => p.Part.Length > 1 && p.Part[0] == '0').ToList();
            return padded.Count > 0 && padded.Count <= place.Count(p => p.Part.Length == 1) ? padded.Select(p => p.Version) : [];
        }).ToList();
    }

    // 550 and 793 beside v1.24.0. Where as many whole numbers have versions with dots under them (17 has 17.0.1), they are versions; one that
    // comes next may be the next; and no build number is a pre-release.
    private static List<TagVersion> FindBuildNumbers(List<TagVersion> versions)
    {
        var dotted = versions.Where(v => v.Numbers.Count > 1).ToList();
        if (dotted.Count < FewestDotted)
        {
            return [];
        }

        var newest = NewestMajor(dotted);
        var majors = new HashSet<string>(dotted.Select(v => v.Numbers[0]), StringComparer.Ordinal);
        var whole = versions.FindAll(v => v.Numbers.Count == 1 && !v.IsPrerelease);
        var beyond = whole.FindAll(v => NaturalOrder.CompareNumbers(v.Numbers[0], newest) > 0);
        var isUsual = beyond.Count <= whole.Count(v => majors.Contains(v.Numbers[0]));
        return isUsual || beyond.TrueForAll(v => v.Numbers[0] == NaturalOrder.Increment(newest)) ? [] : beyond;
    }

    // redis-photon has the 4.0 of its redis among a hundred v2.15.1 of its own.
    private static List<TagVersion> FindOtherCounts(List<TagVersion> versions)
    {
        var ways = versions.ToLookup(v => v.HasPrefix);
        var isPrefixUsual = ways[true].Count() > ways[false].Count();
        var (usual, rare) = (ways[isPrefixUsual].ToList(), ways[!isPrefixUsual].ToList());
        return rare.Count * Rarely > usual.Count
            ? []
            : rare.FindAll(v => NaturalOrder.CompareNumbers(v.Numbers[0], NaturalOrder.Increment(NewestMajor(usual))) > 0);
    }

    private static string NewestMajor(List<TagVersion> versions) =>
        versions.Aggregate("0", (newest, v) => NaturalOrder.CompareNumbers(v.Numbers[0], newest) > 0 ? v.Numbers[0] : newest);

    // The numbers as they are written.
    private static IEnumerable<string> PartsOf(TagVersion version) =>
        version.Text.Substring(version.HasPrefix ? 1 : 0).Split('.', '-', '_', '+').Take(version.Numbers.Count)
            .Select(p => new string(p.TakeWhile(NaturalOrder.IsDigit).ToArray()));
}
