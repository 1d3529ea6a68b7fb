using System.Text.RegularExpressions;
using OciSync.Core.Errors;
using OciSync.Core.Tags;

namespace OciSync.Core.Tests.Tags;

/// <summary>Expressions as Go reads them (RE2), over what tags are made of.</summary>
public sealed class GoExpressionTests
{
    private static readonly string[] Tags = ["3.1", "3.10", "v1.2.3-rc1", "latest", "RC2", "a_b", "[:d]x", "e", "\\d+", "é"];

    [Theory]
    [InlineData(@"^[[:digit:]]+\.[[:digit:]]+$", "3.1 3.10")]
    [InlineData(@"^[[:upper:][:digit:]]+$", "RC2")]
    [InlineData(@"^[^[:alpha:]]+$", @"3.1 3.10 é")]
    [InlineData(@"^[[:^ascii:]]$", "é")]
    [InlineData(@"^[[:word:]]+$", "latest RC2 a_b e")]
    [InlineData(@"^[[:punct:][:lower:]]+$", @"latest a_b [:d]x e \d+")]
    [InlineData(@"^(?P<major>\d)\.(?P<minor>\d+)$", "3.1 3.10")]
    [InlineData(@"^(?<major>v)", "v1.2.3-rc1")]
    [InlineData(@"\Q\d+\E", @"\d+")]
    [InlineData(@"^\Q[:d]", "[:d]x")]
    [InlineData(@"^[a-z-[aeiou]+$", "latest e")]
    [InlineData(@"^[]:[d]+x$", "[:d]x")]
    [InlineData(@"^\pL+$", "latest e é")]
    [InlineData(@"^[\p{Lu}\pN]+$", "RC2")]
    [InlineData(@"^[\p{^L}.]+$", @"3.1 3.10")]
    [InlineData(@"^\x65$|^\x{E9}$|^\063\.1$", "3.1 e é")]
    [InlineData(@"^a\_b$", "a_b")]
    [InlineData(@"(?i)^rc|(?i:LATEST)", "latest RC2")]
    [InlineData(@"^[\d.-]+$", "3.1 3.10")]
    [InlineData(@"^a(?:_b)?$|\Ae\z", "a_b e")]
    public void What_the_two_write_differently_means_the_same(string expression, string matches)
    {
        var regex = new Regex(GoExpression.Translate(expression), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        Assert.Equal(matches, string.Join(' ', Tags.Where(t => regex.IsMatch(t))));
    }

    [Theory]
    [InlineData(@"a(?=b)", "begins with (?=", 2)]
    [InlineData(@"(?<!a)b", "begins with (?<", 1)]
    [InlineData(@"(?>a)", "begins with (?>", 1)]
    [InlineData(@"(?x)a", "begins with (?x", 1)]
    [InlineData(@"(?U)a*", "the flag U", 1)]
    [InlineData(@"(a)\1", "refer to a group", 4)]
    [InlineData(@"a\Z", @"have no \Z", 2)]
    [InlineData(@"\u0041", @"have no \u", 1)]
    [InlineData(@"[[:digits:]]", "no class [:digits:]", 2)]
    [InlineData(@"[\b]", @"\b can't stand here", 2)]
    [InlineData(@"[z-a]", "goes backwards", 2)]
    [InlineData(@"a[b", "a [ has no ]", 2)]
    [InlineData(@"a\", @"a \ stands at its end", 2)]
    [InlineData(@"\x4", "hexadecimal", 1)]
    [InlineData(@"\p{L", "name of a class", 1)]
    public void What_Go_does_not_know_is_refused_with_its_place(string expression, string fault, int character)
    {
        var failure = Assert.Throws<OciException>(() => GoExpression.Translate(expression));
        Assert.Equal(OciErrorKind.ChoiceInvalid, failure.Kind);
        Assert.Contains(fault, failure.Message, StringComparison.Ordinal);
        Assert.Contains($"(character {character})", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[[:digit:]]+")]
    [InlineData("^[a[:^space:]]")]
    public void In_an_expression_of_NET_a_named_class_is_refused(string expression)
    {
        var failure = Assert.Throws<OciException>(() => new TagSelector(new TagChoice { IncludeRegex = [expression] }));
        Assert.Equal(OciErrorKind.ChoiceInvalid, failure.Kind);
        Assert.Contains("a class that .NET's expressions don't know", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[:digit:]")]
    [InlineData(@"\[\[:digit:\]")]
    public void What_only_looks_like_one_is_not(string expression) => _ = new TagRegex(expression);

    [Fact]
    public void Whatever_is_written_there_it_ends_in_an_expression_or_a_fault()
    {
        var pieces = new[]
        {
            "[",
            "]",
            "^",
            "-",
            "[:",
            ":]",
            "digit",
            "\\",
            "\\Q",
            "\\E",
            "(?",
            "P<n>",
            ")",
            "(",
            "*",
            "{2}",
            "x",
            "\\p",
            "{L}",
            "|",
            "$",
            ".",
            "é",
            "7"
        };
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var expression = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => pieces[random.Next(pieces.Length)]));
            try
            {
                _ = GoExpression.Translate(expression);
            }
            catch (OciException e)
            {
                Assert.Equal(OciErrorKind.ChoiceInvalid, e.Kind);
            }
        }
    }
}
