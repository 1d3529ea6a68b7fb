using OciSync.Core.Conversion;
using OciSync.Core.Rows;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using LayerCompression = OciSync.Core.Conversion.LayerCompression;

namespace OciSync.Core.Tests.Conversion;

/// <summary>Indexes that have each image twice, with gzip and with zstd: a conversion that makes them equal leaves one, and marks what is zstd.</summary>
public sealed class TwicePackedConversionTests : IAsyncLifetime
{
    private static readonly TestImage Image = Indexes.TwicePacked(TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64);
    private EmbeddedRegistry _source = null!;
    private EmbeddedRegistry _destination = null!;

    public async ValueTask InitializeAsync()
    {
        _source = await EmbeddedRegistry.StartAsync();
        _destination = await EmbeddedRegistry.StartAsync();
        await _source.AddAsync("a", Image, "1");
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _destination.DisposeAsync();
    }

    [Theory]
    [InlineData(LayerCompression.Gzip, false, 0)]
    [InlineData(LayerCompression.Zstd, true, 2)]
    public async Task The_one_that_is_packed_so_already_stays_as_it_is(LayerCompression compression, bool isMarked, int first)
    {
        var row = await ConvertAsync(new ConversionOptions { Compression = compression });

        Assert.Equal("2 entries left out, the same image as another once converted", row.Reason);
        var entries = await Indexes.EntriesAsync(_destination, "b", "1");
        Assert.Equal(Image.Manifests.Skip(first).Take(2).Select(m => m.Digest), entries.Select(Indexes.DigestOf));
        Assert.All(entries, e => Assert.Equal(isMarked, e["annotations"] is not null));
        Assert.Equal(0, _destination.Requests.Count("PUT", "/manifests/" + Image.Manifests[2 - first].Digest));
        Assert.Equal("UpToDate", (await ConvertAsync(new ConversionOptions { Compression = compression })).Status);
    }

    [Fact]
    public async Task Unpacked_they_are_one_for_each_platform_without_a_mark()
    {
        var row = await ConvertAsync(new ConversionOptions { Compression = LayerCompression.None });
        Assert.Contains("2 entries left out", row.Reason, StringComparison.Ordinal);
        var entries = await Indexes.EntriesAsync(_destination, "b", "1");
        Assert.Equal(["linux/amd64", "linux/arm64"], row.Platforms);
        Assert.Equal([true, true], entries.Select(e => e["annotations"] is null));
    }

    [Fact]
    public async Task In_dockers_format_they_are_one_and_nothing_is_said_to_be_lost()
    {
        var row = await ConvertAsync(Convert.ToDocker);
        Assert.Equal("converted to Docker format; 2 entries left out, the same image as another once converted", row.Reason);
        Assert.Equal(2, (await Indexes.EntriesAsync(_destination, "b", "1")).Count);
    }

    [Fact]
    public async Task What_stays_packed_in_two_ways_stays_two()
    {
        var docker = Indexes.Change(Image, root => root["annotations"] = null);
        await _source.AddAsync("a", docker, "1");
        var row = await ConvertAsync(Convert.ToOci);
        Assert.Equal((docker.Digest, null), (row.Digest, row.Reason));
    }

    [Theory]
    [InlineData(Testing.Images.LayerCompression.Gzip, LayerCompression.Zstd, true)]
    [InlineData(Testing.Images.LayerCompression.Zstd, LayerCompression.Gzip, false)]
    public async Task The_mark_of_zstd_stands_where_zstd_is(Testing.Images.LayerCompression before, LayerCompression after, bool isMarked)
    {
        var image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, Compression = before });
        await _source.AddAsync("a", isMarked ? image : Indexes.Change(image, root =>
            root["manifests"]!.AsArray().ToList().ForEach(e => e!["annotations"] = new System.Text.Json.Nodes.JsonObject { [Indexes.ZstdMark] = "true" })),
            "1");

        await ConvertAsync(new ConversionOptions { Compression = after });

        var entries = await Indexes.EntriesAsync(_destination, "b", "1");
        Assert.All(entries, e => Assert.Equal(isMarked, e["annotations"]?[Indexes.ZstdMark]?.GetValue<string>() == "true"));
        Assert.All(entries, e => Assert.Equal(isMarked, e["annotations"] is not null));
    }

    private Task<OciSyncResult> ConvertAsync(ConversionOptions options) =>
        Convert.SucceedAsync($"{_source.Address}/a:1", $"{_destination.Address}/b:1", options);
}
