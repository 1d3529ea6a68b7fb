using OciSync.Core.Errors;
using OciSync.Core.Versions;

namespace OciSync.Core.Tests.Versions;

public sealed class VersionRangeTests
{
    private const string Versions = "0.0.3 0.0.4 0.2.3 0.3.0 1.0.0 1.2.0 1.2.3 v1.2.9 1.3.0-rc1 1.3.0 1.10.0 2.0.0-rc.1 2.0.0-rc.2 2.0.0 2.1.0 18.0.2.1";

    [Theory]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("=1.2", "1.2.0 1.2.3 v1.2.9")]
    [InlineData("1.2.x", "1.2.0 1.2.3 v1.2.9")]
    [InlineData("1.*", "1.0.0 1.2.0 1.2.3 v1.2.9 1.3.0 1.10.0")]
    [InlineData("v1.2", "1.2.0 1.2.3 v1.2.9")]
    [InlineData("~1.2.3", "1.2.3 v1.2.9")]
    [InlineData("~1.2", "1.2.0 1.2.3 v1.2.9")]
    [InlineData("~>1", "1.0.0 1.2.0 1.2.3 v1.2.9 1.3.0 1.10.0")]
    [InlineData("^1.2.3", "1.2.3 v1.2.9 1.3.0 1.10.0")]
    [InlineData("^0.2", "0.2.3")]
    [InlineData("^0.0.3", "0.0.3")]
    [InlineData("^0", "0.0.3 0.0.4 0.2.3 0.3.0")]
    [InlineData(">1.2", "1.3.0 1.10.0 2.0.0 2.1.0 18.0.2.1")]
    [InlineData(">=1.3 <2", "1.3.0 1.10.0")]
    [InlineData(">= 1.3, < 2.0.0", "1.3.0 1.10.0")]
    [InlineData("<=1.2", "0.0.3 0.0.4 0.2.3 0.3.0 1.0.0 1.2.0 1.2.3 v1.2.9")]
    [InlineData("<0.2 || >2", "0.0.3 0.0.4 18.0.2.1")]
    [InlineData("1.2 - 1.3", "1.2.0 1.2.3 v1.2.9 1.3.0")]
    [InlineData("1.2.1 - 1.3.0", "1.2.3 v1.2.9 1.3.0")]
    [InlineData(">1 !=2.0", "2.1.0 18.0.2.1")]
    [InlineData(">=2.0.0-rc.2 <2.1", "2.0.0-rc.2 2.0.0")]
    [InlineData(">=18.0.2 <18.0.3", "18.0.2.1")]
    [InlineData("=18.0.2", "")]
    [InlineData(">=99999999999999999999999", "")]
    [InlineData("*", "0.0.3 0.0.4 0.2.3 0.3.0 1.0.0 1.2.0 1.2.3 v1.2.9 1.3.0 1.10.0 2.0.0 2.1.0 18.0.2.1")]
    public void Ranges_hold_what_npm_says(string range, string expected)
    {
        var parsed = VersionRange.Parse(range);

        Assert.Equal(expected, string.Join(" ", Versions.Split(' ').Where(v => parsed.Contains(TagVersion.Parse(v), false))));
    }

    [Fact]
    public void Prereleases_belong_to_the_version_they_precede()
    {
        var parsed = VersionRange.Parse("~1.2 || 2.x");

        Assert.Equal(
            "1.2.0 1.2.3 v1.2.9 2.0.0 2.1.0",
            string.Join(" ", Versions.Split(' ').Where(v => parsed.Contains(TagVersion.Parse(v), true) && !v.Contains("rc."))));
        Assert.False(parsed.Contains(TagVersion.Parse("1.3.0-rc1"), true));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData(">", 2)]
    [InlineData("1.2 ||", 7)]
    [InlineData("1.2 | 1.3", 5)]
    [InlineData(">=1.2,", 7)]
    [InlineData("a", 1)]
    [InlineData(">=1.2.3-alpine", 9)]
    [InlineData("1..2", 2)]
    public void A_range_that_is_none_says_where(string range, int character)
    {
        var failure = Assert.Throws<OciException>(() => VersionRange.Parse(range));

        Assert.Equal(OciErrorKind.ChoiceInvalid, failure.Kind);
        Assert.Contains($"(character {character})", failure.Message, StringComparison.Ordinal);
    }
}
