namespace OciSync.Core.Versions;

/// <summary>
/// A range of versions as npm and Masterminds/semver write it: comparators (<c>=</c> <c>!=</c> <c>&gt;</c> <c>&gt;=</c> <c>&lt;</c> <c>&lt;=</c>
/// <c>~</c> <c>^</c>) side by side or with commas between them must all hold; <c>||</c> separates alternatives; <c>1.2 - 1.4</c>, <c>1.x</c>
/// and <c>*</c> are ranges too. Versions may have any number of parts, numbers any size. Suffixes such as <c>-alpine</c> don't take part.
/// </summary>
/// <remarks>A pre-release is in a range only if the alternative names one of the same numbers, as npm has it, or pre-releases are asked for.</remarks>
internal sealed class VersionRange
{
    private readonly string _text;
    private readonly List<List<VersionComparator>> _alternatives;

    private VersionRange(string text, List<List<VersionComparator>> alternatives)
    {
        _text = text;
        _alternatives = alternatives;
    }

    /// <summary>Some comparator names a pre-release.</summary>
    internal bool NamesPrerelease => _alternatives.Exists(a => a.Exists(c => c.Prerelease.Length > 0));

    /// <exception cref="OciException">The text is no range; the message says where.</exception>
    internal static VersionRange Parse(string text) => new(text, new VersionRangeParser(text).Read());

    internal bool Contains(TagVersion version, bool withPrereleases) =>
        _alternatives.Exists(a => a.TrueForAll(c => c.Holds(version)) && (!version.IsPrerelease || withPrereleases || IsNamed(a, version)));

    /// <inheritdoc/>
    public override string ToString() => _text;

    private static bool IsNamed(List<VersionComparator> alternative, TagVersion version) =>
        alternative.Exists(c => c.Prerelease.Length > 0 && TagOrder.CompareNumbers(c.Numbers, version.Numbers) == 0);
}
