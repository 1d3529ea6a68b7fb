using OciSync.Core.Tags;

namespace OciSync.Core.Tests.Tags;

public sealed class TagVersionTests
{
    /// <summary>Ascending: each is less than all after it.</summary>
    [Fact]
    public void The_order_is_names_digests_commits_dates_versions()
    {
        string[] ascending =
        [
            "edge", "latest", "nonroot",
            "sha256-" + new string('a', 64), "sha256-" + new string('a', 64) + ".sig",
            "1e0f2ab", "9f8e7d6c5b4a",
            "20230329", "2024-01-05", "20240329", "RELEASE.2025-10-16T04-13-43Z",
            "0.9", "1.0.0-alpha.2", "1.0.0-alpha.10", "1.0.0-rc1", "1.0.0-rc2", "1", "1.0", "1.0.0", "v1.0.0", "1.0.0-alpine3.9", "1.0.0-alpine3.10",
            "1.0.0-slim", "1.0.1", "1.2", "1.9", "1.10", "2", "3.9", "3.10", "3.10.1", "99999999999999999999999", "100000000000000000000000",
        ];
        var versions = ascending.Select(TagVersion.Parse).ToList();
        for (var i = 0; i < versions.Count; i++)
        {
            for (var j = 0; j < versions.Count; j++)
            {
                Assert.True(Math.Sign(versions[i].CompareTo(versions[j])) == i.CompareTo(j), $"{ascending[i]} <=> {ascending[j]}");
            }
        }
    }

    [Theory]
    [InlineData("3.23.4", TagScheme.Version, "", false)]
    [InlineData("v1.2", TagScheme.Version, "", false)]
    [InlineData("3.22.1-alpine3.20", TagScheme.Version, "-alpine3.20", false)]
    [InlineData("3.6.11-0", TagScheme.Version, "-#", false)]
    [InlineData("3.13.0a1-alpine", TagScheme.Version, "-alpine", true)]
    [InlineData("1.0.0-rc.1", TagScheme.Version, "", true)]
    [InlineData("27-ea-10-jdk", TagScheme.Version, "-jdk", true)]
    [InlineData("2.0-M3", TagScheme.Version, "", true)]
    [InlineData("20260127", TagScheme.Date, "", false)]
    [InlineData("20261399", TagScheme.Version, "", false)]
    [InlineData("2024-01-31", TagScheme.Date, "", false)]
    [InlineData("abcdef1", TagScheme.Commit, "", false)]
    [InlineData("1234567", TagScheme.Version, "", false)]
    [InlineData("abcdefg", TagScheme.Name, "", false)]
    [InlineData("ltsc2022", TagScheme.Name, "", false)]
    public void A_tag_is_taken_apart(string tag, TagScheme scheme, string family, bool isPrerelease)
    {
        var version = TagVersion.Parse(tag);
        Assert.Equal((scheme, family, isPrerelease), (version.Scheme, version.Family, version.IsPrerelease));
        Assert.Equal(tag, version.ToString());
    }

    [Fact]
    public void Numbers_are_versions_only_when_no_zero_can_be_lost()
    {
        Assert.Equal(0, TagVersion.Parse("3").CompareTo(3));
        Assert.Equal(0, TagVersion.Parse("3.17").CompareTo(3.17));
        var failure = Assert.Throws<FormatException>(() => TagVersion.Parse("3.10").CompareTo(3.10));
        Assert.Contains("'3.10'", failure.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TagVersion.Parse("1").CompareTo(DateTime.UnixEpoch));
    }

    [Fact]
    public void Equal_is_the_same_text()
    {
        Assert.True(TagVersion.Parse("1.0") == TagVersion.Parse("1.0"));
        Assert.True(TagVersion.Parse("1.0") != TagVersion.Parse("1.0.0"));
        Assert.True(TagVersion.Parse("1.0") < TagVersion.Parse("1.0.0") && TagVersion.Parse("2") >= TagVersion.Parse("2"));
        Assert.Equal(TagVersion.Parse("v2").GetHashCode(), TagVersion.Parse("v2").GetHashCode());
    }
}
