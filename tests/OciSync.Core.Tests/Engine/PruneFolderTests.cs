using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Tags;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Registry;
using static OciSync.Core.Tests.Engine.PruneRuns;

namespace OciSync.Core.Tests.Engine;

/// <summary>Runs that prune layouts, and places that can't be pruned.</summary>
public sealed class PruneFolderTests
{
    [Fact]
    public async Task A_layout_is_pruned_by_names_with_the_blobs_and_other_repositories_in_it_stay()
    {
        using var folder = new TempFolder();
        await using var source = await SourceAsync();
        var layout = "oci:" + folder["m"];
        await Run.SyncAsync(Run.Request([$"{source.Address}/a:1.0", $"{source.Address}/a:2.0"], layout));
        await Carry.SucceedAsync($"{source.Address}/a:1.0", layout + ":other:1.0");
        var request = Request(new TagChoice { Latest = 2 }, source.Address, layout);

        var planned = await Run.SyncAsync(request with { IsReadOnly = true });
        var rows = await Run.SyncAsync(request);

        Assert.Equal(["WouldCopy", "WouldCopy", "WouldPrune", "WouldPrune"], planned.Statuses());
        Assert.Equal(["Copied", "Copied", "Pruned", "Pruned"], rows.Statuses());
        Assert.Contains(rows, r => r.Row.Destination == layout + ":a:2.0");
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        var left = await engine.ChooseTagsAsync(ImageLocation.Parse(layout), new TagSelector(TagChoice.Everything), TestContext.Current.CancellationToken);
        Assert.Equal([layout + ":a:3.0", layout + ":a:4.0", layout + ":other:1.0"], left.All.Select(t => t.Reference).Order());
        Assert.False(File.Exists(folder["m/blobs/sha256/" + Samples[2].Digest[7..]]));
        Assert.True(File.Exists(folder["m/blobs/sha256/" + Samples[1].Digest[7..]]));
    }

    [Fact]
    public async Task Places_that_can_not_be_pruned_are_told_once_and_the_others_are()
    {
        using var folder = new TempFolder();
        await using var source = await SourceAsync();
        await using var place = await PlaceAsync("default");
        var warnings = new List<string>();

        var rows = await Run.SyncAsync(
            Request(new TagChoice { Latest = 2 }, source.Address, place.Address, "docker-archive:" + folder["a.tar"]),
            events: new EngineEvents { Warning = warnings.AddLocked });

        Assert.Equal(["Copied", "Copied", "Copied", "Copied", "Pruned", "Pruned"], rows.Statuses());
        Assert.Contains("is not pruned", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blobs_that_layouts_share_stay_when_one_of_them_is_pruned()
    {
        using var folder = new TempFolder();
        await using var source = await SourceAsync();
        await using var target = await EmbeddedRegistry.StartAsync();
        var shared = Run.Quick with { SourceBlobPath = folder["blobs"], DestinationBlobPath = folder["blobs"] };
        await Run.SyncAsync(Run.Request([$"{source.Address}/a:1.0"], "oci:" + folder["m"]), shared);
        await Run.SyncAsync(Run.Request([$"{source.Address}/a:1.0"], "oci:" + folder["other"]), shared);

        var rows = await Run.SyncAsync(Request(new TagChoice { Latest = 1 }, source.Address, "oci:" + folder["m"]), shared);

        Assert.Equal(["Copied", "Pruned"], rows.Statuses());
        Assert.Equal("Copied", (await Run.OneAsync(Carry.Request($"oci:{folder["other"]}:a:1.0", $"{target.Address}/a:1"), shared)).Status);
    }
}
