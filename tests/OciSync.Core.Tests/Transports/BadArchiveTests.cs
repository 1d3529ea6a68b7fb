using System.Text;
using OciSync.Core.References;
using OciSync.Core.Tests.Archives;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing;

using TarEntry = System.Formats.Tar.TarEntry;
using TarWriter = System.Formats.Tar.TarWriter;
using Unpacker = OciSync.Core.Tar.Unpacker;
using static OciSync.Core.Tests.Transports.ArchiveDamage;

namespace OciSync.Core.Tests.Transports;

/// <summary>Archives that are not what they should be: one error each, which names the file, and nothing half written.</summary>
public sealed class BadArchiveTests
{
    private readonly TestImage _image = ImageFactory.Create(new ImageSpec { LayerSize = 20_000 });

    [Theory]
    [InlineData("empty", "OciArchiveInvalid", "it is empty or no tar file")]
    [InlineData("no tar", "OciArchiveInvalid", "it is no tar file")]
    [InlineData("cut in a header", "OciArchiveInvalid", "it is cut off")]
    [InlineData("cut in a layer", "OciArchiveInvalid", "it is cut off")]
    [InlineData("damaged header", "OciArchiveInvalid", "it is damaged at byte")]
    [InlineData("cut gzip", "OciArchiveInvalid", "it is cut off")]
    [InlineData("damaged zstd", "OciArchiveInvalid", "it is cut off or damaged")]
    [InlineData("path up", "OciArchiveInvalid", "'../evil' leads out of it")]
    [InlineData("absolute path", "OciArchiveInvalid", "'/etc/evil' leads out of it")]
    [InlineData("link up", "OciArchiveInvalid", "is a link that leads out of it, to '../../etc/passwd'")]
    [InlineData("absolute link", "OciArchiveInvalid", "is a link that leads out of it, to '/etc/passwd'")]
    [InlineData("hard link up", "OciArchiveInvalid", "is a link that leads out of it, to '../passwd'")]
    [InlineData("device", "OciArchiveInvalid", "'dev/sda' is neither a file nor a folder")]
    [InlineData("pipe", "OciArchiveInvalid", "'pipe' is neither a file nor a folder")]
    [InlineData("name twice", "OciArchiveInvalid", "stands in it twice")]
    [InlineData("no list", "OciArchiveInvalid", "it has no 'manifest.json'")]
    [InlineData("list is no JSON", "OciArchiveInvalid", "'manifest.json' in")]
    [InlineData("list is an object", "OciArchiveInvalid", "it is not a list")]
    [InlineData("list with a key twice", "OciArchiveInvalid", "the key 'Config' stands twice")]
    [InlineData("list of numbers", "OciArchiveInvalid", "'Layers' is not a list of texts")]
    [InlineData("list with a bad name", "OciArchiveInvalid", "is no name of an image")]
    [InlineData("list without a config", "OciArchiveInvalid", "names no 'Config'")]
    [InlineData("list too large", "OciArchiveInvalid", "at most 4194304 are read")]
    [InlineData("config missing", "OciBlobUnknown", "is missing")]
    [InlineData("config too large", "OciArchiveInvalid", "at most 4194304 are read")]
    [InlineData("config of another digest", "OciDigestMismatch", "not what it is called by")]
    [InlineData("config is no JSON", "OciManifestInvalid", "is not the config of an image")]
    [InlineData("config without layers", "OciManifestInvalid", "it names no layers")]
    [InlineData("layer missing", "OciBlobUnknown", "is missing")]
    [InlineData("layer too many", "OciArchiveInvalid", "names 3 layers, and the config")]
    [InlineData("layer of other bytes", "OciDigestMismatch", "layer.tar")]
    [InlineData("layer leads out", "OciArchiveInvalid", "leads out of it")]
    [InlineData("link to a link", "OciArchiveInvalid", "which is no file in it")]
    public async Task A_docker_archive_with_a_fault(string fault, string errorId, string text)
    {
        using var folder = new TempFolder();
        await using var destination = await EmbeddedRegistry.StartAsync();
        Spoil(_image, fault, folder["bad.tar"]);

        foreach (var to in new[]
        {
            destination.Address + "/x:1",
            $"oci:{folder["o"]}:x:1",
            $"docker-archive:{folder["d.tar"]}:x:1",
            $"oci-archive:{folder["o.tar"]}:x:1"
        })
        {
            var row = await Carry.CopyAsync("docker-archive:" + folder["bad.tar"], to);

            Assert.True((row.Status, row.ErrorId) == ("Failed", errorId), $"{row.Status} {row.ErrorId} {row.Error}");
            Assert.Contains(text, row.Error);
            Assert.Contains(folder["bad.tar"], row.Error);
        }

        Assert.Empty(destination.TagsOf("x"));
        Assert.False(File.Exists(folder["d.tar"]));
        Assert.False(File.Exists(folder["o.tar"]));
        Assert.Empty(Directory.EnumerateFiles(folder.Path, ".ocisync-*.tmp", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("no version", "OciArchiveInvalid", "it has no 'oci-layout'")]
    [InlineData("newer version", "OciArchiveInvalid", "says version '2.0.0'")]
    [InlineData("no index", "OciArchiveInvalid", "it has no 'index.json'")]
    [InlineData("index with a key twice", "OciLayoutInvalid", "stands twice")]
    [InlineData("missing blob", "OciBlobUnknown", "is missing")]
    [InlineData("other bytes", "OciDigestMismatch", "blobs/sha256/")]
    [InlineData("other size", "OciDigestMismatch", "blobs/sha256/")]
    [InlineData("blob leads out", "OciArchiveInvalid", "is a link that leads out of it")]
    public async Task An_oci_archive_with_a_fault(string fault, string errorId, string text)
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", _image, "1");
        await Carry.SucceedAsync($"{source.Address}/a:1", $"oci-archive:{folder["good.tar"]}:a:1");
        var files = ArchiveTests.ReadTar(folder["good.tar"]);
        var layer = files.Where(f => f.Key.StartsWith("blobs/", StringComparison.Ordinal)).OrderByDescending(f => f.Value.Length).First().Key;
        Action spoil = fault switch
        {
            "no version" => () => files.Remove("oci-layout"),
            "newer version" => () => files["oci-layout"] = Encoding.ASCII.GetBytes("{\"imageLayoutVersion\":\"2.0.0\"}"),
            "no index" => () => files.Remove("index.json"),
            "index with a key twice" => () => files["index.json"] = Encoding.ASCII.GetBytes("{\"manifests\":[],\"manifests\":[]}"),
            "missing blob" or "blob leads out" => () => files.Remove(layer),
            "other bytes" => () => files[layer] = files[layer].Reverse().ToArray(),
            "other size" => () => files[layer] = files[layer].SkipLast(1).ToArray(),
            _ => throw new ArgumentException(fault),
        };
        spoil();
        Write(folder["bad.tar"], files, fault == "blob leads out" ? [Link(layer, "../../../../etc/passwd")] : []);

        foreach (var to in new[] { "dir:" + folder["dir"], $"docker-archive:{folder["d.tar"]}:x:1", $"oci-archive:{folder["o.tar"]}:x:1" })
        {
            var row = await Carry.CopyAsync($"oci-archive:{folder["bad.tar"]}:a:1", to);

            Assert.True((row.Status, row.ErrorId) == ("Failed", errorId), $"{row.Status} {row.ErrorId} {row.Error}");
            Assert.Contains(text, row.Error);
            Assert.Contains(folder["bad.tar"], row.Error);
        }

        Assert.False(File.Exists(folder["d.tar"]));
        Assert.False(File.Exists(folder["o.tar"]));
        Assert.False(File.Exists(folder["dir/manifest.json"]));
    }

    [Fact]
    public async Task The_kind_of_archive_is_told_when_it_is_the_other()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", _image, "1");
        await Carry.SucceedAsync($"{source.Address}/a:1", $"oci-archive:{folder["o.tar"]}:a:1");
        await Carry.SucceedAsync($"{source.Address}/a:1", $"docker-archive:{folder["d.tar"]}:a:1");

        Assert.Contains($"read it as oci-archive:{folder["o.tar"]}", (await Carry.CopyAsync("docker-archive:" + folder["o.tar"], "dir:" + folder["x"])).Error);
        Assert.Contains($"read it as docker-archive:{folder["d.tar"]}", (await Carry.CopyAsync("oci-archive:" + folder["d.tar"], "dir:" + folder["x"])).Error);
        foreach (var place in new[]
        {
            $"docker-archive:{folder["none.tar"]}",
            $"oci-archive:{folder["none.tar"]}",
            $"docker-archive:{folder["d.tar"]}:b:2",
            $"oci-archive:{folder["o.tar"]}:@4",
            "tarball:" + folder["none.tar"]
        })
        {
            Assert.Equal("OciManifestUnknown", (await Carry.CopyAsync(place, "dir:" + folder["x"])).ErrorId);
        }
    }

