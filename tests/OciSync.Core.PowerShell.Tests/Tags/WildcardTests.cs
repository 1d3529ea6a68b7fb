using System.Management.Automation;
using CsCheck;

namespace OciSync.Core.PowerShell.Tests.Tags;

public sealed class WildcardTests
{
    // Left out is what trips the engine itself: '[a-[b]' throws from its regex, a lone backtick is the empty text, '[Z-b]' ignores case
    // by halves.
    private static readonly string[] Pieces =
    [
        "a", "B", "1", "Z", ".", "-", "_", "*", "*", "*", "?", "]", "`*", "`?", "`[", "`]", "``", "`a", "[a]", "[aB1]",
        "[a-z]", "[A-Z]", "[0-9.]", "[a-b1-3_]", "[]a]", "[a`]b]", "[`-a]", "[-a]", "[a-]", "[a`-z]", "[*]", "[?.]", "[z-a]",
    ];

    private static readonly string[] Ends = ["", "", "", "", "", "[", "[a", "[]", "a`"];

    private static readonly Gen<string> Pattern = Gen.Select(
        Gen.Int[0, Pieces.Length - 1].Array[0, 7],
        Gen.Int[0, Ends.Length - 1],
        (chosen, end) => string.Concat(chosen.Select(i => Pieces[i])) + Ends[end]);

    private static readonly Gen<string> Text = Gen.Char["abAzZ1.-_"].Array[0, 7].Select(c => new string(c));

    [Fact]
    public void They_match_what_the_engine_matches() =>
        Gen.Select(Pattern, Text).Sample(
            (pattern, text) => Assert.True(
                ByEngine(pattern, text) == ByUs(pattern, text), $"'{text}' -like '{pattern}' is {ByEngine(pattern, text)}"),
            iter: 20_000);

    // Null: the pattern is refused.
    private static bool? ByEngine(string pattern, string text)
    {
        try
        {
            return WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(text);
        }
        catch (WildcardPatternException)
        {
            return null;
        }
    }

    private static bool? ByUs(string pattern, string text)
    {
        try
        {
            return new Core.Text.WildcardPattern(pattern).IsMatch(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
