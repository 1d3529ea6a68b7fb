using System.Globalization;
using System.Text.RegularExpressions;
using OciSync.Core.Text;

namespace OciSync.Core.Versions;

/// <summary>Text to <see cref="TagVersion"/>. No text is refused: what is nothing else is a name.</summary>
internal static class TagVersionParser
{
    private const RegexOptions Options = RegexOptions.CultureInvariant;

    private static readonly Regex DigestTag = new("^(?:sha256-[0-9a-f]{64}|sha512-[0-9a-f]{128})(?![0-9a-f])", Options);

    private static readonly Regex Commit = new("^(?:sha-)?[0-9a-f]{7,40}\\z", Options);

    private static readonly Regex[] Dates =
    [
        new("^(?<p>RELEASE\\.|[vV])?(?<n>[0-9]{4})-(?<n>[0-9]{2})-(?<n>[0-9]{2})"
            + "(?:[Tt](?<n>[0-9]{2})[-.:]?(?<n>[0-9]{2})(?:[-.:]?(?<n>[0-9]{2}))?[Zz]?)?(?![0-9A-Za-z])", Options),
        new("^(?<p>RELEASE\\.|[vV])?(?<n>[0-9]{4})(?<n>[0-9]{2})(?<n>[0-9]{2})"
            + "(?:[Tt]?(?<n>[0-9]{2})(?<n>[0-9]{2})(?<n>[0-9]{2})?[Zz]?)?(?![0-9A-Za-z])", Options),
    ];

    private static readonly Regex Version = new("^(?<p>[vV])?(?<n>[0-9]+)(?:\\.(?<n>[0-9]+))*", Options);

    internal static TagVersion Parse(string text)
    {
        if (DigestTag.IsMatch(text))
        {
            return new TagVersion(text, TagScheme.DigestTag);
        }

        foreach (var shape in Dates)
        {
            if (shape.Match(text) is { Success: true } date && IsCalendarDate(date))
            {
                return Read(text, TagScheme.Date, date);
            }
        }

        // All digits is a commit too: a number of seven digits and more as a version would be the newest for ever (grafana has such tags).
        if (Commit.IsMatch(text) && text.Any(NaturalOrder.IsDigit))
        {
            return new TagVersion(text, TagScheme.Commit);
        }

        return Version.Match(text) is { Success: true } version && Read(text, TagScheme.Version, version) is var read && !IsWord(read)
            ? read
            : new TagVersion(text, TagScheme.Name);
    }

    private static TagVersion Read(string text, TagScheme scheme, Match match)
    {
        var (prerelease, suffix) = TagTail.Split(text.Substring(match.Length));
        if (scheme == TagScheme.Version && text.Length <= TagNumbers.LongestText)
        {
            return new TagVersion(text, scheme)
            {
                NumberRange = (match.Groups["n"].Captures[0].Index, match.Length),
                HasPrefix = match.Groups["p"].Success,
                Prerelease = prerelease,
                Suffix = suffix,
                Family = TagTail.FamilyOf(suffix),
            };
        }

        return new TagVersion(text, scheme)
        {
            Numbers = match.Groups["n"].Captures.Cast<Capture>().Select(c => NaturalOrder.TrimZeros(c.Value)).ToArray(),
            HasPrefix = match.Groups["p"].Success,
            Prerelease = prerelease,
            Suffix = suffix,
            Family = TagTail.FamilyOf(suffix),
        };
    }

    private static bool IsCalendarDate(Match match)
    {
        var digits = string.Concat(match.Groups["n"].Captures.Cast<Capture>().Take(3).Select(c => c.Value));
        return DateTime.TryParseExact(digits, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year is >= 1970 and < 2200;
    }

    // "32bit", "20H2" and "3a1" are words; 8u181, 7rc1 and v2foo are versions.
    private static bool IsWord(TagVersion version)
    {
        var tail = version.Text.TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        if (version.HasPrefix || version.Numbers.Count > 1 || tail.Length == 0 || !IsLetter(tail[0]))
        {
            return false;
        }

        var hasNumberSecond = tail.Length > 1 && NaturalOrder.IsDigit(tail[1]);
        var isPrerelease = version.Suffix.Length == 0 || !IsLetter(version.Suffix[0]);
        return hasNumberSecond ? tail[0] != 'u' : !isPrerelease;
    }

    private static bool IsLetter(char c) => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z';
}
