using OciSync.Core.Errors;
using OciSync.Core.Tags;
using OciSync.Core.Text;

namespace OciSync.Core.Tests.Tags;

public sealed class TagFilterTests
{
    [Theory]
    [InlineData("3.*", "3.23.4", true)]
    [InlineData("3.*", "13.2", false)]
    [InlineData("*-ALPINE*", "1.0-alpine3.20", true)]
    [InlineData("3.2?", "3.22", true)]
    [InlineData("3.2?", "3.2", false)]
    [InlineData("3.[12]", "3.2", true)]
    [InlineData("3.[1-3].*", "3.4.0", false)]
    [InlineData("a`*b", "a*b", true)]
    [InlineData("a`*b", "axb", false)]
    [InlineData("`[", "[", true)]
    [InlineData("[`]a]", "]", true)]
    [InlineData("[]a]", "]", true)]
    [InlineData("", "", true)]
    [InlineData("", "x", false)]
    [InlineData("*", "", true)]
    [InlineData("*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", false)]
    public void Wildcards_mean_what_they_mean_in_PowerShell(string pattern, string text, bool expected) =>
        Assert.Equal(expected, new WildcardPattern(pattern).IsMatch(text));

    [Theory]
    [InlineData("[", "position 1 is not closed")]
    [InlineData("3.[12", "position 3 is not closed")]
    [InlineData("[]", "position 1 is not closed")]
    [InlineData("[z-a]", "runs backwards")]
    public void A_wildcard_that_is_none_is_refused(string pattern, string fault)
    {
        var failure = Assert.Throws<OciException>(() => new TagFilter(new TagChoice { Exclude = [pattern] }));
        Assert.Contains(fault, failure.Message, StringComparison.Ordinal);
        Assert.Contains($"'{pattern}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_wildcards_choose_everything() => Assert.True(new TagFilter(TagChoice.Everything).IsMatch("1.0"));
}
