using System.Formats.Tar;
using System.Text.Json.Nodes;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Removing;
using OciSync.Core.Tests.Transports;

namespace OciSync.Core.Tests.Signing.Carrying;

/// <summary>Signatures in layouts are no images beside the image, whoever wrote them: we, or <c>cosign save</c>.</summary>
public sealed class CarryLayoutTests
{
    private static readonly string[] Attachments = [CarryWorld.Attachments];

    [Theory]
    [InlineData("")]
    [InlineData(":app")]
    [InlineData(":team/app:1")]
    public async Task A_signed_image_is_the_only_one_of_its_layout(string name)
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Index, Attachments, Attachments);
        await world.AttachAsync(world.From, CarryWorld.Index.Digest);
        await world.AttachAsync(world.From, CarryWorld.Index.Manifests[0].Digest);
        var layout = $"oci:{world.Folder["l"]}";
        Assert.Equal(2, (await world.SucceedAsync(world.From, layout + name)).SignaturesCopied);

        var row = await world.SucceedAsync(layout, world.To);
        Assert.Equal((SyncStatus.Copied, CarryWorld.Index.Digest, 2), (row.Status, row.Digest, row.SignaturesCopied));

        // The list that one more was added to takes the place of the old one.
        await world.AttachAsync(layout + name, CarryWorld.Index.Digest, PrivateKey.Create());
        Assert.Equal(1, (await world.SucceedAsync(layout, world.To)).SignaturesCopied);
        Assert.Equal(3, Entries(world).Count);

        var all = Assert.Single(await Run.SyncAsync(Carry.All(layout, DestinationNaming.Path, $"{world.Destination.Address}/all"), world.Options)).Row;
        Assert.Equal((SyncStatus.Copied, CarryWorld.Index.Digest, 3, null), (all.Status, all.Digest, all.SignaturesCopied, all.Error));
    }

    [Fact]
    public async Task It_goes_with_its_signatures()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Index, Attachments, Attachments);
        await world.AttachAsync(world.From, CarryWorld.Index.Manifests[0].Digest);
        var layout = $"oci:{world.Folder["l"]}";
        await world.SucceedAsync(world.From, layout + ":app:1");
        await world.SucceedAsync(world.From, layout + ":app:2");

        await new Removal().RunAsync(layout + ":app:1");
        Assert.Single(await world.AttachedAsync(layout + ":app:2", CarryWorld.Index.Manifests[0].Digest));
        await new Removal().RunAsync(layout + ":app:2");
        Assert.Empty(Entries(world));
        Assert.Empty(Directory.GetFiles(world.Folder["l/blobs/sha256"]));
    }

    // cosign 2.5 and 3.1: entries of kinds, none with a name; bundles are blobs alone.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_cosign_saves_is_an_image_with_its_signatures(bool isArchive)
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, Attachments, Attachments);
        await world.AttachAsync(world.From, CarryWorld.Image.Digest);
        await world.BundleAsync(world.From, CarryWorld.Image.Digest);
        await world.SucceedAsync(world.From, $"oci:{world.Folder["l"]}");
        SaveAsCosign(world);
        var place = $"oci:{world.Folder["l"]}";
        if (isArchive)
        {
            TarFile.CreateFromDirectory(world.Folder["l"], world.Folder["l.tar"], includeBaseDirectory: false);
            place = $"oci-archive:{world.Folder["l.tar"]}";
        }

        Assert.Single(await world.AttachedAsync(place, CarryWorld.Image.Digest));
        Assert.Equal(1, await world.BundlesAsync(place, CarryWorld.Image.Digest));
        var row = await world.SucceedAsync(place, world.To);

        Assert.Equal((SyncStatus.Copied, 1, 1, null), (row.Status, row.SignaturesCopied, row.ReferrersCopied, row.Reason));
        Assert.Single(await world.AttachedAsync(world.To, CarryWorld.Image.Digest));
        Assert.Equal(1, await world.BundlesAsync(world.To, CarryWorld.Image.Digest));
    }

    // A name that it gets there, and a removal of something else, cost no signature.
    [Fact]
    public async Task What_cosign_saved_keeps_its_signatures_when_the_layout_is_written_to()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, Attachments, Attachments);
        await world.AttachAsync(world.From, CarryWorld.Image.Digest);
        await world.BundleAsync(world.From, CarryWorld.Image.Digest);
        var place = $"oci:{world.Folder["l"]}";
        await world.SucceedAsync(world.From, place);
        SaveAsCosign(world);

        await world.SucceedAsync(world.From, place + ":team/app:1", CarryWorld.Removing);
        await world.Source.AddAsync("other", CarryWorld.Index, "1");
        await world.SucceedAsync($"{world.Source.Address}/other:1", place + ":other:1");
        await new Removal().RunAsync(place + ":other:1");

        Assert.Single(await world.AttachedAsync(place + ":team/app:1", CarryWorld.Image.Digest));
        Assert.Equal(1, await world.BundlesAsync(place, CarryWorld.Image.Digest));
        var row = await world.SucceedAsync(place, world.To);
        Assert.Equal((1, 1, null), (row.SignaturesCopied, row.ReferrersCopied, row.Reason));
    }

    [Fact]
    public async Task An_image_that_is_tagged_by_its_own_digest_is_an_image()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Index, Attachments, Attachments);
        var layout = $"oci:{world.Folder["l"]}";
        await world.SucceedAsync(world.From, $"{layout}:app:{CarryWorld.Index.Digest.Replace(':', '-')}");
        Assert.Equal(CarryWorld.Index.Digest, (await world.SucceedAsync(layout, world.To)).Digest);
        var all = Assert.Single(await Run.SyncAsync(Carry.All(layout, DestinationNaming.Path, $"{world.Destination.Address}/all"), world.Options)).Row;
        Assert.Equal(SyncStatus.Copied, all.Status);
    }

    [Fact]
    public async Task A_signature_is_added_to_those_that_cosign_saved()
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, Attachments, Attachments);
        await world.AttachAsync(world.From, CarryWorld.Image.Digest);
        var place = $"oci:{world.Folder["l"]}";
        await world.SucceedAsync(world.From, place);
        SaveAsCosign(world);

        await world.AttachAsync(place, CarryWorld.Image.Digest, PrivateKey.Create());

        Assert.Equal(2, (await world.AttachedAsync(place, CarryWorld.Image.Digest)).Count);
        Assert.Equal(2, Entries(world).Count);
        Assert.Equal(2, (await world.SucceedAsync(place, world.To)).SignaturesCopied);
    }

    private static JsonArray Entries(CarryWorld world) => JsonNode.Parse(File.ReadAllBytes(world.Folder["l/index.json"]))!["manifests"]!.AsArray();

    private static void SaveAsCosign(CarryWorld world)
    {
        var kept = new JsonArray();
        foreach (var entry in Entries(world).Select(e => e!.DeepClone().AsObject()))
        {
            var annotations = entry["annotations"] as JsonObject ?? [];
            if (!annotations.ContainsKey("io.ocisync.referrer.subject"))
            {
                entry["annotations"] = new JsonObject
                {
                    ["kind"] = "dev.cosignproject.cosign/" + (annotations.ContainsKey("org.opencontainers.image.ref.name") ? "sigs" : "image"),
                };
                kept.Add(entry);
            }
        }

        Assert.InRange(kept.Count, 1, 2);
        File.WriteAllText(
            world.Folder["l/index.json"],
            new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = "application/vnd.oci.image.index.v1+json", ["manifests"] = kept }.ToJsonString());
    }
}
