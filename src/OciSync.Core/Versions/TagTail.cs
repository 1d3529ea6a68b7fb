using System.Text;
using OciSync.Core.Text;

namespace OciSync.Core.Versions;

/// <summary>
/// Takes what follows a tag's numbers apart: the pre-release (<c>rc.1</c>, <c>ea-22</c>, <c>M04</c>), the suffix, its family.
/// </summary>
internal static class TagTail
{
    private static readonly char[] Separators = ['-', '_', '.', '+'];

    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "alpha", "beta", "canary", "ci", "cr", "dev", "devel", "develop", "ea", "experimental", "insiders", "milestone", "next", "nightly",
        "pre", "prerelease", "preview", "rc", "snapshot", "test", "unstable",
    };

    /// <summary>Pre-release words and the bare numbers after them are one thing, wherever they stand; the rest is the suffix.</summary>
    internal static (string Prerelease, string Suffix) Split(string tail)
    {
        var prerelease = new StringBuilder();
        var suffix = new StringBuilder();
        var within = false;
        for (var start = 0; start < tail.Length;)
        {
            var end = FindEnd(tail, start);
            var part = tail.Substring(start, end - start);
            within = IsPrerelease(part, isFirst: start == 0) || (within && IsBareNumber(part));
            (within ? prerelease : suffix).Append(part);
            start = end;
        }

        return (prerelease.ToString().TrimStart(Separators), suffix.ToString());
    }

    /// <summary>What pre-releases are ordered by: <c>ea-22</c> and <c>EA.22</c> are <c>ea22</c>.</summary>
    internal static string Key(string prerelease)
    {
        var letters = CountLetters(prerelease);
        return prerelease.Substring(0, letters).ToLowerInvariant() + prerelease.Substring(letters).TrimStart(Separators);
    }

    /// <summary>The suffix with <c>#</c> for numbers that stand alone: <c>-0</c> and <c>-1</c> are builds of one line.</summary>
    internal static string FamilyOf(string suffix)
    {
        var family = new StringBuilder();
        for (var start = 0; start < suffix.Length;)
        {
            var end = FindEnd(suffix, start);
            var part = suffix.Substring(start, end - start);
            family.Append(part[0] != '.' && IsBareNumber(part) ? part[0] + "#" : part);
            start = end;
        }

        var found = family.ToString();
        return found == suffix ? suffix : found;
    }

    // Python writes 3.13.0a5 and 3.13.0b1; the "-b181" of 9-b181 is the build of a release.
    private static bool IsPrerelease(string part, bool isFirst)
    {
        var word = part.TrimStart(Separators);
        var letters = CountLetters(word);
        var number = word.Substring(letters);
        return number.All(NaturalOrder.IsDigit) && word.Substring(0, letters).ToLowerInvariant() switch
        {
            "m" => number.Length > 0,
            "a" or "b" => number.Length > 0 && isFirst && word.Length == part.Length,
            var letterPart => Words.Contains(letterPart),
        };
    }

    private static bool IsBareNumber(string part) =>
        part.Length > 1 && Array.IndexOf(Separators, part[0]) >= 0 && part.Skip(1).All(NaturalOrder.IsDigit);

    // A part is a separator and what follows it up to the next one.
    private static int FindEnd(string text, int start) => text.IndexOfAny(Separators, start + 1) is >= 0 and var end ? end : text.Length;

    private static int CountLetters(string text) => text.TakeWhile(c => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z').Count();
}
