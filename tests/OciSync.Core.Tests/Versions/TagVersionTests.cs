using OciSync.Core.Versions;

namespace OciSync.Core.Tests.Versions;

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
            "1.0.0-slim", "1.0.1", "1.2", "1.9", "1.10", "2", "3.9", "3.10", "3.10.1",
            "99999999999999999999999.0", "100000000000000000000000.0",
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
    [InlineData("20260127-slim", TagScheme.Date, "-slim", false)]
    [InlineData("20260127.1", TagScheme.Date, ".1", false)]
    [InlineData("v20230407", TagScheme.Date, "", false)]
    [InlineData("20240131235959", TagScheme.Date, "", false)]
    [InlineData("20240131T2359Z", TagScheme.Date, "", false)]
    [InlineData("RELEASE.2023-10-16T04-13-43Z", TagScheme.Date, "", false)]
    [InlineData("RELEASE.2023-10-16T04-13-43Z.fips", TagScheme.Date, ".fips", false)]
    [InlineData("20261399", TagScheme.Commit, "", false)]
    [InlineData("20240131a", TagScheme.Commit, "", false)]
    [InlineData("2024-01-31", TagScheme.Date, "", false)]
    [InlineData("abcdef1", TagScheme.Commit, "", false)]
    [InlineData("deadbeef", TagScheme.Name, "", false)]
    [InlineData("sha-9dd6b10", TagScheme.Commit, "", false)]
    [InlineData("6875701", TagScheme.Commit, "", false)]
    [InlineData("v6875701", TagScheme.Version, "", false)]
    [InlineData("123456", TagScheme.Version, "", false)]
    [InlineData("32bit", TagScheme.Name, "", false)]
    [InlineData("32bit-buster", TagScheme.Name, "", false)]
    [InlineData("20H2", TagScheme.Name, "", false)]
    [InlineData("3d", TagScheme.Name, "", false)]
    [InlineData("8u181-jre", TagScheme.Version, "u181-jre", false)]
    [InlineData("7rc1", TagScheme.Version, "", true)]
    [InlineData("1.0.2k", TagScheme.Version, "k", false)]
    [InlineData("9-b181-jre", TagScheme.Version, "-b181-jre", false)]
    [InlineData("8.8-m03-trixie", TagScheme.Version, "-trixie", true)]
    [InlineData("8.0.0-preview.7.23375.6-bookworm", TagScheme.Version, "-bookworm", true)]
    [InlineData("1.27.0-alpine-rc1", TagScheme.Version, "-alpine", true)]
    [InlineData("2.541.3-lts-jdk21", TagScheme.Version, "-lts-jdk21", false)]
    [InlineData("4.12.0-0.okd-scos-2022-10-22-232744-branding", TagScheme.Version, "-#.okd-scos-#-#-#-#-branding", false)]
    [InlineData("3.0.0.RC1", TagScheme.Version, "", true)]
    [InlineData("17.0.2_8-jdk", TagScheme.Version, "_#-jdk", false)]
    [InlineData("vfoobar", TagScheme.Name, "", false)]
    [InlineData("v", TagScheme.Name, "", false)]
    [InlineData("1.", TagScheme.Version, ".", false)]
    [InlineData("bookworm-20240904-slim", TagScheme.Name, "", false)]
    [InlineData("abcdefg", TagScheme.Name, "", false)]
    [InlineData("ltsc2022", TagScheme.Name, "", false)]
    public void A_tag_is_taken_apart(string tag, TagScheme scheme, string family, bool isPrerelease)
    {
        var version = TagVersion.Parse(tag);
        Assert.Equal((scheme, family, isPrerelease), (version.Scheme, version.Family, version.IsPrerelease));
        Assert.Equal(tag, version.ToString());
    }

    [Theory]
    [InlineData("edge release-1.9 release-1.10 trixie-20240904 trixie-20241016")]
    [InlineData("1.0 2.0-M3 2.0-RC1 2.0-RC1-x 2.0 2.0-x 2.0.1 875")]
    [InlineData("1.0-beta2 1.0-M04 1.0-m05 1.0-rc.9 1.0-RC10 1.0-SNAPSHOT 1.0")]
    [InlineData("18-ea-2 18-ea-2-jdk 18-ea-22 18-ea-22-jdk 18 18-jdk 18.0.1")]
    [InlineData("9dd6b1073 6875701 9799770991 20260127 20260127-2 20260127-10 20260127.1 20260127T0101Z v20260128 0.1")]
    [InlineData("3.6.9 v3.6.9 3.6.9-0 3.6.9-1 3.6.9-10 3.6.10")]
    [InlineData("8u20 8u181 9")]
    public void Real_shapes_ascend(string tags)
    {
        var sorted = tags.Split(' ').Reverse().Select(TagVersion.Parse).OrderBy(v => v);
        Assert.Equal(tags, string.Join(" ", sorted));
    }

    [Fact]
    public void The_parts_can_be_read()
    {
        var version = TagVersion.Parse("v18.4-ea-22-alpine3.20");
        Assert.Equal((18L, 4L, null), (version.Major, version.Minor, version.Patch));
        Assert.Equal(("ea-22", "-alpine3.20"), (version.Prerelease, version.Suffix));
        var date = TagVersion.Parse("RELEASE.2023-10-16T04-13-43Z");
        Assert.Equal((2023L, 10L, 16L), (date.Major, date.Minor, date.Patch));
        Assert.Null(TagVersion.Parse("99999999999999999999.1").Major);
        Assert.Null(TagVersion.Parse("latest").Major);
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
