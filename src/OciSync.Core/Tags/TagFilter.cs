namespace OciSync.Core.Tags;

/// <summary>Wildcards that choose tags: one of the includes (if there are any) and none of the excludes.</summary>
public sealed class TagFilter
{
    private readonly List<WildcardPattern> _include;
    private readonly List<WildcardPattern> _exclude;

    /// <param name="include">Wildcards as PowerShell's -like has them, without regard to case.</param>
    /// <param name="exclude">The same, for what is left out.</param>
    public TagFilter(IEnumerable<string> include, IEnumerable<string> exclude)
    {
        _include = include.Select(p => new WildcardPattern(p)).ToList();
        _exclude = exclude.Select(p => new WildcardPattern(p)).ToList();
    }

    /// <summary>The tags that are chosen, in their order.</summary>
    public IEnumerable<OciTag> Apply(IEnumerable<OciTag> tags) =>
        tags.Where(t => (_include.Count == 0 || _include.Exists(p => p.IsMatch(t.Tag))) && !_exclude.Exists(p => p.IsMatch(t.Tag)));
}
