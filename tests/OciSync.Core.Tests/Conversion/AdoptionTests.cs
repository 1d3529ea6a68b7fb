using OciSync.Core.Conversion;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using LayerCompression = OciSync.Core.Conversion.LayerCompression;

namespace OciSync.Core.Tests.Conversion;

/// <summary>A run that converts what the destination has converted already.</summary>
public sealed class AdoptionTests : IAsyncLifetime
{
    private EmbeddedRegistry _source = null!;
    private EmbeddedRegistry _destination = null!;

    public async ValueTask InitializeAsync()
    {
        _source = await EmbeddedRegistry.StartAsync();
        _destination = await EmbeddedRegistry.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _destination.DisposeAsync();
    }

    [Theory]
    [InlineData("single", LayerCompression.Zstd)]
    [InlineData("index", LayerCompression.Zstd)]
    [InlineData("docker", LayerCompression.Zstd)]
    [InlineData("zstd", LayerCompression.Gzip)]
    [InlineData("single", LayerCompression.None)]
    public async Task No_layer_is_read_when_all_of_it_is_there(string kind, LayerCompression compression)
    {
        await _source.AddAsync("a", WholeImageTests.Make(kind), "1");
        var options = new ConversionOptions { Compression = compression };
        var first = await CopyAsync("a:1", options);
        _source.Requests.Clear();
        _destination.Requests.Clear();

        var second = await CopyAsync("a:1", options);

        Assert.Equal(("UpToDate", first.Digest, first.Reason), (second.Status, second.Digest, second.Reason));
        Assert.Equal(0, _source.Requests.Count("GET", "/blobs/"));
        Assert.Equal(0, _destination.Requests.Count("GET", "/blobs/"));
    }

    [Fact]
    public async Task An_archive_s_layers_are_not_packed_again()
    {
        using var folder = new TempFolder();
        await _source.AddAsync("a", WholeImageTests.Make("docker"), "1");
        var archive = $"docker-archive:{folder["a.tar"]}";
        await Carry.SucceedAsync($"{_source.Address}/a:1", archive + ":a:1");
        var to = $"{_destination.Address}/b:1";
        var first = await Carry.SucceedAsync(archive, to);

        // A temp folder that is none would be noticed.
        File.WriteAllText(folder["file"], "x");
        var second = await Convert.CopyAsync(archive, to, new ConversionOptions(), Run.Quick with { TempPath = folder["file"] });

        Assert.Equal(("Copied", "UpToDate"), (first.Status, second.Status));
        Assert.Equal(first.Digest, second.Digest);
    }

    [Fact]
    public async Task Another_image_under_the_name_is_replaced()
    {
        await _source.AddAsync("a", WholeImageTests.Make("single"), "1");
        await CopyAsync("a:1", Convert.ToZstd);
        var other = ImageFactory.Create(new ImageSpec { Seed = 77 });
        await _source.AddAsync("a", other, "1");

        var row = await CopyAsync("a:1", Convert.ToZstd);

        Assert.Equal(("Updated", "UpToDate"), (row.Status, (await CopyAsync("a:1", Convert.ToZstd)).Status));
        await VerifyAsync(_destination);
    }

    [Fact]
    public async Task The_same_image_in_another_packing_is_replaced()
    {
        await _source.AddAsync("a", WholeImageTests.Make("single"), "1");
        var plain = await CopyAsync("a:1", new ConversionOptions());
        var zstd = await CopyAsync("a:1", Convert.ToZstd);
        var none = await CopyAsync("a:1", new ConversionOptions { Compression = LayerCompression.None });

        Assert.Equal(["Copied", "Updated", "Updated"], [plain.Status, zstd.Status, none.Status]);
        Assert.Equal(3, new[] { plain.Digest, zstd.Digest, none.Digest }.Distinct().Count());
    }

    [Fact]
    public async Task A_manifest_that_says_more_is_replaced()
    {
        await _source.AddAsync("a", WholeImageTests.Make("single"), "1");
        var first = await CopyAsync("a:1", Convert.ToZstd);
        var raw = System.Text.Encoding.UTF8.GetString(await RawAsync());
        var more = raw.Insert(raw.Length - 1, ",\"annotations\":{\"by\":\"somebody\"}");
        using (var http = new HttpClient())
        {
            using var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(more));
            content.Headers.ContentType = new("application/vnd.oci.image.manifest.v1+json");
            (await http.PutAsync(new Uri(_destination.BaseUri, "v2/b/manifests/1"), content, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        }

        var row = await CopyAsync("a:1", Convert.ToZstd);

        Assert.Equal(("Updated", first.Digest), (row.Status, row.Digest));
    }

    [Fact]
    public async Task A_destination_that_lacks_it_gets_the_same_as_the_others()
    {
        await using var third = await EmbeddedRegistry.StartAsync();
        await _source.AddAsync("a", WholeImageTests.Make("index"), "1");
        var first = await CopyAsync("a:1", Convert.ToZstd);

        var pairs = new[] { _destination, third }.SelectMany(r => Carry.Request($"{_source.Address}/a:1", $"{r.Address}/b:1").Pairs).ToList();
        var rows = (await Run.SyncAsync(new SyncRequest { Pairs = pairs, Conversion = Convert.ToZstd })).Select(o => o.Row).ToList();

        Assert.Equal(["Copied", "UpToDate"], rows.Select(r => r.Status).Order());
        Assert.All(rows, r => Assert.Equal(first.Digest, r.Digest));
        await VerifyAsync(third);
    }

    [Fact]
    public async Task Verification_believes_nothing_and_mends_what_was_lost()
    {
        await _source.AddAsync("a", WholeImageTests.Make("single"), "1");
        var first = await CopyAsync("a:1", Convert.ToZstd);
        var layer = Convert.Read(await RawAsync(), "application/vnd.oci.image.manifest.v1+json").Layers[0];
        _destination.LoseBlob("b", layer.Digest.ToString());

        var row = await Run.OneAsync(
            Carry.Request($"{_source.Address}/a:1", $"{_destination.Address}/b:1") with { Conversion = Convert.ToZstd, Verify = true });

        Assert.Equal(("Updated", first.Digest), (row.Status, row.Digest));
        Assert.Contains("repaired", row.Reason);
        await VerifyAsync(_destination);
    }

    private Task<OciSyncResult> CopyAsync(string from, ConversionOptions options) =>
        Convert.SucceedAsync($"{_source.Address}/{from}", $"{_destination.Address}/b:1", options);

    private async Task<byte[]> RawAsync()
    {
        using var reader = new RawRegistryReader(_destination.BaseUri);
        return (await reader.GetManifestAsync("b", "1", TestContext.Current.CancellationToken)).Bytes;
    }

    private static async Task VerifyAsync(EmbeddedRegistry registry)
    {
        using var reader = new RawRegistryReader(registry.BaseUri);
        await reader.VerifyAsync("b", "1", TestContext.Current.CancellationToken);
    }
}
