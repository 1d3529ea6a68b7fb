using OciSync.Core.Text;

namespace OciSync.Core.Versions;

/// <summary>One condition of a <see cref="VersionRange"/>: a relation to a version, or to the span of versions a partial one stands for.</summary>
/// <param name="From">The lower end, which belongs to the span.</param>
/// <param name="To">The upper end, which doesn't; null where the span has none, empty where it is the one version.</param>
/// <param name="Prerelease">The pre-release of the lower end, or empty.</param>
/// <param name="Relation">What is asked for.</param>
internal sealed record VersionComparator(
    IReadOnlyList<string> From, IReadOnlyList<string>? To, string Prerelease, VersionRelation Relation)
{
    internal IReadOnlyList<string> Numbers => From;

    internal bool Holds(TagVersion version) => Relation switch
    {
        VersionRelation.Within => !IsBelow(version) && !IsAbove(version),
        VersionRelation.Outside => IsBelow(version) || IsAbove(version),
        VersionRelation.Below => IsBelow(version),
        VersionRelation.NotAbove => !IsAbove(version),
        VersionRelation.Above => IsAbove(version),
        _ => !IsBelow(version),
    };

    private bool IsBelow(TagVersion version) => Compare(version, From, Prerelease) < 0;

    // The pre-releases of the upper end are beyond it: ~1.2 has nothing of 1.3.0-rc1.
    private bool IsAbove(TagVersion version) =>
        To is not null && (To.Count == 0 ? Compare(version, From, Prerelease) > 0 : TagOrder.CompareNumbers(version.Numbers, To) >= 0);

    private static int Compare(TagVersion version, IReadOnlyList<string> numbers, string prerelease)
    {
        var order = TagOrder.CompareNumbers(version.Numbers, numbers);
        order = order != 0 ? order : (prerelease.Length > 0).CompareTo(version.IsPrerelease);
        return order != 0 ? order : NaturalOrder.Compare(TagTail.Key(version.Prerelease), TagTail.Key(prerelease));
    }
}
