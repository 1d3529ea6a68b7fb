using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Syncing;
using OciSync.Core.Tags;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Syncing;

/// <summary>Two plans of one input can be compared line by line.</summary>
public sealed class PlanOrderTests
{
    [Fact]
    public async Task A_plan_has_the_order_of_its_input_though_the_first_image_answers_last()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var place = await EmbeddedRegistry.StartAsync();
        foreach (var tag in (string[])["1.0.0", "1.2.0", "1.10.0"])
        {
            await source.AddAsync("app", ImageFactory.Create(new ImageSpec { Seed = tag.Length }), tag);
        }

        await source.AddAsync("z", ImageFactory.Create(new ImageSpec { Seed = 7 }), "1");
        source.Faults.Add("HEAD", "/z/manifests/1", FaultAction.Delay(TimeSpan.FromMilliseconds(600)));
        source.Faults.Add("HEAD", "/app/manifests/1.0.0", FaultAction.Delay(TimeSpan.FromMilliseconds(300)));
        source.Faults.Add("GET", "/gone/tags/list", FaultAction.Delay(TimeSpan.FromMilliseconds(100)));
        var (first, gone, all, last) = ($"{source.Address}/z:1", $"{source.Address}/gone", $"{source.Address}/app", $"{source.Address}/z:missing");
        var request = Run.Request([last, first], place.Address) with
        {
            Repositories = [Repository(all, place), Repository(gone, place)],
            Inputs = [first, gone, all, last],
            IsReadOnly = true,
        };

        var rows = await Run.SyncAsync(request);

        Assert.Equal([first, gone, all + ":1.0.0", all + ":1.2.0", all + ":1.10.0", last], rows.Select(r => r.Row.Source));
        Assert.Equal(["WouldCopy", "Failed", "WouldCopy", "WouldCopy", "WouldCopy", "Failed"], rows.Select(r => r.Row.Status));
    }

    [Fact]
    public void A_row_is_given_as_soon_as_those_before_it_are_there()
    {
        var given = new List<string>();
        var order = new PlanOrder(o => given.Add(o.Row.Source + o.Row.Destination));
        order.Take(Outcome("early", "x"));
        order.Begin(["b", "early", "a"], [Pair("a"), Pair("b")], [Pair("a"), Pair("b")]);
        Assert.Empty(given);
        order.Take(Outcome("r.test/a:latest", "r.test/m/a:latest"));
        Assert.Empty(given);
        order.Take(Outcome(string.Empty, "pruned"));
        order.Take(Outcome("r.test/b:latest", "r.test/m/b:latest"));
        Assert.Equal(["r.test/b:latestr.test/m/b:latest", "earlyx", "r.test/a:latestr.test/m/a:latest"], given);
        order.End();
        Assert.Equal("pruned", given[^1]);
        Assert.Equal(4, given.Count);
    }

    private static SyncRepository Repository(string name, EmbeddedRegistry place) => new(
        ImageReference.Parse(name),
        new TagSelector(new TagChoice()),
        [SyncPlace.Below(GivenDestination.Read(place.Address), DestinationNaming.Leaf)],
        name);

    private static SyncPair Pair(string name) => new(ImageReference.Parse($"r.test/{name}:latest"), ImageReference.Parse($"r.test/m/{name}:latest"), name);

    private static SyncOutcome Outcome(string source, string destination) =>
        new(new OciSyncResult { Source = source, Destination = destination }, null, source);
}
