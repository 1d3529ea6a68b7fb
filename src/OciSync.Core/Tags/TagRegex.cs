using System.Text.RegularExpressions;
using OciSync.Core.Errors;
using OciSync.Core.References;

namespace OciSync.Core.Tags;

/// <summary>A regular expression for tags. It may be anybody's, so it has a time limit for each tag. Case doesn't count, as for
/// PowerShell's <c>-match</c>; <c>(?-i)</c> makes it count.</summary>
internal sealed class TagRegex
{
    private const int LongestPattern = 4000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly Regex _regex;

    internal TagRegex(string pattern)
    {
        if (pattern.Length > LongestPattern)
        {
            throw new OciException(
                OciErrorKind.ChoiceInvalid, $"A regular expression has {pattern.Length} characters; at most {LongestPattern} are taken: {Printable.Text(pattern)}");
        }

        try
        {
            _regex = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, Limit);
        }
        catch (ArgumentException e)
        {
            throw new OciException(OciErrorKind.ChoiceInvalid, $"'{Printable.Text(pattern)}' is no regular expression: {e.Message}", e);
        }
    }

    internal bool IsMatch(string tag)
    {
        try
        {
            return _regex.IsMatch(tag);
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new OciException(OciErrorKind.ChoiceInvalid, $"The regular expression '{_regex}' takes more than a second for the tag '{tag}'.", e);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => _regex.ToString();
}
