using OciSync.Core.References;
using OciSync.Testing.Registry;
using static OciSync.Core.Tests.Engine.PruneRuns;

namespace OciSync.Core.Tests.Engine;

/// <summary>Repositories whose names begin alike are not each other's: what came to one protects nothing in the other.</summary>
public sealed class PruneNeighbourTests
{
    [Theory]
    [InlineData("a-ingress")]
    [InlineData("a/b")]
    public async Task What_comes_to_a_repository_whose_name_begins_alike_keeps_nothing_here(string neighbour)
    {
        await using var source = await SourceAsync();
        await source.AddAsync(neighbour, Samples[0], "1");
        await using var place = await PlaceAsync("distribution2");
        var beside = Run.Request([$"{source.Address}/{neighbour}:1"], place.Address).Pairs[0];
        var pair = beside with { Destination = ImageLocation.Parse($"{place.Address}/{neighbour}:1") };

        var rows = await Run.SyncAsync(Latest(2, source, place) with { Pairs = [pair] });

        Assert.Equal(["Copied", "Copied", "Copied", "Pruned", "Pruned"], rows.Statuses());
        Assert.Equal(["3.0", "4.0"], place.TagsOf("a").Order());
        Assert.Equal(["1"], place.TagsOf(neighbour));
    }

    [Fact]
    public async Task What_came_to_the_repository_itself_is_kept_under_its_other_tags_too()
    {
        await using var source = await SourceAsync();
        await source.AddAsync("other", Samples[0], "1");
        await using var place = await PlaceAsync("distribution2");
        var pair = Run.Request([$"{source.Address}/other:1"], place.Address).Pairs[0] with
        {
            Destination = ImageLocation.Parse($"{place.Address}/a"),
        };

        var rows = await Run.SyncAsync(Latest(2, source, place) with { Pairs = [pair] });

        Assert.Equal(["Copied", "Copied", "Pruned", "Skipped", "UpToDate"], rows.Statuses());
        Assert.Contains("0.9", place.TagsOf("a"));
    }
}
