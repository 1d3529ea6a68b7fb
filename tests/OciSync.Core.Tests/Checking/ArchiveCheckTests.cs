using System.Formats.Tar;
using System.Text;
using OciSync.Core.References;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using Convert = OciSync.Core.Tests.Conversion.Convert;

namespace OciSync.Core.Tests.Checking;

/// <summary>Archives are checked as folders are: every digest, and in Docker's, which have no other, every diff id.</summary>
public sealed class ArchiveCheckTests
{
    [Theory]
    [InlineData("docker-archive", "docker.io/library/")]
    [InlineData("oci-archive", "")]
    public async Task Every_image_of_an_archive_has_a_row_and_a_spoilt_layer_is_found(string transport, string prefix)
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        for (var i = 0; i < 2; i++)
        {
            await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = i, Layers = 1, LayerSize = 50_000 * (1 + (4 * i)) }), $"{i}");
        }

        var path = folder["x.tar"];
        await Run.SyncAsync(Carry.Request($"{source.Address}/a:0", $"{transport}:{path}:a:0") with
        {
            Pairs = Enumerable.Range(0, 2).Select(i => Carry.Request($"{source.Address}/a:{i}", $"{transport}:{path}:a:{i}").Pairs[0]).ToList(),
        });

        var rows = await CheckTests.CheckAsync($"{transport}:{path}");
        Assert.Equal([$"{transport}:{path}:{prefix}a:0", $"{transport}:{path}:{prefix}a:1"], rows.Select(r => r.Row.Reference).Order());
        Assert.All(rows, r => Assert.Equal(("Whole", "Hash", 2), (r.Row.Status, r.Row.Method, r.Row.Blobs)));
        var packed = Convert.Gzip(File.ReadAllBytes(path));
        File.WriteAllBytes(path + ".gz", packed);
        Assert.All(await CheckTests.CheckAsync($"{transport}:{path}.gz"), r => Assert.Equal("Whole", r.Row.Status));

        // In the middle of the larger layer, whichever comes first.
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);

        rows = await CheckTests.CheckAsync($"{transport}:{path}");
        Assert.Equal(
            [(prefix + "a:0", "Whole"), (prefix + "a:1", "Broken")],
            rows.Select(r => (r.Row.Reference[$"{transport}:{path}:".Length..], r.Row.Status)).Order());
        Assert.Equal("OciDigestMismatch", rows.Single(r => r.Row.Status == "Broken").Row.ErrorId);
        Assert.Contains(path, Assert.Single(rows.Single(r => r.Row.Status == "Broken").Row.Fault), StringComparison.Ordinal);
    }

    // As newer Docker engines save them: what a packed layer is called by is no more than the digest of its packed bytes.
    [Theory]
    [InlineData(true, "Whole", null)]
    [InlineData(false, "Broken", "OciDigestMismatch")]
    public async Task A_packed_layer_of_a_docker_archive_has_to_hold_what_the_config_says(bool right, string status, string? errorId)
    {
        using var folder = new TempFolder();
        var layer = Convert.Gzip(TarOf("held"));
        var diffId = Digest.Of(TarOf(right ? "held" : "said"));
        var config = Bytes(
            """{"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":["?"]}}""".Replace("?", diffId.ToString(), StringComparison.Ordinal));
        Write(
            folder["x.tar"],
            ("c.json", config),
            ("layer.tar", layer),
            ("manifest.json", Bytes("""[{"Config":"c.json","RepoTags":["a:1"],"Layers":["layer.tar"]}]""")));

        var row = Assert.Single(await CheckTests.CheckAsync("docker-archive:" + folder["x.tar"])).Row;

        Assert.Equal((status, errorId), (row.Status, row.ErrorId));
    }

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    public async Task A_named_image_of_an_archive_that_is_cut_off_is_broken(string transport)
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        await Carry.SucceedAsync($"{source.Address}/a:1", $"{transport}:{folder["x.tar"]}:a:1");
        var bytes = File.ReadAllBytes(folder["x.tar"]);
        File.WriteAllBytes(folder["x.tar"], bytes[..3000]);

        var row = Assert.Single(await CheckTests.CheckAsync($"{transport}:{folder["x.tar"]}:a:1")).Row;

        Assert.Equal(("Broken", "OciArchiveInvalid"), (row.Status, row.ErrorId));
    }

    // As newer Docker engines save them: a layout of all platforms, and Docker's list of what is for the engine's own.
    [Theory]
    [InlineData(true, "Sparse")]
    [InlineData(false, "Whole")]
    public async Task An_archive_that_is_of_oci_and_of_docker_is_checked_as_both(bool sparse, string status)
    {
        using var folder = new TempFolder();
        var image = ImageFactory.Create(new ImageSpec { Platforms = [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64], Layers = 1 });
        using var amd = System.Text.Json.JsonDocument.Parse(image.Manifests[0].Bytes);
        string PathOf(System.Text.Json.JsonElement descriptor) => "blobs/" + descriptor.GetProperty("digest").GetString()!.Replace(':', '/');
        var list = $$"""
            [{"Config":"{{PathOf(amd.RootElement.GetProperty("config"))}}","RepoTags":["busybox:1"],"Layers":["{{PathOf(amd.RootElement.GetProperty("layers")[0])}}"]}]
            """;
        var layout = new LayoutBuilder().Add(image).Entry(image.Root, "1", "docker.io/library/busybox:1").File("manifest.json", Bytes(list));
        (sparse ? layout.Without(image.For(TestPlatform.LinuxArm64).Digest) : layout).Write(folder["x.tar"]);
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);

        var places = await engine.LocatePathAsync(folder["x.tar"]);
        Assert.Equal(["docker-archive:" + folder["x.tar"], "oci-archive:" + folder["x.tar"]], places.Select(p => p.ToString()));
        Assert.Equal("Whole", Assert.Single(await CheckTests.CheckAsync(places[0].ToString())).Row.Status);
        var row = Assert.Single(await CheckTests.CheckAsync(places[1].ToString())).Row;
        Assert.Equal(($"oci-archive:{folder["x.tar"]}:docker.io/library/busybox:1", status), (row.Reference, row.Status));
    }

    private static byte[] TarOf(string text)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "file") { DataStream = new MemoryStream(Bytes(text)) });
        }

        return stream.ToArray();
    }

    private static void Write(string path, params (string Name, byte[] Content)[] files)
    {
        using var writer = new TarWriter(File.Create(path), TarEntryFormat.Ustar);
        foreach (var (name, content) in files)
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