    [Theory]
    [InlineData("docker-archive:<folder>/file/a.tar:a:1")]
    [InlineData("oci-archive:<folder>/file/a.tar:a:1")]
    [InlineData("docker-archive:<folder>/folder:a:1")]
    [InlineData("docker-archive:<folder>/<long>.tar:a:1")]
    public async Task A_place_that_cannot_be_written(string place)
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", _image, "1");
        File.WriteAllText(folder["file"], "a file, not a folder");
        Directory.CreateDirectory(folder["folder"]);

        var row = await Carry.CopyAsync($"{source.Address}/a:1", place.Replace("<folder>", folder.Path).Replace("<long>", new string('n', 300)));

        Assert.True((row.Status, row.ErrorId) == ("Failed", "OciStorageFailed"), $"{row.Status} {row.ErrorId} {row.Error}");
        Assert.Contains(folder.Path, row.Error);
        Assert.Equal(["file", "folder"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order());
    }

    // /dev/shm is a disk of its own in memory; a small one of ours needs the right to mount.
    [Fact]
    public async Task A_full_disk_leaves_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "a small disk is mounted, which only root may");
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { LayerSize = 3_000_000 }), "1");
        Directory.CreateDirectory(folder["disk"]);
        Assert.SkipUnless(await RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder["disk"]), "no disk may be mounted here");
        try
        {
            foreach (var place in new[] { $"docker-archive:{folder["disk/a.tar"]}:a:1", $"oci-archive:{folder["disk/a.tar"]}:a:1" })
            {
                var row = await Carry.CopyAsync($"{source.Address}/a:1", place);

                Assert.True((row.Status, row.ErrorId) == ("Failed", "OciStorageFailed"), $"{row.Status} {row.ErrorId} {row.Error}");
                Assert.Contains(folder["disk/a.tar"], row.Error);
                Assert.Empty(Directory.GetFileSystemEntries(folder["disk"]));
            }

            // Unpacking needs the temp folder.
            await Carry.SucceedAsync($"{source.Address}/a:1", $"oci-archive:{folder["b.tar"]}:a:1");
            Gzip(folder["b.tar"]);
            var packed = await Run.OneAsync(
                Carry.Request("oci-archive:" + folder["b.tar"], "dir:" + folder["d"]), Run.Quick with { TempPath = folder["disk"] });
            Assert.Equal("OciStorageFailed", packed.ErrorId);
            Assert.Empty(Directory.GetFileSystemEntries(folder["disk"]));
        }
        finally
        {
            await RunAsync("umount", folder["disk"]);
        }
    }

    [Fact]
    public async Task A_layer_that_is_not_what_the_config_says_makes_no_archive()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", _image, "1");
        await Carry.SucceedAsync($"{source.Address}/a:1", "dir:" + folder["d"]);
        var manifest = File.ReadAllText(folder["d/manifest.json"]);
        var config = System.Text.Json.JsonDocument.Parse(manifest).RootElement.GetProperty("config").GetProperty("digest").GetString()!["sha256:".Length..];
        var text = File.ReadAllText(folder["d/" + config]);
        var diff = text.IndexOf("diff_ids", StringComparison.Ordinal);
        var first = text.IndexOf("sha256:", diff, StringComparison.Ordinal) + 7;
        var other = Encoding.UTF8.GetBytes(text[..first] + new string('0', 64) + text[(first + 64)..]);
        File.WriteAllBytes(folder["d/" + Digest.Of(other).Hex], other);
        File.WriteAllText(folder["d/manifest.json"], manifest.Replace(config, Digest.Of(other).Hex));

        var row = await Carry.CopyAsync("dir:" + folder["d"], $"docker-archive:{folder["a.tar"]}:a:1");

        Assert.Equal(("Failed", "OciDigestMismatch"), (row.Status, row.ErrorId));
        Assert.Contains($"and the config says sha256:{new string('0', 64)}", row.Error);
        Assert.Equal(["d"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void What_grows_beyond_all_measure_has_a_limit()
    {
        Assert.Equal(1024L * 1024 * 1024, Unpacker.LimitOf(0));
        Assert.Equal((1024L * 1024 * 1024) + 200_000_000, Unpacker.LimitOf(1_000_000));
        Assert.Equal(long.MaxValue, Unpacker.LimitOf(long.MaxValue / 2));
    }

    // 1.5 GiB of nothing in a few hundred bytes.
    [Fact]
    public async Task A_bomb_is_given_up()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        var bomb = Bomb();
        File.WriteAllBytes(folder["bomb.tar.zst"], bomb);

        var archive = await Run.OneAsync(
            Carry.Request("oci-archive:" + folder["bomb.tar.zst"], "dir:" + folder["d"]), Run.Quick with { TempPath = folder["t"] });
        Assert.Equal("OciArchiveInvalid", archive.ErrorId);
        Assert.Contains("which no honest one does", archive.Error);
        Assert.Empty(Directory.GetFileSystemEntries(folder["t"]));

        var tarball = await Carry.CopyAsync("tarball:" + folder["bomb.tar.zst"], "dir:" + folder["d"]);
        Assert.Equal("OciArchiveInvalid", tarball.ErrorId);
    }

    // The library of xz has an exception of another type for each place where the file may end.
    [Fact]
    public async Task A_packed_archive_that_ends_anywhere_is_cut_off()
    {
        byte[] xz = System.Convert.FromBase64String(
            "/Td6WFoAAATm1rRGAgAhAQwAAACPmEGc4AJXABBdADQZSduFXGh/G7+2XpgH4AAABEc9RlF3TlAAASzYBAAAAF+y3IWxxGf7AgAAAAAEWVo=");
        using var folder = new TempFolder();
        for (var length = Unpacker.ProbeSize; length < xz.Length; length += 2)
        {
            File.WriteAllBytes(folder["a.tar.xz"], xz[..length]);

            var row = await Run.OneAsync(Carry.Request("oci-archive:" + folder["a.tar.xz"], "dir:" + folder["d"]), Run.Quick with { TempPath = folder["t"] });

            Assert.Equal((length, "OciArchiveInvalid"), (length, row.ErrorId));
        }
    }

    private static byte[] Bomb()
    {
        using var stream = new MemoryStream();
        using (var zstd = new ZstdSharp.CompressionStream(stream, 3, leaveOpen: true))
        {
            var block = new byte[8 * 1024 * 1024];
            for (var i = 0; i < 192; i++)
            {
                zstd.Write(block);
            }
        }

        return stream.ToArray();
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0;
    }
}
