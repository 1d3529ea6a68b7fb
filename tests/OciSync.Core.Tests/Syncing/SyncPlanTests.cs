using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Syncing;

namespace OciSync.Core.Tests.Syncing;

public sealed class SyncPlanTests
{
    [Fact]
    public void The_same_pair_twice_is_one_and_a_second_source_follows()
    {
        var plan = SyncPlan.Create(
            [Pair("a:1", "r.test/a:1"), Pair("a:1", "r.test/a:1"), Pair("b:1", "r.test/a:1"), Pair("a:1", "r.test/b:1")], new SyncRequest());
        Assert.Equal(["r.test/a:1", "r.test/b:1"], plan.Leaders.Select(p => p.Destination.ToString()));
        var (pair, leader) = Assert.Single(plan.Followers);
        Assert.Equal(("docker.io/library/b:1", "docker.io/library/a:1"), (pair.Source.ToString(), leader.Source.ToString()));
    }

    [Fact]
    public void Additional_tags_are_names_too()
    {
        var plan = SyncPlan.Create(
            [Pair("a:1", "r.test/a:1"), Pair("a:2", "r.test/a:2"), Pair("b:1", "r.test/b:1")], new SyncRequest { AdditionalTags = ["latest"] });
        Assert.Equal(["r.test/a:1", "r.test/b:1"], plan.Leaders.Select(p => p.Destination.ToString()));
        Assert.Equal("r.test/a:2", Assert.Single(plan.Followers).Pair.Destination.ToString());
    }

    [Fact]
    public void Another_selection_of_the_same_source_is_another_image()
    {
        var pair = Pair("a:1", "r.test/a:1");
        var plan = SyncPlan.Create([pair, pair with { Selection = new OciSync.Core.Images.ImageSelection { ExcludeAttestation = true } }], new SyncRequest());
        Assert.Single(plan.Followers);
    }

    private static SyncPair Pair(string source, string destination) =>
        new(ImageReference.Parse(source), ImageReference.Parse(destination), source);
}
