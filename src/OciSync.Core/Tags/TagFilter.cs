using OciSync.Core.Errors;
using OciSync.Core.Text;

namespace OciSync.Core.Tags;

/// <summary>
/// The conditions of a choice that look at the name alone: wildcards, regular expressions, keywords. Wildcards mean what PowerShell's
/// <c>-like</c> means by them; as there, case doesn't count, although a registry tells <c>RC1</c> from <c>rc1</c>.
/// </summary>
public sealed class TagFilter
{
    private readonly List<(string Text, WildcardPattern Pattern)> _include;
    private readonly List<(string Text, WildcardPattern Pattern)> _exclude;
    private readonly List<TagRegex> _includeRegex;
    private readonly List<TagRegex> _excludeRegex;
    private readonly IReadOnlyList<string> _keywords;

    /// <param name="choice">Whose conditions.</param>
    /// <exception cref="OciException">A wildcard or a regular expression is none; the message says which.</exception>
    public TagFilter(TagChoice choice)
    {
        _include = Read(choice.Include);
        _exclude = Read(choice.Exclude);
        _includeRegex = choice.IncludeRegex.Select(p => new TagRegex(p)).ToList();
        _excludeRegex = choice.ExcludeRegex.Select(p => new TagRegex(p)).ToList();
        _keywords = choice.ExcludeKeyword;
    }

    /// <summary>Whether a name is wanted.</summary>
    public bool IsMatch(string name) => FindReason(name) is null;

    /// <summary>Why a name isn't wanted, or null.</summary>
    internal string? FindReason(string tag)
    {
        if (_include.Count > 0 && !_include.Exists(p => p.Pattern.IsMatch(tag)))
        {
            return "no include matches it";
        }

        if (_includeRegex.Count > 0 && !_includeRegex.Exists(r => r.IsMatch(tag)))
        {
            return "no included regular expression matches it";
        }

        if (_exclude.Find(p => p.Pattern.IsMatch(tag)) is { Text: not null } excluded)
        {
            return $"'{excluded.Text}' excludes it";
        }

        if (_excludeRegex.Find(r => r.IsMatch(tag)) is { } regex)
        {
            return $"the regular expression '{regex}' excludes it";
        }

        return FindKeyword(tag) is { } keyword ? $"it contains '{keyword}'" : null;
    }

    internal static List<(string Text, WildcardPattern Pattern)> Read(IEnumerable<string> patterns) => patterns.Select(p => (p, Read(p))).ToList();

    private static WildcardPattern Read(string pattern)
    {
        try
        {
            return new WildcardPattern(pattern);
        }
        catch (FormatException e)
        {
            throw new OciException(OciErrorKind.ChoiceInvalid, e.Message, e);
        }
    }

    private string? FindKeyword(string tag)
    {
        if (_keywords.Count == 0)
        {
            return null;
        }

        var lower = tag.ToLowerInvariant();
        return _keywords.FirstOrDefault(k => k.Length > 0 && lower.Contains(k));
    }
}
