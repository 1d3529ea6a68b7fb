using System.Text.Json.Nodes;
using OciSync.Core.Flow;
using OciSync.Core.Requests;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Transports;

public sealed class LayoutReferrerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Are_carried_with_their_image_from_registry_to_registry(bool destinationApi)
    {
        await using var world = await ReferrerWorld.StartAsync(true, destinationApi);
        var signature = ImageFactory.Cosign("a");
        var tag = ReferrerWorld.TagFor(world.Image.Digest) + ".sig";
        await world.Source.AddAsync("a", signature, tag);
        using var folder = new TempFolder();
        var layout = "oci:" + folder["m"];
        var inward = Run.Request([$"{world.Source.Address}/a:1"], layout) with { IncludeReferrer = true };
        var outward = Carry.All(layout, DestinationNaming.Path, world.Destination.Address) with { IncludeReferrer = true };

        var row = await Run.OneAsync(inward);
        Assert.True(row.Error is null, row.Error);
        Assert.Equal(("Copied", 4), (row.Status, row.ReferrersCopied));
        Assert.Equal("UpToDate", (await Run.OneAsync(inward)).Status);

        row = await Run.OneAsync(outward);
        Assert.True(row.Error is null, row.Error);
        Assert.Equal(("Copied", 4), (row.Status, row.ReferrersCopied));
        await ReferrerWorld.CheckAsync(world, world.Destination);
        Assert.Equal(signature.Digest, world.Destination.DigestOf("a", tag));
        Assert.Equal("UpToDate", (await Run.OneAsync(outward)).Status);

        // A second layout gets the same, and a check finds all of it.
        using var other = new TempFolder();
        var onward = Carry.All(layout, DestinationNaming.Path, "oci:" + other["m"]) with { IncludeReferrer = true };
        Assert.Equal(4, (await Run.OneAsync(onward)).ReferrersCopied);
        Assert.Equal("UpToDate", (await Run.OneAsync(onward with { Verify = true })).Status);
    }

    [Fact]
    public async Task Are_no_images_of_the_layout_by_themselves()
    {
        await using var world = await ReferrerWorld.StartAsync();
        await world.Source.AddAsync("a", ImageFactory.Cosign("a"), ReferrerWorld.TagFor(world.Image.Digest) + ".sig");
        using var folder = new TempFolder();
        var layout = "oci:" + folder["m"];
        await Run.OneAsync(Carry.Request($"{world.Source.Address}/a:1", layout) with { IncludeReferrer = true });

        var row = await Carry.SucceedAsync(layout, $"{world.Destination.Address}/b:1");
        Assert.Equal((world.Image.Digest, 0), (row.Digest, row.ReferrersCopied));
        Assert.Equal(["Copied"], (await Run.SyncAsync(Carry.All(layout, DestinationNaming.Leaf, world.Destination.Address + "/c"))).Statuses());
        Assert.All(world.Referrers, r => Assert.False(world.Destination.HasManifest("b", r.Digest)));
    }

    [Fact]
    public async Task Of_other_tools_are_found_by_their_subject_or_by_the_tag()
    {
        await using var world = await ReferrerWorld.StartAsync();
        using var folder = new TempFolder();
        var layout = "oci:" + folder["m"];
        await Run.OneAsync(Run.Request([$"{world.Source.Address}/a:1"], layout) with { IncludeReferrer = true });

        // As oras has them: entries without a name and without our mark.
        Edit(folder["m/index.json"], entries => entries.ForEach(e => e["annotations"]?.AsObject().Remove("io.ocisync.referrer.subject")));
        Assert.Equal(
            3, (await Run.OneAsync(Carry.Request(layout + ":a:1", $"{world.Destination.Address}/oras:1") with { IncludeReferrer = true })).ReferrersCopied);
        await ReferrerWorld.CheckAsync(world, world.Destination, "oras");

        // As regclient has them: under the tag of the registries without the API.
        var list = ImageFactory.ReferrersIndex(world.Signature);
        File.WriteAllBytes(folder["m/blobs/sha256/" + list.Digest.Substring(7)], list.Root.Bytes);
        Edit(folder["m/index.json"], entries =>
        {
            entries.Single(e => (string?)e["digest"] == world.Signature.Digest).Parent!.AsArray().RemoveAt(
                entries.FindIndex(e => (string?)e["digest"] == world.Signature.Digest));
            entries[0].Parent!.AsArray().Add(new JsonObject
            {
                ["mediaType"] = list.Root.MediaType,
                ["digest"] = list.Digest,
                ["size"] = list.Root.Bytes.Length,
                ["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = ReferrerWorld.TagFor(world.Image.Digest) },
            });
        });
        Assert.Equal(
            3, (await Run.OneAsync(Carry.Request(layout + ":a:1", $"{world.Destination.Address}/reg:1") with { IncludeReferrer = true })).ReferrersCopied);
        await ReferrerWorld.CheckAsync(world, world.Destination, "reg");
    }

    [Fact]
    public async Task One_that_the_index_names_and_the_folder_lacks_is_an_error()
    {
        await using var world = await ReferrerWorld.StartAsync();
        using var folder = new TempFolder();
        var layout = "oci:" + folder["m"];
        await Run.OneAsync(Run.Request([$"{world.Source.Address}/a:1"], layout) with { IncludeReferrer = true });
        File.Delete(folder["m/blobs/sha256/" + world.SbomSignature.Digest.Substring(7)]);

        var row = await Run.OneAsync(Carry.Request(layout + ":a:1", $"{world.Destination.Address}/a:1") with { IncludeReferrer = true });

        Assert.Equal(("Failed", "OciReferrerLost", 2), (row.Status, row.ErrorId, row.ReferrersCopied));
    }

    [Fact]
    public async Task A_folder_of_one_image_says_that_it_cant_hold_them()
    {
        await using var world = await ReferrerWorld.StartAsync();
        using var folder = new TempFolder();

        var row = await Run.OneAsync(Carry.Request($"{world.Source.Address}/a:1", "dir:" + folder["d"]) with { IncludeReferrer = true });
        Assert.Equal(("Failed", "OciTransportUnsupported"), (row.Status, row.ErrorId));
        Assert.False(Directory.Exists(folder["d"]));

        await Carry.SucceedAsync($"{world.Source.Address}/a:1", "dir:" + folder["d"]);
        var warnings = new List<string>();
        var outcomes = await Run.SyncAsync(
            Carry.Request("dir:" + folder["d"], $"{world.Destination.Address}/a:1") with { IncludeReferrer = true },
            events: new EngineEvents { Warning = warnings.AddLocked });
        Assert.Equal(["Copied"], outcomes.Statuses());
        Assert.Contains("can't hold", Assert.Single(warnings), StringComparison.Ordinal);
    }

    private static void Edit(string index, Action<List<JsonNode>> edit)
    {
        var root = JsonNode.Parse(File.ReadAllText(index))!;
        edit([.. root["manifests"]!.AsArray().Select(e => e!)]);
        File.WriteAllText(index, root.ToJsonString());
    }
}
