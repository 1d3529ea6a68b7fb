using System.Text.Json.Nodes;
using OciSync.Core.Images;
using OciSync.Core.Rows;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Engine;

public sealed class SelectionTests
{
    private static readonly TestImage Attested = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, Attestations = true });

    [Fact]
    public async Task One_platform_is_its_manifest_and_an_unchanged_run_reads_one_manifest_more()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", Attested, "1");
        var request = Run.Request([$"{source.Address}/a:1"], destination.Address) with { Selection = Run.Only("linux/arm64") };

        var row = await Run.OneAsync(request);
        Assert.Equal(("Copied", Attested.For(TestPlatform.LinuxArm64).Digest, Attested.Digest), (row.Status, row.Digest, row.SourceDigest));
        Assert.Equal(row.Digest, destination.DigestOf("a", "1"));

        source.Requests.Clear();
        destination.Requests.Clear();
        Assert.Equal("UpToDate", (await Run.OneAsync(request)).Status);
        Assert.Equal((1, 1, 0), (source.Requests.Count("HEAD"), source.Requests.Count("GET", "/manifests/"), source.Requests.Count("GET", "/blobs/")));
        Assert.Equal((1, 0), (destination.Requests.Count("HEAD"), destination.Requests.Count("GET", "/a/")));
    }

    [Fact]
    public async Task Several_platforms_are_an_index_of_them_with_their_attestations()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        var row = await CopyAsync(Attested, Run.Only("linux/arm64", "windows/amd64:10.0.*"), registry);
        var (entries, _) = await EntriesAsync(registry, row.Digest!);
        Assert.Equal(4, entries.Count);
        Assert.Equal(
            [Attested.For(TestPlatform.LinuxArm64).Digest, Attested.For(TestPlatform.WindowsAmd64).Digest],
            entries.Where(e => e["annotations"] is null).Select(e => (string)e["digest"]!));
    }

    [Fact]
    public async Task Without_attestations_the_images_stay_as_they_are()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        var row = await CopyAsync(Attested, new ImageSelection { ExcludeAttestation = true }, registry);
        var (entries, index) = await EntriesAsync(registry, row.Digest!);
        Assert.Equal(TestPlatform.Usual.Select(p => Attested.For(p).Digest), entries.Select(e => (string)e["digest"]!));
        Assert.Equal("application/vnd.oci.image.index.v1+json", (string)index["mediaType"]!);
        Assert.NotEqual(Attested.Digest, row.Digest);
    }

    [Fact]
    public async Task Nothing_to_leave_out_leaves_the_digest()
    {
        var image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual });
        await using var registry = await EmbeddedRegistry.StartAsync();
        var row = await CopyAsync(image, new ImageSelection { ExcludeAttestation = true }, registry);
        Assert.Equal(image.Digest, row.Digest);
    }

    [Fact]
    public async Task A_platform_the_image_lacks_is_named_with_those_it_has()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        var row = await CopyAsync(Attested, Run.Only("linux/s390x"), registry);
        Assert.Equal(("Failed", "OciPlatformUnknown"), (row.Status, row.ErrorId));
        Assert.Contains("linux/amd64, linux/arm64, linux/arm/v7, windows/amd64", row.Error, StringComparison.Ordinal);
        Assert.Equal(0, registry.Requests.Count("PUT"));
    }

    [Fact]
    public async Task A_single_image_of_another_platform_is_refused()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        var row = await CopyAsync(ImageFactory.Create(), Run.Only("linux/arm64"), registry);
        Assert.Equal(("Failed", "OciPlatformUnknown"), (row.Status, row.ErrorId));
    }

    // Source and destination are repositories of one registry here.
    private static async Task<OciSyncResult> CopyAsync(TestImage image, ImageSelection selection, EmbeddedRegistry registry)
    {
        await registry.AddAsync("a", image, "1");
        return await Run.OneAsync(Run.Request([$"{registry.Address}/a:1"], registry.Address + "/to") with { Selection = selection });
    }

    private static async Task<(List<JsonNode> Entries, JsonNode Index)> EntriesAsync(EmbeddedRegistry registry, string digest)
    {
        using var reader = new RawRegistryReader(registry.BaseUri);
        await reader.VerifyAsync("to/a", "1", TestContext.Current.CancellationToken);
        var manifest = await reader.GetManifestAsync("to/a", digest, TestContext.Current.CancellationToken);
        var index = JsonNode.Parse(manifest.Bytes)!;
        return ([.. index["manifests"]!.AsArray().Select(e => e!)], index);
    }
}
