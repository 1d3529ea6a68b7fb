using System.Globalization;

namespace OciSync.Core.Tags;

/// <summary>Text to <see cref="TagVersion"/>. No text is refused: what is nothing else is a name.</summary>
internal static class TagVersionParser
{
    private static readonly HashSet<string> PrereleaseWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "a", "alpha", "b", "beta", "rc", "cr", "pre", "preview", "prerelease", "ea", "m", "milestone", "snapshot", "dev", "nightly", "canary",
        "test", "unstable", "next", "insiders", "ci",
    };

    // One letter is a word only with its number: 3.13.0a1, 2.0-M3.
    private const int ShortestWord = 2;
    private static readonly char[] Separators = ['-', '_', '.', '+'];

    internal static TagVersion Parse(string text)
    {
        if (IsDigestTag(text))
        {
            return new TagVersion(text, TagScheme.DigestTag);
        }

        if (FindDate(text) is { } date)
        {
            return new TagVersion(text, TagScheme.Date) { Numbers = [date.Digits], Suffix = date.After };
        }

        if (IsCommit(text))
        {
            return new TagVersion(text, TagScheme.Commit);
        }

        return ParseVersion(text) ?? new TagVersion(text, TagScheme.Name);
    }

    internal static bool IsDigestTag(string text) =>
        (text.StartsWith("sha256-", StringComparison.Ordinal) && CountHex(text, 7) == 64)
        || (text.StartsWith("sha512-", StringComparison.Ordinal) && CountHex(text, 7) == 128);

    private static TagVersion? ParseVersion(string text)
    {
        var hasPrefix = text.Length > 1 && text[0] is 'v' or 'V' && IsDigit(text[1]);
        var position = hasPrefix ? 1 : 0;
        var numbers = new List<string>();
        while (position < text.Length && IsDigit(text[position]))
        {
            var end = position;
            while (end < text.Length && IsDigit(text[end]))
            {
                end++;
            }

            var digits = text.Substring(position, end - position).TrimStart('0');
            numbers.Add(digits.Length == 0 ? "0" : digits);
            position = end;
            if (position + 1 < text.Length && text[position] == '.' && IsDigit(text[position + 1]))
            {
                position++;
                continue;
            }

            break;
        }

        if (numbers.Count == 0)
        {
            return null;
        }

        var suffix = text.Substring(position);
        var (family, isPrerelease) = ReadSuffix(suffix);
        return new TagVersion(text, TagScheme.Version)
        {
            Numbers = numbers,
            Suffix = suffix,
            HasPrefix = hasPrefix,
            Family = family,
            IsPrerelease = isPrerelease,
        };
    }

    // A suffix is parts with the separators before them. Prerelease parts, and a bare number after one, don't belong to the family.
    private static (string Family, bool IsPrerelease) ReadSuffix(string suffix)
    {
        var family = new System.Text.StringBuilder();
        var isPrerelease = false;
        var afterPrerelease = false;
        for (var start = 0; start < suffix.Length;)
        {
            var end = start + 1;
            while (end < suffix.Length && Array.IndexOf(Separators, suffix[end]) < 0)
            {
                end++;
            }

            var part = suffix.Substring(start, end - start);
            var word = part.TrimStart(Separators);
            if (IsPrereleaseWord(word))
            {
                isPrerelease = afterPrerelease = true;
            }
            else if (word.Length > 0 && word.All(IsDigit))
            {
                family.Append(afterPrerelease ? string.Empty : part[0] == '.' ? part : part.Substring(0, part.Length - word.Length) + "#");
            }
            else
            {
                afterPrerelease = false;
                family.Append(part);
            }

            start = end;
        }

        return (family.ToString(), isPrerelease);
    }

    private static bool IsPrereleaseWord(string part)
    {
        var letters = part.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return PrereleaseWords.Contains(letters) && (letters.Length >= ShortestWord || letters.Length < part.Length);
    }

    private static (string Digits, string After)? FindDate(string text)
    {
        var start = text.StartsWith("RELEASE.", StringComparison.Ordinal) ? "RELEASE.".Length : 0;
        var rest = text.Substring(start);
        foreach (var (format, length) in new[] { ("yyyy-MM-dd", 10), ("yyyyMMdd", 8) })
        {
            if (rest.Length < length || (rest.Length > length && IsDigit(rest[length])) || (start > 0 && length == 8))
            {
                continue;
            }

            if (DateTime.TryParseExact(rest.Substring(0, length), format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year >= 1970)
            {
                // 20240101.1 is a build of a day; 20240101abcdef is no date.
                var after = rest.Substring(length);
                return after.Length == 0 || after[0] == 'T' || Array.IndexOf(Separators, after[0]) >= 0
                    ? (day.ToString("yyyyMMdd", CultureInfo.InvariantCulture), after)
                    : null;
            }
        }

        return null;
    }

    private static bool IsCommit(string text) =>
        text.Length is >= 7 and <= 40 && CountHex(text, 0) == text.Length && text.Any(c => c is >= 'a' and <= 'f') && text.Any(IsDigit);

    private static int CountHex(string text, int from)
    {
        var end = from;
        while (end < text.Length && (IsDigit(text[end]) || text[end] is >= 'a' and <= 'f'))
        {
            end++;
        }

        return end - from;
    }

    private static bool IsDigit(char c) => c is >= '0' and <= '9';
}
