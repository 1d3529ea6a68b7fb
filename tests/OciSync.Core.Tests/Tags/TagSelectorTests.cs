using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Tags;
using OciSync.Core.Versions;

namespace OciSync.Core.Tests.Tags;

public sealed class TagSelectorTests
{
    private const string Names =
        "latest edge 1 1.0 1.1 1.2 1.0.0 1.0.1 1.1.0 1.1.1 1.2.0-rc1 1.2.0 1.2.1 1.2.1-alpine 1.2.0-alpine 1.2.1-slim 2.0.0-beta.1 20240131 0123abcd";

    [Fact]
    public void Nothing_asked_for_is_everything() => Assert.Equal(19, Choose(TagChoice.Everything).Split(' ').Length);

    [Fact]
    public void Latest_takes_full_versions_of_the_plain_family() => Assert.Equal("1.1.1 1.2.0 1.2.1", Choose(new TagChoice { Latest = 3 }));

    [Fact]
    public void Latest_takes_rolling_tags_and_prereleases_when_asked() =>
        Assert.Equal("1.2.0 1.2.1 2.0.0-beta.1", Choose(new TagChoice { Latest = 3, IncludePrerelease = true }));

    [Fact]
    public void Spellings_of_a_version_count_once() =>
        Assert.Equal("v1.1.0 v1.2", Choose(new TagChoice { Latest = 2 }, "1.0.0 1.1.0 v1.1.0 v1.2"));

    [Fact]
    public void Rolling_tags_can_be_asked_for() =>
        Assert.Equal("1 1.0", Choose(new TagChoice { Include = ["1", "1.0"], Family = [""], IncludeRolling = true }));

    [Fact]
    public void Families_are_counted_each() =>
        Assert.Equal("1.2.1 1.2.1-alpine 1.2.1-slim", Choose(new TagChoice { Latest = 1, Family = ["*"] }));

    [Fact]
    public void Families_are_those_that_are_named() => Assert.Equal("1.2.1-alpine", Choose(new TagChoice { Latest = 1, Family = ["-ALP*"] }));

    [Fact]
    public void Lines_are_counted_each() =>
        Assert.Equal("1.0.1 1.1.1 1.2.1", Choose(new TagChoice { Latest = 1, Per = TagLine.Minor }));

    [Fact]
    public void The_newest_can_be_passed_over() => Assert.Equal("1.1.1 1.2.0", Choose(new TagChoice { Latest = 2, SkipLatest = 1 }));

    [Fact]
    public void Without_a_plain_family_the_newest_versions_family_is_the_main_one() =>
        Assert.Equal("1.1-jdk 1.2-jdk", Choose(new TagChoice { Latest = 5 }, "1.0-jre 1.1-jdk 1.2-jdk"));

    [Fact]
    public void Dates_are_counted_where_there_are_no_versions() =>
        Assert.Equal(
            "RELEASE.2024-01-02T00-00-00Z RELEASE.2024-02-02T00-00-00Z",
            Choose(new TagChoice { Latest = 2 }, "latest RELEASE.2023-10-16T04-13-43Z RELEASE.2024-01-02T00-00-00Z RELEASE.2024-02-02T00-00-00Z"));

    [Fact]
    public void Keywords_are_looked_for_in_the_lower_cased_tag_as_they_are_written() =>
        Assert.Equal("1.0-SNAPSHOT", Choose(new TagChoice { ExcludeKeyword = ["SNAPSHOT", "rc"] }, "1.0-SNAPSHOT 1.0-RC1"));

    [Fact]
    public void A_range_leaves_out_what_a_range_of_npm_leaves_out() =>
        Assert.Equal("1.1.0 1.1.1 1.2.0 1.2.1", Choose(new TagChoice { VersionRange = ">=1.1" }));

    [Theory]
    [InlineData("latest", "it is no version")]
    [InlineData("1.2", "it rolls: longer versions stand under it")]
    [InlineData("1.2.0-rc1", "it is a pre-release")]
    [InlineData("1.2.1-slim", "it belongs to the family '-slim'")]
    [InlineData("1.1.1", "it is older than the newest 2")]
    [InlineData("20240131", "it is a date, and there are versions")]
    [InlineData("1.0.1", "'1.0.1' excludes it")]
    public void Each_tag_that_is_dropped_has_its_reason(string tag, string reason)
    {
        var tags = new TagSelector(new TagChoice { Latest = 2, Exclude = ["1.0.1"] }).Explain(List(Names));

        Assert.Equal(reason, tags.Single(t => t.Tag == tag).DropReason);
        Assert.Equal(List(Names).Select(t => t.Tag), tags.Select(t => t.Tag));
    }

    [Fact]
    public void Unknown_times_match_neither_side()
    {
        var selector = new TagSelector(new TagChoice { Since = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), Latest = 1 });
        var surveyed = selector.Survey(List("1.0 1.1 1.2"));
        var timed = surveyed.Zip(new DateTimeOffset?[]
        {
            new(2023, 12, 31, 0, 0, 0, TimeSpan.Zero),
            new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero),
            new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero)
        })
            .Select(p => p.First.MadeAt(p.Second)).ToList();

        Assert.Equal(["it was made on 2023-12-31", null, "when it was made is not known"], selector.Finish(timed).Select(t => t.DropReason));
    }

    [Fact]
    public void A_bad_choice_is_refused_at_once()
    {
        Assert.Equal(OciErrorKind.ChoiceInvalid, Assert.Throws<OciException>(() => new TagSelector(new TagChoice { IncludeRegex = ["("] })).Kind);
        Assert.Equal(OciErrorKind.ChoiceInvalid, Assert.Throws<OciException>(() => new TagSelector(new TagChoice { Family = ["["] })).Kind);
        Assert.Equal(OciErrorKind.ChoiceInvalid, Assert.Throws<OciException>(() => new TagSelector(new TagChoice { VersionRange = ">" })).Kind);
    }

    [Fact]
    public void A_regular_expression_that_explodes_is_an_error()
    {
        var selector = new TagSelector(new TagChoice { ExcludeRegex = ["^(a+)+$"] });

        Assert.Equal(OciErrorKind.ChoiceInvalid, Assert.Throws<OciException>(() => selector.Explain(List(new string('a', 100) + "-"))).Kind);
    }

    private static string Choose(TagChoice choice, string names = Names) =>
        string.Join(" ", new TagSelector(choice).Select(List(names)).Select(t => t.Tag));

    private static IReadOnlyList<OciTag> List(string names) => TagList.Create(ImageReference.Parse("r.test/x"), names.Split(' ')).Tags;
}
