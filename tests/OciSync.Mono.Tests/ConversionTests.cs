using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Mono.Tests;

/// <summary>Layers that are packed anew, which the .NET Framework's own streams read in another way than newer platforms do.</summary>
public sealed class ConversionTests(MonoProgram mono) : IClassFixture<MonoProgram>
{
    private const string GzipLayer = "application/vnd.oci.image.layer.v1.tar+gzip";

    [Theory]
    [InlineData(LayerCompression.Gzip, "Zstd")]
    [InlineData(LayerCompression.Gzip, "None")]
    [InlineData(LayerCompression.Zstd, "Gzip")]
    [InlineData(LayerCompression.Zstd, "None")]
    [InlineData(LayerCompression.None, "Gzip")]
    [InlineData(LayerCompression.None, "Zstd")]
    public async Task Layers_are_packed_anew_and_hold_the_same(LayerCompression from, string to)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create(new ImageSpec { Compression = from, LayerSize = 700_000 });
        await source.AddAsync("a", image, "1");

        var row = await mono.CopyAsync($"{source.Address}/a:1", $"{destination.Address}/b:1", compression: to);

        Assert.Equal(("Copied", ""), (row[0], row[4]));
        var layers = await Layers.ReadAsync(destination, "b", "1");
        Assert.Equal(Layers.DiffIds(image), layers.Select(l => l.DiffId));
        Assert.All(layers, l => Assert.EndsWith(to == "None" ? "tar" : "+" + to.ToLowerInvariant(), l.MediaType));
    }

    [Theory]
    [InlineData(true, "Oci", "application/vnd.oci.image.manifest.v1+json")]
    [InlineData(false, "Docker", "application/vnd.docker.distribution.manifest.v2+json")]
    public async Task A_manifest_gets_the_other_format(bool docker, string format, string mediaType)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Docker = docker }), "1");

        var row = await mono.CopyAsync($"{source.Address}/a:1", $"{destination.Address}/b:1", format);

        Assert.Equal(("Copied", ""), (row[0], row[4]));
        using var reader = new RawRegistryReader(destination.BaseUri);
        Assert.Equal(mediaType, (await reader.GetManifestAsync("b", "1", TestContext.Current.CancellationToken)).MediaType);
    }

    [Fact]
    public async Task A_layer_of_several_gzip_members_is_unpacked_to_its_end()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var plain = Noise(300_000);
        byte[] packed = [.. Layers.Gzip(plain[..100_000]), .. Layers.Gzip([]), .. Layers.Gzip(plain[100_000..])];
        await source.AddAsync("a", With(packed, ContentDigest.Of(plain)), "1");

        var row = await mono.CopyAsync($"{source.Address}/a:1", $"{destination.Address}/b:1", compression: "Zstd");

        Assert.Equal(("Copied", ""), (row[0], row[4]));
        Assert.Equal(ContentDigest.Of(plain), Assert.Single(await Layers.ReadAsync(destination, "b", "1")).DiffId);
    }

    [Fact]
    public async Task A_layer_of_nothing_is_packed()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", With([], ContentDigest.Of([]), "application/vnd.oci.image.layer.v1.tar"), "1");

        var row = await mono.CopyAsync($"{source.Address}/a:1", $"{destination.Address}/b:1", compression: "Gzip");

        Assert.Equal(("Copied", ""), (row[0], row[4]));
        Assert.Equal((GzipLayer, ContentDigest.Of([])), Assert.Single(await Layers.ReadAsync(destination, "b", "1")));
    }

    [Fact]
    public async Task A_damaged_layer_is_refused()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var packed = Layers.Gzip(Noise(50_000));
        packed.AsSpan(20_000, 10_000).Fill(0xff);
        await source.AddAsync("a", With(packed, ContentDigest.Of(packed)), "1");

        var row = await mono.CopyAsync($"{source.Address}/a:1", $"{destination.Address}/b:1", compression: "Zstd");

        Assert.Equal(("Failed", "OciLayerInvalid"), (row[0], row[2]));
    }

    [Fact]
    public async Task A_conversion_that_waits_ends_when_it_is_told_to()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { LayerSize = 700_000 }), "1");
        var fault = source.Faults.Add(new Fault { Method = "GET", PathContains = "/blobs/", Times = 100, Action = FaultAction.StallResponse(400_000) });

        await mono.StartAsync("copy-until-told", $"{source.Address}/a:1", $"{destination.Address}/b:1", string.Empty, "Zstd");
        await fault.Reached.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await mono.TellAsync("stop");
        var rows = await mono.AnswerAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.NotEmpty(rows);
        Assert.DoesNotContain(rows, row => row.StartsWith("Copied", StringComparison.Ordinal) || row.StartsWith("error", StringComparison.Ordinal));
        Assert.Empty(destination.TagsOf("b"));
    }

    private static byte[] Noise(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private static TestImage With(byte[] layer, string diffId, string mediaType = GzipLayer)
    {
        var digest = ContentDigest.Of(layer);
        var image = ImageFactory.WithForeignLayers(new LayerDescriptor(mediaType, digest, layer.Length, diffId));
        return image with { Blobs = new Dictionary<string, byte[]>(image.Blobs) { [digest] = layer } };
    }
}
