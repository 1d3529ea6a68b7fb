using OciSync.Core.Flow;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Tags;
using OciSync.Core.References;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Signing.Stores;
using OciSync.Core.Tests.Transports;

namespace OciSync.Core.Tests.Signing.Enforcing;

/// <summary>What lies beside images and does not come along is told, and costs no request.</summary>
public sealed class LeftBehindTests
{
    [Fact]
    public async Task Of_a_folder_the_signatures_that_have_no_place_are_counted()
    {
        await using var world = await TrustWorld.StartAsync();
        await Carry.SucceedAsync(world.App, $"dir:{world.Folder["image"]}");
        File.WriteAllBytes(world.Folder["image/signature-1"], StoreRun.Signature(1));
        File.WriteAllBytes(world.Folder["image/signature-2"], StoreRun.Signature(2));
        File.WriteAllText(world.Folder["image/my-signature-1"], "x");
        var row = await Carry.SucceedAsync($"dir:{world.Folder["image"]}", $"oci:{world.Folder["layout"]}:a");
        Assert.Equal($"2 OpenPGP signatures stay behind: 'oci:{world.Folder["layout"]}' has no place for OpenPGP signatures (dir: has)", row.Reason);
    }

    [Fact]
    public async Task Of_a_layout_what_its_index_names_beside_the_image()
    {
        await using var world = await TrustWorld.StartAsync();
        await world.SignAsync(TrustWorld.Image.Root);
        var request = Carry.Request(world.App, $"oci:{world.Folder["layout"]}:a") with { IncludeReferrer = true };
        Assert.Null((await world.RunAsync(request)).Reason);
        var back = Carry.Request($"oci:{world.Folder["layout"]}:a", $"{world.Destination.Address}/app:1") with { IsReadOnly = true };
        Assert.Equal(
            $"1 sigstore signature stays behind: registries.d has no use-sigstore-attachments for '{world.Destination.Address}/app'",
            (await Run.OneAsync(back, world.Unsaid)).Reason);
        Assert.Null((await Run.OneAsync(back with { IncludeReferrer = true }, world.Unsaid)).Reason);
        Assert.Null((await world.RunAsync(back)).Reason);
    }

    [Fact]
    public async Task Of_a_registry_what_is_known_anyway_once_at_the_end_and_without_a_request()
    {
        await using var world = await TrustWorld.StartAsync();
        await world.SignAsync(TrustWorld.Image.Root);
        var told = new List<string>();
        var events = new EngineEvents { Warning = told.AddLocked };
        Assert.Null((await Run.OneAsync(world.Request(), world.Unsaid)).Reason);
        var requests = world.Source.Requests.Snapshot().Count(r => r.Method == "GET");

        // Who chooses tags has the list of them.
        await using var other = await Testing.Registry.EmbeddedRegistry.StartAsync();
        world.Source.Requests.Clear();
        var place = SyncPlace.Below(GivenDestination.Read(other.Address), DestinationNaming.Leaf);
        var repository = new SyncRepository(
            ImageReference.Parse($"{world.Source.Address}/app"), new TagSelector(new TagChoice { Include = ["1"] }), [place], "app");
        var row = Assert.Single(await Run.SyncAsync(new SyncRequest { Repositories = [repository] }, world.Unsaid, events: events)).Row;

        Assert.Equal((SyncStatus.Copied, "1 referrer stays behind (-IncludeReferrer)"), (row.Status, row.Reason));
        Assert.Single(told, t => t.StartsWith("1 image leaves signatures or other referrers behind", StringComparison.Ordinal));
        Assert.Equal(requests + 1, world.Source.Requests.Count("GET"));
    }

    [Fact]
    public async Task What_was_read_to_judge_an_image_is_known_too()
    {
        await using var world = await TrustWorld.StartAsync();
        await world.SignAsync(TrustWorld.Image.Root);
        File.WriteAllText(
            world.Folder["registries.d/all.yaml"], $"docker:\n  {world.Source.Address}:\n    use-sigstore-attachments: true\n");
        Assert.Equal(
            $"1 sigstore signature stays behind: registries.d has no use-sigstore-attachments for '{world.Destination.Address}/app'",
            (await world.CopyAsync(world.Signed)).Reason);
        await using var other = await Testing.Registry.EmbeddedRegistry.StartAsync();
        var request = Run.Request([world.App], other.Address) with { Trust = world.Signed, IncludeReferrer = true };
        Assert.Null((await world.RunAsync(request)).Reason);
    }
}
