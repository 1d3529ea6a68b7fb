using OciSync.Core.References;
using OciSync.Core.Tags;
using OciSync.Core.Versions;

namespace OciSync.Core.Tests.Tags;

public sealed class TagListTests
{
    private static readonly ImageReference Repository = ImageReference.Parse("registry.test/some/image");

    [Theory]
    [InlineData("alpine", "3.22.4 3.23.0 3.23.2 3.23.3 3.23.4")]
    [InlineData("nginx", "1.30.0 1.30.1 1.30.2 1.31.0 1.31.1")]
    [InlineData("node", "25.8.2 25.9.0 26.0.0 26.1.0 26.2.0")]
    [InlineData("openjdk", "17.0.2 18.0.1 18.0.1.1 18.0.2 18.0.2.1")]
    [InlineData("pause", "3.8 3.9 3.10 3.10.1 3.10.2")]
    [InlineData("etcd", "v3.6.7 v3.6.8 v3.6.9 v3.6.10 v3.6.11")]
    [InlineData("base", "2.1.2 2.1.3 2.1.5 2.1.6 2.1.7")]
    [InlineData("grafana", "12.4.0 12.4.1 12.4.2 12.4.3 13.0.1")]
    [InlineData("redis", "8.6.0 8.6.1 8.6.2 8.6.3 8.8.0")]
    [InlineData("kube-webhook-certgen", "v1.6.5 v1.6.6 v1.6.7 v1.6.8 v1.6.9")]
    [InlineData("cert-manager-webhook", "v1.19.3 v1.19.4 v1.19.5 v1.20.0 v1.20.1")]
    public void The_newest_releases_of_real_repositories(string name, string expected)
    {
        var tags = TagList.Create(Repository, TagData.Read(name)).Tags;
        var releases = tags.Where(t => t is { Scheme: "Version", Family: "", IsPrerelease: false, IsRolling: false });
        Assert.Equal(expected, string.Join(" ", releases.TakeLast(5).Select(t => t.Tag)));
    }

    [Fact]
    public void Alpine_from_3_17_on_ends_with_versions_not_with_dates()
    {
        var tags = TagList.Create(Repository, TagData.Read("alpine")).Tags;
        Assert.Equal(["3.23.2", "3.23.3", "3.23.4"], tags.Where(t => t.Version.CompareTo("3.17") >= 0).TakeLast(3).Select(t => t.Tag));
        Assert.Contains(tags, t => t is { Tag: "20260127", Scheme: "Date" });
    }

    [Theory]
    [InlineData("grafana", "9799770991", TagScheme.Commit)]
    [InlineData("kube-webhook-certgen", "v20230407", TagScheme.Date)]
    [InlineData("redis", "32bit", TagScheme.Name)]
    public void What_only_looks_like_a_great_version_is_before_all_versions(string name, string tag, TagScheme scheme)
    {
        var found = TagList.Create(Repository, TagData.Read(name)).Tags.Single(t => t.Tag == tag);
        Assert.Equal(scheme, found.Version.Scheme);
        Assert.True(found.Version < TagVersion.Parse("0"));
    }

    [Fact]
    public void Short_versions_roll_in_alpine_and_not_in_pause()
    {
        Assert.Equal(["3", "3.22", "edge"], Rolling([.. TagData.Read("alpine"), "edge"]).Intersect(["3", "3.22", "3.22.1", "edge"]).Order());
        Assert.DoesNotContain("3.10", Rolling(TagData.Read("pause")));
    }

    [Fact]
    public void What_is_no_tag_is_left_out_and_named()
    {
        var list = TagList.Create(Repository, ["1.0", "", "1.0", "bad tag", new string('a', 129), "-x", null, "\u001b[2J"]);
        Assert.Equal(["1.0"], list.Tags.Select(t => t.Tag));
        Assert.Equal(["", "bad tag", new string('a', 129), "-x", "\u001b[2J"], list.Invalid);
        Assert.Equal("'U+001B[2J' is no tag; it is left out.", list.Remarks.Last());
    }

    [Fact]
    public void A_tag_carries_its_repository()
    {
        var signature = "sha256-" + new string('0', 64) + ".sig";
        var tags = TagList.Create(Repository, ["1.0-alpine", signature, "sha256-" + new string('1', 64)]).Tags;
        Assert.Equal(["Signature", "Digest", "Image"], tags.Select(t => t.Kind));
        var tag = tags[2];
        Assert.Equal(("registry.test", "some/image", "1.0-alpine", "-alpine"), (tag.Registry, tag.Repository, tag.Tag, tag.Family));
        Assert.Equal("registry.test/some/image:1.0-alpine", tag.Reference);
        Assert.Null(tag.Digest);
        Assert.Null(tag.Created);
    }

    private static IEnumerable<string> Rolling(IEnumerable<string> names) =>
        TagList.Create(Repository, names).Tags.Where(t => t.IsRolling).Select(t => t.Tag);
}
