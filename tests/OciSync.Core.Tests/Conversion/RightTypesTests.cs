using System.Text.Json.Nodes;
using OciSync.Core.Conversion;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using LayerCompression = OciSync.Core.Conversion.LayerCompression;
using MediaTypes = OciSync.Core.Manifests.MediaTypes;

namespace OciSync.Core.Tests.Conversion;

/// <summary>What comes of a conversion says what it is: no type of the other format, no layer that is packed otherwise than its type says.</summary>
public sealed class RightTypesTests : IAsyncLifetime
{
    private const string OciGzip = "application/vnd.oci.image.layer.v1.tar+gzip";
    private const string DockerGzip = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    private EmbeddedRegistry _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await EmbeddedRegistry.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Theory]
    [InlineData(true, OciGzip, MediaTypes.DockerConfig, ImageFormat.Docker)]
    [InlineData(true, DockerGzip, MediaTypes.OciConfig, ImageFormat.Docker)]
    [InlineData(false, DockerGzip, MediaTypes.OciConfig, ImageFormat.Oci)]
    [InlineData(false, OciGzip, MediaTypes.DockerConfig, ImageFormat.Oci)]
    [InlineData(false, OciGzip, MediaTypes.DockerConfig, ImageFormat.Docker)]
    [InlineData(true, OciGzip, MediaTypes.OciConfig, ImageFormat.Oci)]
    public async Task Types_of_both_formats_in_one_manifest_become_those_of_one(bool isDocker, string layerType, string configType, ImageFormat format)
    {
        await AddAsync(new ImageSpec { Docker = isDocker }, manifest =>
        {
            manifest["config"]!["mediaType"] = configType;
            manifest["layers"]!.AsArray().ToList().ForEach(l => l!["mediaType"] = layerType);
        });

        await Convert.SucceedAsync($"{_registry.Address}/a:1", $"{_registry.Address}/b:1", new ConversionOptions { Format = format });

        var made = (await Indexes.ManifestAsync(_registry, "b", "1")).ToJsonString();
        Assert.DoesNotContain(format == ImageFormat.Docker ? "vnd.oci" : "vnd.docker", made, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LayerCompression.Gzip, "+gzip", "2 layers packed as gzip")]
    [InlineData(LayerCompression.None, "v1.tar", "2 layers called unpacked, as they are")]
    [InlineData(LayerCompression.Zstd, "+zstd", "2 layers packed as zstd")]
    public async Task A_plain_layer_that_is_called_gzip_is_what_the_config_shows(LayerCompression compression, string ending, string said)
    {
        await AddAsync(
            new ImageSpec { Compression = Testing.Images.LayerCompression.None },
            manifest => manifest["layers"]!.AsArray().ToList().ForEach(l => l!["mediaType"] = OciGzip));

        var row = await Convert.SucceedAsync(
            $"{_registry.Address}/a:1", $"{_registry.Address}/b:1", new ConversionOptions { Compression = compression });

        Assert.Equal(said, row.Reason);
        var made = await Indexes.ManifestAsync(_registry, "b", "1");
        Assert.All(made["layers"]!.AsArray(), l => Assert.EndsWith(ending, l!["mediaType"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_plain_layer_that_is_called_gzip_gets_dockers_plain_type()
    {
        await AddAsync(
            new ImageSpec { Compression = Testing.Images.LayerCompression.None },
            manifest => manifest["layers"]!.AsArray().ToList().ForEach(l => l!["mediaType"] = OciGzip));

        await Convert.SucceedAsync($"{_registry.Address}/a:1", $"{_registry.Address}/b:1", Convert.ToDocker);

        var made = await Indexes.ManifestAsync(_registry, "b", "1");
        Assert.All(made["layers"]!.AsArray(), l => Assert.Equal("application/vnd.docker.image.rootfs.diff.tar", l!["mediaType"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_packed_layer_that_is_called_plain_is_unpacked_all_the_same()
    {
        await AddAsync(
            new ImageSpec(), manifest => manifest["layers"]!.AsArray().ToList().ForEach(l => l!["mediaType"] = "application/vnd.oci.image.layer.v1.tar"));

        var row = await Convert.SucceedAsync(
            $"{_registry.Address}/a:1", $"{_registry.Address}/b:1", new ConversionOptions { Compression = LayerCompression.None });

        Assert.Equal("2 layers unpacked", row.Reason);
    }

    [Fact]
    public async Task What_a_descriptor_said_of_other_bytes_goes_with_them()
    {
        await AddAsync(new ImageSpec { Layers = 1 }, manifest =>
        {
            manifest["layers"]![0]!["data"] = "AAAA";
            manifest["layers"]![0]!["urls"] = new JsonArray("https://example.test/layer");
            manifest["layers"]![0]!["annotations"] = new JsonObject { ["kept"] = "yes" };
        });

        await Convert.SucceedAsync($"{_registry.Address}/a:1", $"{_registry.Address}/b:1", Convert.ToZstd);

        var layer = (await Indexes.ManifestAsync(_registry, "b", "1"))["layers"]![0]!.AsObject();
        Assert.Equal(["annotations", "digest", "mediaType", "size"], layer.Select(p => p.Key).Order());
    }

    private async Task AddAsync(ImageSpec spec, Action<JsonObject> change) =>
        await _registry.AddAsync("a", Indexes.Change(ImageFactory.Create(spec), change), "1");
}
