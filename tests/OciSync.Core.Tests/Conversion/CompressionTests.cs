using OciSync.Core.Conversion;
using OciSync.Core.References;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using LayerCompression = OciSync.Core.Conversion.LayerCompression;

namespace OciSync.Core.Tests.Conversion;

public sealed class CompressionTests
{
    [Theory]
    [InlineData("single", LayerCompression.Zstd, "+zstd")]
    [InlineData("docker", LayerCompression.Zstd, "+zstd")]
    [InlineData("zstd", LayerCompression.Gzip, "+gzip")]
    [InlineData("index", LayerCompression.None, "tar")]
    public async Task Layers_are_packed_anew_and_hold_the_same(string kind, LayerCompression compression, string ending)
    {
        using var temporary = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = WholeImageTests.Make(kind);
        await source.AddAsync("a", image, "1");
        var options = new ConversionOptions { Compression = compression };

        var row = await Convert.CopyAsync($"{source.Address}/a:1", $"{destination.Address}/b:1", options, Run.Quick with { TempPath = temporary.Path });

        Assert.True(row.Error is null, row.Error);
        Assert.Contains("layers", row.Reason);
        var found = await Layers(destination, "b", "1");
        var expected = image.Manifests.Select(Convert.Read).SelectMany(m => m.Layers).Select(l => Convert.DiffId(image.Blobs[l.Digest.ToString()])).Order();
        Assert.Equal(expected, found.Select(l => Convert.DiffId(l.Bytes)).Order());
        Assert.All(found, l => Assert.EndsWith(ending, l.MediaType));
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary.Path));
        Assert.Equal("UpToDate", (await Convert.SucceedAsync($"{source.Address}/a:1", $"{destination.Address}/b:1", options)).Status);
    }

    [Fact]
    public async Task What_is_packed_as_asked_is_left_alone()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = WholeImageTests.Make("single");
        await source.AddAsync("a", image, "1");

        var row = await Convert.SucceedAsync(
            $"{source.Address}/a:1", $"{destination.Address}/b:1", new ConversionOptions { Compression = LayerCompression.Gzip });

        Assert.Equal((image.Digest, null), (row.Digest, row.Reason));
    }

    [Fact]
    public async Task A_layer_of_many_images_is_packed_once_for_all_destinations()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var first = await EmbeddedRegistry.StartAsync();
        await using var second = await EmbeddedRegistry.StartAsync();
        var family = ImageFactory.Family(4);
        for (var i = 0; i < family.Count; i++)
        {
            await source.AddAsync("a", family[i], $"{i}");
        }

        var request = Run.Request(
            Enumerable.Range(0, 4).Select(i => $"{source.Address}/a:{i}"), first.Address, second.Address) with { Conversion = Convert.ToZstd };
        var outcomes = await Run.SyncAsync(request);

        Assert.All(outcomes, o => Assert.Equal("Copied", o.Row.Status));
        var shared = family[0].Blobs.Keys.Intersect(family[1].Blobs.Keys).ToList();
        Assert.Equal(3, shared.Count);
        Assert.All(shared, blob => Assert.Equal(1, source.Requests.Count("GET", "/blobs/" + blob)));
        foreach (var registry in new[] { first, second })
        {
            using var reader = new RawRegistryReader(registry.BaseUri);
            await reader.VerifyAsync("a", "3", TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Unpacked_layers_of_a_folder_are_packed_on_their_way_out_of_it()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create(new ImageSpec { Compression = Testing.Images.LayerCompression.None });
        await source.AddAsync("a", image, "1");

        // A registry and a folder keep them; only a folder's way out packs them, and not where digests are to stay or that is not wanted.
        Assert.Equal(image.Digest, (await Carry.SucceedAsync($"{source.Address}/a:1", "dir:" + folder["d"])).Digest);
        Assert.Equal(image.Digest, (await Carry.SucceedAsync("dir:" + folder["d"], "dir:" + folder["e"])).Digest);
        foreach (var options in new[]
        {
            new ConversionOptions { PreserveDigest = true },
            new ConversionOptions { Compression = Core.Conversion.LayerCompression.Keep }
        })
        {
            Assert.Equal(image.Digest, (await Convert.SucceedAsync("dir:" + folder["d"], $"{destination.Address}/kept:1", options)).Digest);
        }

        var row = await Carry.SucceedAsync("dir:" + folder["d"], $"{destination.Address}/b:1");
        var layout = await Carry.SucceedAsync("dir:" + folder["d"], $"oci:{folder["m"]}:b:1");

        Assert.Equal("2 layers packed as gzip", row.Reason);
        Assert.Equal(row.Digest, layout.Digest);
        Assert.All(await Layers(destination, "b", "1"), l => Assert.EndsWith("+gzip", l.MediaType));
    }

    [Fact]
    public async Task A_layer_that_is_not_what_the_config_says_is_refused()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var (good, other) = (TestLayer.Create(1, 100), TestLayer.Create(2, 100));
        var image = ImageFactory.WithForeignLayers(good.Descriptor with { DiffId = other.Descriptor.DiffId });
        await source.AddAsync("a", image with { Blobs = new Dictionary<string, byte[]>(image.Blobs) { [good.Descriptor.Digest] = good.Bytes } }, "1");

        var row = await Convert.CopyAsync($"{source.Address}/a:1", $"{destination.Address}/b:1", Convert.ToZstd);

        Assert.Equal(("Failed", "OciLayerInvalid"), (row.Status, row.ErrorId));
        Assert.Contains(good.Descriptor.Digest, row.Error);
    }

    [Fact]
    public async Task A_layer_that_is_no_gzip_after_all_is_refused()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        byte[] broken = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF, 0xFF];
        var digest = Digest.Of(broken).ToString();
        var image = ImageFactory.WithForeignLayers(new LayerDescriptor("application/vnd.oci.image.layer.v1.tar+gzip", digest, broken.Length, digest));
        await source.AddAsync("a", image with { Blobs = new Dictionary<string, byte[]>(image.Blobs) { [digest] = broken } }, "1");

        var row = await Convert.CopyAsync($"{source.Address}/a:1", $"{destination.Address}/b:1", Convert.ToZstd);

        Assert.Equal("OciLayerInvalid", row.ErrorId);
    }

    [Fact]
    public async Task A_temporary_folder_that_is_none_is_said()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["file"], "x");
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", WholeImageTests.Make("single"), "1");

        var row = await Convert.CopyAsync($"{source.Address}/a:1", "dir:" + folder["d"], Convert.ToZstd, Run.Quick with { TempPath = folder["file"] });

        Assert.Equal("OciStorageFailed", row.ErrorId);
        Assert.False(Directory.Exists(folder["d"]));
    }

    [Theory]
    [InlineData(LayerCompression.Zstd, 30)]
    [InlineData(LayerCompression.Gzip, 10)]
    [InlineData(LayerCompression.None, 3)]
    public void A_level_has_its_bounds(LayerCompression compression, int level) =>
        Assert.NotNull(new ConversionOptions { Compression = compression, CompressionLevel = level }.FindFault());

    [Fact]
    public async Task A_higher_level_gives_a_smaller_layer_of_the_same_content()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Layers = 1, LayerSize = 200_000, Content = LayerContent.Text }), "1");

        foreach (var level in new[] { 1, 19 })
        {
            var options = new ConversionOptions { Compression = LayerCompression.Zstd, CompressionLevel = level };
            await Convert.SucceedAsync($"{source.Address}/a:1", $"{destination.Address}/b:{level}", options);
        }

        var (fast, small) = ((await Layers(destination, "b", "1"))[0], (await Layers(destination, "b", "19"))[0]);
        Assert.True(small.Bytes.Length < fast.Bytes.Length, $"{small.Bytes.Length} and {fast.Bytes.Length}");
        Assert.Equal(Convert.DiffId(fast.Bytes), Convert.DiffId(small.Bytes));
    }

    private static async Task<List<(string MediaType, byte[] Bytes)>> Layers(EmbeddedRegistry registry, string repository, string tag)
    {
        using var http = new HttpClient();
        using var reader = new RawRegistryReader(registry.BaseUri);
        var token = TestContext.Current.CancellationToken;
        var found = new List<(string, byte[])>();
        foreach (var digest in (await reader.VerifyAsync(repository, tag, token)).Where(d => registry.HasManifest(repository, d)))
        {
            var raw = await reader.GetManifestAsync(repository, digest, token);
            foreach (var layer in Convert.Read(raw.Bytes, raw.MediaType).Layers)
            {
                found.Add((layer.MediaType, await http.GetByteArrayAsync(new Uri(registry.BaseUri, $"v2/{repository}/blobs/{layer.Digest}"), token)));
            }
        }

        return found;
    }
}
