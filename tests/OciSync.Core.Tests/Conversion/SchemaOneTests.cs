using System.Text;
using OciSync.Core.Conversion;
using OciSync.Core.Inspection;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Conversion;

public sealed class SchemaOneTests
{
    [Theory]
    [InlineData(true, "tag", ImageFormat.Docker)]
    [InlineData(true, "tag", ImageFormat.Oci)]
    [InlineData(false, "tag", ImageFormat.Docker)]
    [InlineData(true, "digest", ImageFormat.Docker)]
    public async Task An_old_image_is_converted_when_it_is_copied(bool isSigned, string by, ImageFormat format)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var (image, diffIds) = Convert.SchemaOne(isSigned);
        await source.AddAsync("lib/old", image, "1");
        var name = $"{source.Address}/lib/old" + (by == "tag" ? ":1" : "@" + image.Digest);
        var options = format == ImageFormat.Oci ? Convert.ToOci : ConversionOptions.None;

        var row = await Convert.SucceedAsync(name, $"{destination.Address}/b:1", options);

        Assert.Equal(("Copied", image.Digest), (row.Status, row.SourceDigest));
        Assert.Equal($"converted from Docker schema 1 to {(format == ImageFormat.Oci ? "OCI" : "Docker")} format", row.Reason);
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        var place = ImageLocation.Parse($"{destination.Address}/b:1");
        using var config = System.Text.Json.JsonDocument.Parse(await engine.ReadConfigAsync(place, null, TestContext.Current.CancellationToken));
        Assert.Equal(diffIds, config.RootElement.GetProperty("rootfs").GetProperty("diff_ids").EnumerateArray().Select(d => d.GetString()!));
        Assert.Equal([false, true, false], config.RootElement.GetProperty("history").EnumerateArray().Select(h => h.TryGetProperty("empty_layer", out _)));
        Assert.False(config.RootElement.TryGetProperty("parent", out _));
        using var reader = new RawRegistryReader(destination.BaseUri);
        Assert.Equal(row.Digest, (await reader.VerifyAsync("b", "1", TestContext.Current.CancellationToken))[0]);
        var again = await Convert.SucceedAsync(name, $"{destination.Address}/b:1", options);
        Assert.Equal(("UpToDate", row.Digest), (again.Status, again.Digest));
    }

    [Fact]
    public async Task An_old_image_without_a_name_goes_by_its_new_digest()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var (image, _) = Convert.SchemaOne(isSigned: true);
        await source.AddAsync("lib/old", image, "1");

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/lib/old@{image.Digest}"], destination.Address));

        Assert.Equal(("Copied", $"{destination.Address}/old@{row.Digest}"), (row.Status, row.Destination));
        Assert.True(destination.HasManifest("old", row.Digest!));
        Assert.False(destination.HasManifest("old", image.Digest));
    }

    [Fact]
    public async Task An_old_image_is_inspected()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        var (image, _) = Convert.SchemaOne(isSigned: true);
        await source.AddAsync("lib/old", image, "1");
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        var place = ImageLocation.Parse($"{source.Address}/lib/old:1");

        var info = await engine.InspectAsync(place, new InspectOptions(), TestContext.Current.CancellationToken);

        Assert.Equal((image.Digest, "linux", "amd64", "me"), (info.Digest, info.Os, info.Architecture, info.Author));
        Assert.Equal(["A=1"], info.Env);
        Assert.Equal(["/bin/sh -c add", "env"], info.History.Take(2));
        Assert.Equal(2, info.Layers.Length);
        Assert.Equal(image.Root.Text, await engine.ReadManifestAsync(place, null, TestContext.Current.CancellationToken));
        Assert.Contains("\"Env\"", await engine.ReadConfigAsync(place, null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task It_is_never_written_and_so_its_digest_can_not_be_preserved()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("lib/old", Convert.SchemaOne(isSigned: true).Image, "1");

        var row = await Convert.CopyAsync($"{source.Address}/lib/old:1", "dir:" + folder["d"], new ConversionOptions { PreserveDigest = true });

        Assert.Equal("OciDigestNotPreserved", row.ErrorId);
        Assert.False(Directory.Exists(folder["d"]));
    }

    [Fact]
    public void Signatures_do_not_count_for_the_digest()
    {
        var (signed, bare) = (Convert.SchemaOne(isSigned: true).Image.Root, Convert.SchemaOne(isSigned: false).Image.Root);

        Assert.Equal(bare.Digest, ManifestDigest.Of(signed.Bytes).ToString());
        Assert.Equal(bare.Digest, ManifestDigest.Of(bare.Bytes).ToString());
        Assert.Equal(ImageFactory.Create().Digest, ManifestDigest.Of(ImageFactory.Create().Root.Bytes).ToString());
    }

    [Fact]
    public void Half_a_character_in_a_key_is_no_reason_to_have_no_digest()
    {
        var bytes = Encoding.UTF8.GetBytes("""{"schema\ud800Version":1}""");

        Assert.Equal(Digest.Of(bytes), ManifestDigest.Of(bytes));
    }

    [Theory]
    [InlineData("""{"schemaVersion":1,"fsLayers":[{"blobSum":"sha256:0"}],"history":[]}""")]
    [InlineData("""{"schemaVersion":1,"fsLayers":[],"history":[]}""")]
    [InlineData(
        """{"schemaVersion":1,"fsLayers":[{"blobSum":"sha256:0000000000000000000000000000000000000000000000000000000000000000"}],"history":[{"v1Compatibility":"{\"author\":\"a\",\"author\":\"b\"}"}]}""")]
    [InlineData(
        """{"schemaVersion":1,"fsLayers":[{"blobSum":"sha256:0000000000000000000000000000000000000000000000000000000000000000"}],"history":[{"v1Compatibility":"[1]"}]}""")]
    [InlineData("""{"schemaVersion":1}""")]
    [InlineData("""{"schemaVersion":1,"signatures":[{}]}""")]
    [InlineData("""{"schemaVersion":1,"signatures":[{"protected":"e30"}]}""")]
    [InlineData("""{"schemaVersion":1,"signatures":[{"protected":"!"}]}""")]
    [InlineData("""{"schemaVersion":1,"signatures":5}""")]
    public async Task A_broken_old_manifest_is_one_clear_failure(string json)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a",
            new TestImage([new TestManifest(Core.Manifests.MediaTypes.SignedSchemaOne, Encoding.UTF8.GetBytes(json))], new Dictionary<string, byte[]>()), "1");
        using var folder = new TempFolder();

        var row = await Carry.CopyAsync($"{source.Address}/a:1", "dir:" + folder["d"]);

        Assert.Equal(("Failed", "OciManifestInvalid"), (row.Status, row.ErrorId));
    }
}
