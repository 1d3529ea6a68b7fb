using System.Text;
using System.Text.Json.Nodes;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Rows;
using OciSync.Core.Signing.Judging;
using OciSync.Testing.Images;

namespace OciSync.Core.Tests.Signing.Enforcing;

/// <summary>Images of several platforms under a policy: what each signature is worth.</summary>
public sealed class TrustIndexTests
{
    private static readonly TestManifest[] Platforms =
        [TrustWorld.Index.For(TestPlatform.LinuxAmd64), TrustWorld.Index.For(TestPlatform.LinuxArm64)];

    [Fact]
    public async Task Each_platform_has_to_be_signed_and_attestations_refuse_nothing()
    {
        await using var world = await TrustWorld.StartAsync(TrustWorld.Index);
        await world.SignAsync(Platforms);
        var row = await world.CopyAsync(world.Signed);
        Assert.Equal((SyncStatus.Copied, "platforms"), (row.Status, row.TrustBasis));
        Assert.Contains("2 attestations or artifacts in it are not signed", row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_index_signed_as_well_the_trust_rests_on_it()
    {
        await using var world = await TrustWorld.StartAsync(TrustWorld.Index);
        await world.SignAsync([.. Platforms, TrustWorld.Index.Root]);
        var row = await world.CopyAsync(world.Signed with { Demand = SignatureDemand.RequireIndex });
        Assert.Equal((SyncStatus.Copied, "index"), (row.Status, row.TrustBasis));
        Assert.DoesNotContain("not signed", row.Reason ?? string.Empty, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_index_can_be_demanded()
    {
        await using var world = await TrustWorld.StartAsync(TrustWorld.Index);
        await world.SignAsync(Platforms);
        var row = await world.CopyAsync(world.Signed with { Demand = SignatureDemand.RequireIndex });
        Assert.Equal("OciSignatureMissing", row.ErrorId);
        Assert.Contains("-RequireSignedIndex", row.Error, StringComparison.Ordinal);
        world.AssertUntouched();
    }

    [Fact]
    public async Task Where_only_the_index_is_signed_the_refusal_says_so()
    {
        await using var world = await TrustWorld.StartAsync(TrustWorld.Index);
        await world.SignAsync(TrustWorld.Index.Root);
        var row = await world.CopyAsync(world.Signed);
        Assert.Equal("OciSignatureMissing", row.ErrorId);
        Assert.Contains("of its 2 images 2 are not trusted. The first, linux/amd64:", row.Error, StringComparison.Ordinal);
        Assert.Contains("Only its index is signed", row.Error, StringComparison.Ordinal);
        world.AssertUntouched();
    }

    [Fact]
    public async Task One_platform_without_a_signature_refuses_the_image_and_is_no_matter_where_it_is_not_copied()
    {
        await using var world = await TrustWorld.StartAsync(TrustWorld.Index);
        await world.SignAsync(Platforms[0]);
        Assert.Contains("The first, linux/arm64:", (await world.CopyAsync(world.Signed)).Error, StringComparison.Ordinal);
        world.AssertUntouched();

        var selection = new ImageSelection { Platforms = [Platform.Parse("linux/amd64")] };
        var row = await world.RunAsync(world.Request(world.Signed) with { Selection = selection });
        Assert.Equal((SyncStatus.Copied, "platforms", Platforms[0].Digest), (row.Status, row.TrustBasis, row.Digest));
    }

    [Fact]
    public async Task An_index_alone_has_to_be_signed_itself()
    {
        await using var world = await TrustWorld.StartAsync(TrustWorld.Index);
        await world.CopyAsync(TrustOptions.Everything);
        await world.SignAsync(Platforms);
        await world.Source.AddAsync("app", TrustWorld.Index, "2");
        var request = Engine.Run.Request([$"{world.Source.Address}/app:2"], world.Destination.Address) with
        {
            Trust = world.Signed,
            Selection = new ImageSelection { IndexOnly = true },
        };
        Assert.Equal("OciSignatureMissing", (await world.RunAsync(request)).ErrorId);
        await world.SignAsync(TrustWorld.Index.Root);
        Assert.Equal((SyncStatus.Copied, "index"), (await world.RunAsync(request) is var row ? row.Status : "", row.TrustBasis));
    }

    // Whoever writes an index says what its entries are: an engine may run what only calls itself an attestation.
    [Theory]
    [InlineData("""{"os": "linux", "architecture": "s390x"}""")]
    [InlineData(null)]
    public async Task What_could_run_is_judged_whatever_its_entry_calls_it(string? platform)
    {
        var evil = ImageFactory.Create(new ImageSpec { Seed = 666 });
        var index = JsonNode.Parse(TrustWorld.Index.Root.Bytes)!;
        index["manifests"]!.AsArray().Add(new JsonObject
        {
            ["mediaType"] = evil.Root.MediaType,
            ["digest"] = evil.Digest,
            ["size"] = evil.Root.Bytes.Length,
            ["platform"] = platform is null ? null : JsonNode.Parse(platform),
            ["annotations"] = new JsonObject { ["vnd.docker.reference.type"] = "attestation-manifest" },
        });
        if (platform is null)
        {
            index["manifests"]!.AsArray()[^1]!.AsObject().Remove("platform");
        }

        var root = new TestManifest(TrustWorld.Index.Root.MediaType, Encoding.UTF8.GetBytes(index.ToJsonString()));
        var image = new TestImage(
            [.. TrustWorld.Index.Manifests.SkipLast(1), evil.Root, root],
            TrustWorld.Index.Blobs.Concat(evil.Blobs).DistinctBy(b => b.Key).ToDictionary(b => b.Key, b => b.Value));
        await using var world = await TrustWorld.StartAsync(image);
        await world.SignAsync(Platforms);
        var row = await world.CopyAsync(world.Signed);
        Assert.Equal("OciSignatureMissing", row.ErrorId);
        Assert.Contains("of its 3 images 1 is not trusted", row.Error, StringComparison.Ordinal);
        world.AssertUntouched();
    }

    [Fact]
    public async Task An_artifact_with_the_empty_config_runs_nowhere()
    {
        var artifact = ImageFactory.Artifact("application/spdx+json", "{}");
        await using var world = await TrustWorld.StartAsync(ImageFactory.Nest(TrustWorld.Image, artifact));
        await world.SignAsync(TrustWorld.Image.Root);
        var row = await world.CopyAsync(world.Signed);
        Assert.Equal((SyncStatus.Copied, "platforms"), (row.Status, row.TrustBasis));
        Assert.Contains("1 attestation or artifact in it is not signed", row.Reason, StringComparison.Ordinal);
    }
}
