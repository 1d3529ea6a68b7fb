using System.Text.RegularExpressions;
using OciSync.Core.Errors;
using OciSync.Core.Text;

namespace OciSync.Core.Versions;

/// <summary>Reads the text of a <see cref="VersionRange"/> from left to right.</summary>
internal sealed class VersionRangeParser(string text)
{
    private const int LongestText = 1000;

    private static readonly Regex Version = new(
        "\\G[vV]?(?<n>[0-9]+|[xX*])(?:\\.(?<n>[0-9]+|[xX*]))*(?:[-_.]?(?<p>[A-Za-z][0-9A-Za-z.-]*))?(?:\\+[0-9A-Za-z.-]*)?", RegexOptions.CultureInvariant);

    private static readonly Regex Hyphen = new("\\G\\s+-\\s+", RegexOptions.CultureInvariant);

    private int _at;

    internal List<List<VersionComparator>> Read()
    {
        if (text.Length > LongestText)
        {
            throw Fault($"is longer than {LongestText} characters");
        }

        var alternatives = new List<List<VersionComparator>>();
        do
        {
            alternatives.Add(ReadAlternative());
        }
        while (Take("||"));
        return _at == text.Length ? alternatives : throw Fault($"has '{text[_at]}' where a version or an operator is expected");
    }

    private List<VersionComparator> ReadAlternative()
    {
        var comparators = new List<VersionComparator>();
        while (true)
        {
            SkipSpace();
            if (_at == text.Length || text[_at] == '|')
            {
                return comparators.Count > 0 ? comparators : throw Fault("has nothing where a version is expected");
            }

            comparators.AddRange(ReadComparator());
            SkipSpace();
            if (Take(","))
            {
                SkipSpace();
                if (_at == text.Length || text[_at] is '|' or ',')
                {
                    throw Fault("has nothing where a version is expected");
                }
            }
        }
    }

    private IEnumerable<VersionComparator> ReadComparator()
    {
        var sign = ReadSign();
        SkipSpace();
        var version = ReadVersion();
        var hyphen = Hyphen.Match(text, _at);
        if (sign.Length > 0 || !hyphen.Success)
        {
            return [Create(sign, version)];
        }

        _at += hyphen.Length;
        return [Create(">=", version), Create("<=", ReadVersion())];
    }

    private string ReadSign()
    {
        foreach (var sign in new[] { ">=", "=>", "<=", "=<", "!=", "~>", "==", "=", ">", "<", "~", "^" })
        {
            if (Take(sign))
            {
                return sign switch { "=>" => ">=", "=<" => "<=", "==" => "=", "~>" => "~", _ => sign };
            }
        }

        return string.Empty;
    }

    // The numbers that are given; a wildcard ends them.
    private (List<string> Numbers, bool IsPartial, string Prerelease) ReadVersion()
    {
        var match = Version.Match(text, _at);
        if (!match.Success)
        {
            throw Fault(_at == text.Length ? "has nothing where a version is expected" : $"has '{text[_at]}' where a version is expected");
        }

        var parts = match.Groups["n"].Captures.Cast<Capture>().Select(c => c.Value).ToList();
        var numbers = parts.TakeWhile(p => NaturalOrder.IsDigit(p[0])).Select(NaturalOrder.TrimZeros).ToList();
        var prerelease = match.Groups["p"].Value;
        if (prerelease.Length > 0 && TagVersion.Parse("1.0.0-" + prerelease) is not { IsPrerelease: true, Suffix.Length: 0 })
        {
            _at = match.Groups["p"].Index;
            throw Fault($"has the suffix '{prerelease}'; a range compares numbers, and -Family chooses suffixes");
        }

        _at += match.Length;
        return (numbers, numbers.Count < Math.Max(3, parts.Count) && prerelease.Length == 0, prerelease);
    }

    private static VersionComparator Create(string sign, (List<string> Numbers, bool IsPartial, string Prerelease) version)
    {
        var (numbers, isPartial, prerelease) = version;
        IReadOnlyList<string>? Span() => numbers.Count == 0 ? null : isPartial ? Next(numbers, numbers.Count - 1) : [];
        return sign switch
        {
            "~" => new(numbers, numbers.Count == 0 ? null : Next(numbers, Math.Min(1, numbers.Count - 1)), prerelease, VersionRelation.Within),
            "^" => new(numbers, numbers.Count == 0 ? null : Next(numbers, CaretPlace(numbers)), prerelease, VersionRelation.Within),
            "!=" => new(numbers, Span(), prerelease, VersionRelation.Outside),
            "<" => new(numbers, Span(), prerelease, VersionRelation.Below),
            "<=" => new(numbers, Span(), prerelease, VersionRelation.NotAbove),
            ">" => new(numbers, Span(), prerelease, VersionRelation.Above),
            ">=" => new(numbers, Span(), prerelease, VersionRelation.NotBelow),
            _ => new(numbers, Span(), prerelease, VersionRelation.Within),
        };
    }

    // ^1.2 allows changes right of the first number that isn't zero, ^0.0 right of its last.
    private static int CaretPlace(List<string> numbers)
    {
        var place = numbers.FindIndex(n => n != "0");
        return place >= 0 ? place : numbers.Count - 1;
    }

    private static List<string> Next(List<string> numbers, int place)
    {
        var next = numbers.Take(place + 1).ToList();
        next[place] = NaturalOrder.Increment(next[place]);
        return next;
    }

    private bool Take(string sign)
    {
        if (string.CompareOrdinal(text, _at, sign, 0, sign.Length) != 0)
        {
            return false;
        }

        _at += sign.Length;
        return true;
    }

    private void SkipSpace()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }

    private OciException Fault(string what) =>
        new(OciErrorKind.ChoiceInvalid, $"The version range '{text}' {what} (character {_at + 1}). Examples: '>=1.20 <1.25', '^3.1 || ~2.8.1', '1.x'.");
}
