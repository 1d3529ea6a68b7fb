using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Pruning;
using OciSync.Core.References;
using OciSync.Core.Removing;
using OciSync.Core.Requests;

namespace OciSync.Core.Tests.Pruning;

/// <summary>What goes and what stays, as a function of what is known.</summary>
public sealed class PrunePlannerTests
{
    [Theory]
    [InlineData(null)]
    [InlineData((int)DeleteWay.Tag)]
    [InlineData((int)DeleteWay.Digest)]
    public void What_is_not_chosen_goes(int? way) => Assert.Equal(["old"], Pruned(Facts(way, kept: [Tag("new", "n")], candidates: [Tag("old", "o")])));

    [Theory]
    [InlineData(null, true)]
    [InlineData((int)DeleteWay.Tag, true)]
    [InlineData((int)DeleteWay.Digest, false)]
    public void A_tag_of_a_chosen_image_goes_only_where_it_can_go_alone(int? way, bool goes)
    {
        var decision = Assert.Single(PrunePlanner.Plan(Facts(way, kept: [Tag("new", "n")], candidates: [Tag("same", "n")])));
        Assert.Equal(goes, decision.IsPruned);
        Assert.Equal(way != (int)DeleteWay.Tag, decision.Reason.Contains("'new'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData((int)DeleteWay.Tag, true)]
    [InlineData((int)DeleteWay.Digest, false)]
    public void A_part_of_a_chosen_index_stays_where_its_digest_would_go(int way, bool goes)
    {
        var facts = Facts(way, kept: [Tag("new", "n")], candidates: [Tag("amd64", "part")]);
        Assert.Equal(goes, Assert.Single(PrunePlanner.Plan(facts with { Needed = new Dictionary<Digest, string> { [Of("part")] = "new" } })).IsPruned);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".sig")]
    [InlineData(".att")]
    [InlineData(".sbom")]
    public void Signatures_stay_with_what_they_sign_and_go_with_it(string end)
    {
        var (signs, old) = ("sha256-" + Of("n").Hex + end, "sha256-" + Of("o").Hex + end);
        var part = "sha256-" + Of("part").Hex + end;
        var facts = Facts((int)DeleteWay.Tag, kept: [Tag("new", "n")], candidates: [Tag("o", "o"), Tag(old, "so"), Tag(signs, "sn"), Tag(part, "sp")]) with
        {
            Needed = new Dictionary<Digest, string> { [Of("part")] = "new" },
        };

        Assert.Equal(["o", old], Pruned(facts));
    }

    [Fact]
    public void What_speaks_of_a_chosen_image_stays_and_keeps_its_digest()
    {
        var facts = Facts(
            (int)DeleteWay.Digest,
            kept: [Tag("new", "n")],
            candidates: [Tag("sbom", "s") with { Subject = Of("n") }, Tag("again", "s"), Tag("other", "x") with { Subject = Of("o") }]);

        Assert.Equal(["other"], Pruned(facts));
    }

    [Theory]
    [InlineData(50, 10)]
    [InlineData(100, 10)]
    [InlineData(250, 25)]
    [InlineData(0, 10)]
    public void By_default_the_larger_of_ten_and_ten_percent_may_go(int tags, int limit) => Assert.Equal(limit, PruneLimit.Default.Of(tags));

    [Theory]
    [InlineData("25", 200, 25)]
    [InlineData("0", 200, 0)]
    [InlineData("20%", 200, 40)]
    [InlineData("100%", 7, 7)]
    public void A_limit_is_a_number_or_a_part(string text, int tags, int limit) => Assert.Equal(limit, PruneLimit.Parse(text).Of(tags));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("110%")]
    [InlineData("many")]
    public void Anything_else_is_no_limit(string text) =>
        Assert.Equal(OciErrorKind.ChoiceInvalid, Assert.Throws<OciException>(() => PruneLimit.Parse(text)).Kind);

    private static PruneFacts Facts(int? way, PruneTag[] kept, PruneTag[] candidates) => new() { Kept = kept, Candidates = candidates, Way = (DeleteWay?)way };

    private static IEnumerable<string> Pruned(PruneFacts facts) => PrunePlanner.Plan(facts).Where(d => d.IsPruned).Select(d => d.Tag.Name);

    private static PruneTag Tag(string name, string content) => new(name, Of(content));

    private static Digest Of(string content) => Digest.Of(Encoding.UTF8.GetBytes(content));
}
