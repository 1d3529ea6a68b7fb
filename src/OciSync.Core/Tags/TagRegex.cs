using System.Text.RegularExpressions;
using OciSync.Core.Errors;
using OciSync.Core.Text;

namespace OciSync.Core.Tags;

/// <summary>A regular expression for tags. It may be anybody's, so it has a time limit for each tag. Case doesn't count, as for
/// PowerShell's <c>-match</c>; <c>(?-i)</c> makes it count.</summary>
internal sealed class TagRegex
{
    private const int LongestPattern = 4000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private static readonly Regex Named = new(@"(?<=\[[^\]]*)\[:\^?[a-z]+:\]", RegexOptions.CultureInvariant);

    private readonly Regex _regex;

    internal TagRegex(string pattern)
    {
        if (pattern.Length > LongestPattern)
        {
            throw new OciException(
                OciErrorKind.ChoiceInvalid,
                $"A regular expression has {pattern.Length} characters; at most {LongestPattern} are taken: {Printable.Text(pattern)}");
        }

        // .NET reads it as a set of the characters of its name: nothing, or the wrong tags, would be chosen without a word.
        if (Named.Match(pattern) is { Success: true } named)
        {
            throw new OciException(
                OciErrorKind.ChoiceInvalid,
                $"'{Printable.Text(pattern)}' has {named.Value}, a class that .NET's expressions don't know; [0-9] is written for [[:digit:]], [A-Za-z] for "
                + "[[:alpha:]].");
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
