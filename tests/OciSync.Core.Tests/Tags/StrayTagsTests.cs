using OciSync.Core.References;
using OciSync.Core.Tags;
using TagList = OciSync.Core.Tags.TagList;

namespace OciSync.Core.Tests.Tags;

/// <summary>Tags that read as the newest version of their list and are none.</summary>
public sealed class StrayTagsTests
{
    private const string Flannel = "v0.9.0 v0.10.0 v0.11.0 v0.12.0 v0.13.0 v0.14.0 v0.15.0 v0.15.1 v0.16.0 v0.27.4 v015.0";
    private const string Builds = "v1.22.0 v1.23.0 v1.24.0 550 793 970";

    [Theory]
    [InlineData(Flannel, "v0.14.0 v0.15.0 v0.15.1 v0.16.0 v0.27.4")]
    [InlineData(Builds, "v1.22.0 v1.23.0 v1.24.0")]
    [InlineData("1.5.0 1.6.0 1.05.0 1.7.0", "1.5.0 1.6.0 1.7.0")]
    [InlineData("1.22.0-alpine 1.23.0-alpine 1.24.0-alpine 550-alpine 793-alpine", "1.22.0-alpine 1.23.0-alpine 1.24.0-alpine")]
    public void Build_numbers_and_slips_are_not_the_newest(string list, string expected) =>
        Assert.Equal(expected, Latest(list.Split(' '), new TagChoice { Latest = 5 }));

    [Theory]
    [InlineData("18.04 18.10 20.04 20.10 22.04", "dates as Ubuntu writes them")]
    [InlineData("01.1 02.1 03.1 09.2 10.1", "a list that pads")]
    [InlineData("1.1 1.2 1.3 2023.04 2023.05", "dates after versions")]
    [InlineData("37 38 39 40 41", "whole numbers alone")]
    [InlineData("8 8.4 8.5 9", "too few with dots")]
    [InlineData("17 17.0.1 17.0.2 18.0.1 22", "whole numbers that are versions")]
    [InlineData("24.1.0 24.2.0 25.0.0 25.1.0 26", "the next major")]
    [InlineData("1.1.0 1.2.0 v1.3.0 v1.4.0 v4.0.0", "a change of the way to write")]
    public void Versions_stay_versions(string list, string why) =>
        Assert.True(Latest(list.Split(' '), new TagChoice { Latest = 5, IncludeRolling = true }) == list, why);

    [Fact]
    public void Of_a_real_list_the_version_of_something_else_is_not_the_newest() => Assert.Equal(
        "v2.14.2 v2.14.3 v2.14.4 v2.15.0 v2.15.1",
        string.Join(" ", new TagSelector(new TagChoice { Latest = 5 }).Select(RealTags.Of("docker.io/goharbor/redis-photon")).Select(t => t.Tag)));

    [Fact]
    public void No_other_real_list_has_any_but_what_openjdk_calls_its_early_access()
    {
        var strays = RealTags.ByRepository.Keys.SelectMany(r => StrayTags.Find(RealTags.Of(r)).Keys.Select(t => r + ":" + t));
        Assert.Equal(
            ["docker.io/goharbor/redis-photon:4.0",
                "docker.io/library/openjdk:22-jdk", "docker.io/library/openjdk:22-jdk-slim", "docker.io/library/openjdk:22-oracle"],
            strays.Order());
    }

    [Fact]
    public void They_are_named_with_the_reason_and_taken_when_the_name_is_asked_for()
    {
        var tags = Tags(Builds.Split(' '));
        var reasons = new TagSelector(new TagChoice { Latest = 5 })
            .Explain(tags)
            .Where(t => t.DropReason is not null)
            .ToDictionary(t => t.Tag, t => t.DropReason!);
        Assert.Equal(["550", "793", "970"], reasons.Keys.Order());
        Assert.All(reasons.Values, r => Assert.Contains("whole number", r, StringComparison.Ordinal));
        Assert.Equal("793 970", Latest(Builds.Split(' '), new TagChoice { Latest = 2, Include = ["[0-9]*"] }));
    }

    [Fact]
    public void The_order_is_that_of_the_numbers_all_the_same() =>
        Assert.Equal("v1.22.0 v1.23.0 v1.24.0 550 793 970", string.Join(" ", Tags(Builds.Split(' ').Reverse()).Select(t => t.Tag)));

    private static string Latest(IEnumerable<string> names, TagChoice choice) =>
        string.Join(" ", new TagSelector(choice).Select(Tags(names.Reverse())).Select(t => t.Tag));

    private static IReadOnlyList<OciTag> Tags(IEnumerable<string> names) => TagList.Create(ImageReference.Parse("r.test/a"), names).Tags;
}
