namespace OciSync.Core.Tags;

/// <summary>
/// Wildcards that choose tags: one of the includes (if there are any) and none of the excludes. They mean what PowerShell's <c>-like</c>
/// means by them; as there, case doesn't count, although a registry tells <c>RC1</c> from <c>rc1</c>.
/// </summary>
public sealed class TagFilter
{
    private readonly List<WildcardPattern> _include;
    private readonly List<WildcardPattern> _exclude;

    /// <param name="include">Wildcards for what is chosen; null and none mean everything.</param>
    /// <param name="exclude">Wildcards for what is left out.</param>
    /// <exception cref="FormatException">A wildcard is none; the message says which and where.</exception>
    public TagFilter(IEnumerable<string?>? include, IEnumerable<string?>? exclude)
    {
        _include = Read(include);
        _exclude = Read(exclude);
    }

    /// <summary>Whether a tag of this name is chosen.</summary>
    public bool IsMatch(string tag) =>
        (_include.Count == 0 || _include.Exists(p => p.IsMatch(tag))) && !_exclude.Exists(p => p.IsMatch(tag));

    /// <summary>The tags that are chosen, in their order.</summary>
    public IEnumerable<OciTag> Apply(IEnumerable<OciTag> tags) => tags.Where(t => IsMatch(t.Tag));

    private static List<WildcardPattern> Read(IEnumerable<string?>? patterns) =>
        (patterns ?? []).Select(p => new WildcardPattern(p ?? string.Empty)).ToList();
}
