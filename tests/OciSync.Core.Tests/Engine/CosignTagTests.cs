using System.Text.Json.Nodes;
using OciSync.Core.Flow;
using OciSync.Core.Tests.Signing.Stores;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Engine;

public sealed class CosignTagTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public async Task Tags_of_the_image_its_children_and_of_tags_come_along(int? pageSize)
    {
        await using var world = await ReferrerWorld.StartAsync(new RegistryDialect { TagPageSize = pageSize }, new RegistryDialect { Referrers = false });
        var (ofIndex, ofChild, ofSignature) = (ImageFactory.Cosign("a"), ImageFactory.Cosign("b"), ImageFactory.Cosign("c"));
        await world.Source.AddAsync("a", ofIndex, Tag(world.Image.Digest, "sig"));
        await world.Source.AddAsync("a", ofChild, Tag(world.Image.Manifests[1].Digest, "att"));
        await world.Source.AddAsync("a", ofSignature, Tag(ofIndex.Digest, "sbom"));
        foreach (var i in Enumerable.Range(0, 20))
        {
            await world.Source.AddAsync("a", world.Image, "other-" + i);
        }

        var row = await Run.OneAsync(world.Request);

        Assert.True(row.Error is null, row.Error);
        Assert.Equal(("Copied", 6), (row.Status, row.ReferrersCopied));
        Assert.Equal(ofIndex.Digest, world.Destination.DigestOf("a", Tag(world.Image.Digest, "sig")));
        Assert.Equal(ofChild.Digest, world.Destination.DigestOf("a", Tag(world.Image.Manifests[1].Digest, "att")));
        Assert.Equal(ofSignature.Digest, world.Destination.DigestOf("a", Tag(ofIndex.Digest, "sbom")));
        Assert.Equal("UpToDate", await StatusAsync(world));
    }

    [Fact]
    public async Task A_signature_that_is_added_at_the_source_comes_and_one_of_the_destinations_own_stays()
    {
        await using var world = await ReferrerWorld.StartAsync();
        var tag = Tag(world.Image.Digest, "sig");
        await world.Source.AddAsync("a", ImageFactory.Cosign("vendor"), tag);
        await Run.OneAsync(world.Request);
        var both = ImageFactory.Cosign("vendor", "us");
        await world.Destination.AddAsync("a", both, tag);

        Assert.Equal("UpToDate", await StatusAsync(world));
        Assert.Equal(both.Digest, world.Destination.DigestOf("a", tag));

        var newer = ImageFactory.Cosign("vendor", "vendor's auditor");
        await world.Source.AddAsync("a", newer, tag);
        var warnings = new List<string>();
        var row = Assert.Single(await Run.SyncAsync(world.Request, events: new EngineEvents { Warning = warnings.AddLocked })).Row;
        Assert.Equal(("Updated", 1), (row.Status, row.ReferrersCopied));
        Assert.Empty(warnings);
        using var after = StoreWorld.WithAttachments();
        var listed = (await after.ReadAsync($"{world.Destination.Address}/a:1", world.Image.Digest)).Signatures.Select(s => ContentDigest.Of(s.Content));
        Assert.Equal(both.Blobs.Keys.Concat(newer.Blobs.Keys).Where(d => d != ConfigOf(both) && d != ConfigOf(newer)).Distinct().Order(), listed.Order());
        Assert.Equal("UpToDate", await StatusAsync(world));
    }

    [Fact]
    public async Task A_circle_of_tags_ends()
    {
        await using var world = await ReferrerWorld.StartAsync();
        var signature = ImageFactory.Cosign("a");
        await world.Source.AddAsync("a", signature, Tag(world.Image.Digest, "sig"), Tag(signature.Digest, "sig"));
        await world.Source.AddAsync("a", world.Image, Tag(signature.Digest, "att"));

        var row = await Run.OneAsync(world.Request);

        Assert.True(row.Error is null, row.Error);
        Assert.Equal(("Copied", 6), (row.Status, row.ReferrersCopied));
    }

    private static string ConfigOf(TestImage image) => JsonNode.Parse(image.Root.Bytes)!["config"]!["digest"]!.ToString();

    private static string Tag(string digest, string suffix) => ReferrerWorld.TagFor(digest) + "." + suffix;

    private static async Task<string> StatusAsync(ReferrerWorld world) => (await Run.OneAsync(world.Request)).Status;
}
