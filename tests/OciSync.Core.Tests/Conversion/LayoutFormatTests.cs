using OciSync.Core.Conversion;
using OciSync.Core.References;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using MediaTypes = OciSync.Core.Manifests.MediaTypes;

namespace OciSync.Core.Tests.Conversion;

/// <summary>What is renewed for a layout is OCI's, whatever it was; what is not stays as it is.</summary>
public sealed class LayoutFormatTests
{
    [Theory]
    [InlineData("oci:<path>/m:a:1", false, MediaTypes.OciManifest)]
    [InlineData("oci:<path>/m:a:1", true, MediaTypes.OciIndex)]
    [InlineData("oci-archive:<path>/m.tar:a:1", false, MediaTypes.OciManifest)]
    [InlineData("registry", false, MediaTypes.DockerManifest)]
    public async Task An_image_of_docker_whose_layers_are_packed_for_a_layout_becomes_oci(string to, bool index, string mediaType)
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await Unpacked(source, folder["d"], index);
        var place = to == "registry" ? source.Address + "/b:1" : to.Replace("<path>", folder.Path);

        var row = await Carry.SucceedAsync("dir:" + folder["d"], place);

        Assert.Equal(mediaType, await TypeAsync(place));
        Assert.Equal(
            mediaType.StartsWith("application/vnd.oci", StringComparison.Ordinal),
            row.Reason!.StartsWith("converted to OCI format; ", StringComparison.Ordinal));
        if (to.StartsWith("oci:", StringComparison.Ordinal))
        {
            Assert.Equal("UpToDate", (await Carry.SucceedAsync("dir:" + folder["d"], place)).Status);
        }
    }

    [Theory]
    [InlineData("-Format Docker")]
    [InlineData("-Compression Keep")]
    [InlineData("packed")]
    public async Task It_stays_dockers_where_that_is_asked_for_or_nothing_is_packed(string why)
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await Unpacked(source, folder["d"], false, why == "packed" ? Core.Conversion.LayerCompression.Keep : Core.Conversion.LayerCompression.None);
        var options = why switch
        {
            "-Format Docker" => Convert.ToDocker,
            "packed" => ConversionOptions.None,
            _ => new ConversionOptions { Compression = Core.Conversion.LayerCompression.Keep },
        };

        await Convert.SucceedAsync("dir:" + folder["d"], $"oci:{folder["m"]}:a:1", options);

        Assert.Equal(MediaTypes.DockerManifest, await TypeAsync($"oci:{folder["m"]}:a:1"));
    }

    [Fact]
    public async Task What_is_packed_otherwise_on_its_way_from_a_registry_is_renewed_too()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Docker = true }), "1");

        await Convert.SucceedAsync(
            $"{source.Address}/a:1", $"oci:{folder["m"]}:a:1", new ConversionOptions { Compression = Core.Conversion.LayerCompression.None });

        Assert.Equal(MediaTypes.OciManifest, await TypeAsync($"oci:{folder["m"]}:a:1"));
    }

    private static async Task Unpacked(
        EmbeddedRegistry source, string path, bool index, Core.Conversion.LayerCompression compression = Core.Conversion.LayerCompression.None)
    {
        IReadOnlyList<TestPlatform> platforms = index ? [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64] : [TestPlatform.LinuxAmd64];
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Docker = true, Platforms = platforms }), "1");
        await Convert.SucceedAsync($"{source.Address}/a:1", "dir:" + path, new ConversionOptions { Compression = compression });
    }

    private static async Task<string> TypeAsync(string place)
    {
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        return (await engine.InspectAsync(ImageLocation.Parse(place), new Inspection.InspectOptions(), TestContext.Current.CancellationToken)).MediaType;
    }
}
