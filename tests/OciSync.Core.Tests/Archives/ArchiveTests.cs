using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Tags;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing;

namespace OciSync.Core.Tests.Archives;

/// <summary>Tar files of images, written and read.</summary>
public sealed class ArchiveTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Kinds => WholeImageTests.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_kind_goes_into_an_oci_archive_and_out_again_byte_for_byte(string kind)
    {
        var image = WholeImageTests.Make(kind);
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a/b", image, "1");

        var row = await Carry.SucceedAsync($"{source.Address}/a/b:1", $"oci-archive:{folder["a.tar"]}:a/b:1");
        Assert.Equal(("Copied", image.Digest), (row.Status, row.Digest));
        Assert.Equal(["a.tar"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));

        Assert.Equal(image.Digest, (await Carry.SucceedAsync($"oci-archive:{folder["a.tar"]}:a/b:1", destination.Address + "/c:1")).Digest);
        using var reader = new RawRegistryReader(destination.BaseUri);
        Assert.Equal(image.Digest, (await reader.VerifyAsync("c", "1", Token))[0]);
    }

    [Theory]
    [InlineData(false, LayerCompression.Gzip)]
    [InlineData(true, LayerCompression.Gzip)]
    [InlineData(false, LayerCompression.Zstd)]
    [InlineData(false, LayerCompression.None)]
    public async Task A_docker_archive_has_the_layers_unpacked_and_the_config_as_it_was(bool docker, LayerCompression compression)
    {
        var image = ImageFactory.Create(new ImageSpec { Docker = docker, Compression = compression, Layers = 3 });
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a/b", image, "1");

        var row = await Carry.SucceedAsync($"{source.Address}/a/b:1", $"docker-archive:{folder["a.tar"]}:a/b:1");

        var files = ReadTar(folder["a.tar"]);
        using var list = JsonDocument.Parse(files["manifest.json"]);
        var entry = Assert.Single(list.RootElement.EnumerateArray().ToList());
        var config = entry.GetProperty("Config").GetString()!;
        Assert.Equal(ConfigOf(image), Digest.Of(files[config]).ToString());
        Assert.Equal(["docker.io/a/b:1"], entry.GetProperty("RepoTags").EnumerateArray().Select(t => t.GetString()));
        var layers = entry.GetProperty("Layers").EnumerateArray().Select(l => l.GetString()!).ToList();
        Assert.Equal(DiffsOf(files[config]), layers.Select(l => Digest.Of(files[l]).ToString()));
        Assert.Equal(layers, layers.Select(l => Digest.Of(files[l]).Hex + ".tar"));
        Assert.Equal("layers are stored unpacked", row.Reason);
        Assert.Equal(image.Digest, row.SourceDigest);
        Assert.Equal(row.Digest, await FindDigestAsync($"docker-archive:{folder["a.tar"]}"));
    }

    [Theory]
    [InlineData("registry")]
    [InlineData("oci")]
    [InlineData("oci-archive")]
    public async Task From_a_docker_archive_layers_are_packed_with_gzip_where_they_should_be(string to)
    {
        var image = ImageFactory.Create(new ImageSpec { Layers = 3, LayerSize = 300_000 });
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", image, "1");
        await Carry.SucceedAsync($"{source.Address}/a:1", $"docker-archive:{folder["a.tar"]}:a:1");
        var place = to == "registry" ? destination.Address + "/x:1" : to == "oci" ? $"oci:{folder["o"]}:x:1" : $"oci-archive:{folder["o.tar"]}:x:1";

        var row = await Carry.SucceedAsync($"docker-archive:{folder["a.tar"]}", place);

        Assert.Equal((to == "registry" ? string.Empty : "converted to OCI format; ") + "3 layers packed as gzip", row.Reason);
        await Carry.CopyAsync(place, destination.Address + "/y:1");
        using var reader = new RawRegistryReader(destination.BaseUri);
        Assert.Equal(row.Digest, (await reader.VerifyAsync("y", "1", Token))[0]);
        await Carry.SucceedAsync($"{destination.Address}/y:1", $"docker-archive:{folder["b.tar"]}:a:1");
        Assert.Equal(
            ReadTar(folder["a.tar"]).OrderBy(f => f.Key, StringComparer.Ordinal), ReadTar(folder["b.tar"]).OrderBy(f => f.Key, StringComparer.Ordinal));
        if (to == "registry")
        {
            Assert.Equal("UpToDate", (await Carry.CopyAsync($"docker-archive:{folder["a.tar"]}", place)).Status);
        }
    }

    [Fact]
    public async Task Many_images_make_one_archive_with_shared_layers_once_and_are_read_by_name_place_or_all()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var images = ImageFactory.Family(4, sharedSize: 50_000);
        for (var i = 0; i < images.Count; i++)
        {
            await source.AddAsync("team/app", images[i], $"1.{i}");
        }

        var archive = "docker-archive:" + folder["all.tar"];
        var rows = await Run.SyncAsync(Kept(Enumerable.Range(0, 4).Select(i => $"{source.Address}/team/app:1.{i}"), archive));
        Assert.Equal(["Copied", "Copied", "Copied", "Copied"], rows.Statuses());
        Assert.Equal(3 + images.Count, ReadTar(folder["all.tar"]).Keys.Count(n => n.EndsWith(".tar", StringComparison.Ordinal) && !n.Contains('/')));

        using var engine = Run.Engine(cancellationToken: Token);
        var tags = await engine.ChooseTagsAsync(ImageLocation.Parse(archive), new TagSelector(new TagChoice()), Token);
        Assert.Equal(["1.0", "1.1", "1.2", "1.3"], tags.Wanted.Select(t => t.Tag));
        Assert.Equal($"{archive}:{source.Address}/team/app:1.2", tags.Wanted.ElementAt(2).Reference);

        Assert.Equal(4, (await Run.SyncAsync(Carry.All(archive, DestinationNaming.Leaf, destination.Address + "/m"))).Count(o => o.Row.Status == "Copied"));
        Assert.Equal(["1.0", "1.1", "1.2", "1.3"], destination.TagsOf("m/app").Order());
        var byName = await Carry.SucceedAsync($"{archive}:{source.Address}/team/app:1.2", "dir:" + folder["by-name"]);
        var byPlace = await Carry.SucceedAsync(tags.Wanted.ElementAt(2).Reference, "dir:" + folder["again"]);
        Assert.Equal(byName.Digest, byPlace.Digest);
        Assert.Equal(ConfigOf(images[2])["sha256:".Length..], ConfigOf(folder["by-name"]));
        var several = await Carry.CopyAsync(archive, "dir:" + folder["none"]);
        Assert.Equal("OciArchiveInvalid", several.ErrorId);
        Assert.Contains($"there are 4 images. Say which one: {archive}:{source.Address}/team/app:1.", several.Error);
    }

    [Fact]
    public async Task One_image_under_two_names_is_one_entry()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");

        await Run.OneAsync(Carry.Request($"{source.Address}/a:1", $"docker-archive:{folder["a.tar"]}:reg.test/a:1") with { AdditionalTags = ["latest"] });

        using var list = JsonDocument.Parse(ReadTar(folder["a.tar"])["manifest.json"]);
        Assert.Equal(
            ["reg.test/a:1", "reg.test/a:latest"],
            Assert.Single(list.RootElement.EnumerateArray().ToList()).GetProperty("RepoTags").EnumerateArray().Select(t => t.GetString()));
        var info = await InspectAsync($"docker-archive:{folder["a.tar"]}:reg.test/a:latest");
        Assert.Equal("linux/amd64", info);
    }

    [Fact]
    public async Task Of_an_index_one_platform_goes_and_the_row_says_which()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, Attestations = true });
        await source.AddAsync("a", image, "1");
        var reference = $"{source.Address}/a:1";

        var row = await Carry.SucceedAsync(reference, $"docker-archive:{folder["a.tar"]}:a:1");
        Assert.Equal([Platform.Default.ToString()], row.Platforms);
        Assert.Equal(image.Digest, row.SourceDigest);
        Assert.StartsWith($"{Platform.Default} of linux/", row.Reason);

        var other = await Run.OneAsync(Carry.Request(reference, $"docker-archive:{folder["b.tar"]}:a:1") with { Selection = Run.Only("linux/arm64") });
        Assert.Equal(["linux/arm64"], other.Platforms);
        Assert.Equal("linux/arm64", await InspectAsync($"docker-archive:{folder["b.tar"]}"));

        var both = await Run.OneAsync(
            Carry.Request(reference, $"docker-archive:{folder["c.tar"]}:a:1") with { Selection = Run.Only("linux/arm64", "linux/amd64") });
        Assert.Equal("OciManifestRefused", both.ErrorId);
        Assert.False(File.Exists(folder["c.tar"]));
    }

    [Fact]
    public async Task A_platform_that_an_index_lacks_is_told_and_a_single_image_of_another_goes()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        var other = TestPlatform.LinuxArm7;
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Platforms = [other], Index = true }), "index");
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Platforms = [other] }), "single");

        var row = await Carry.CopyAsync($"{source.Address}/a:index", $"docker-archive:{folder["a.tar"]}:a:1");
        Assert.Equal("OciPlatformUnknown", row.ErrorId);
        Assert.Contains($"it has {other}. Choose one with -Platform", row.Error);
        Assert.False(File.Exists(folder["a.tar"]));

        Assert.Equal("Copied", (await Carry.SucceedAsync($"{source.Address}/a:single", $"docker-archive:{folder["a.tar"]}:a:1")).Status);
    }

    [Theory]
    [InlineData("artifact", "it holds images alone, and this is an artifact (application/spdx+json)")]
    [InlineData("chart", "it holds images alone, and this is an artifact (application/vnd.cncf.helm.config.v1+json)")]
    public async Task What_docker_cannot_hold_is_refused_before_a_blob_is_fetched(string kind, string reason)
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", WholeImageTests.Make(kind), "1");

        var row = await Carry.CopyAsync($"{source.Address}/a:1", $"docker-archive:{folder["a.tar"]}:a:1");

        Assert.Equal(("Failed", "OciManifestRefused"), (row.Status, row.ErrorId));
        Assert.Contains(reason, row.Error);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal(0, row.SourceReads);
    }

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    public async Task An_archive_that_is_there_is_replaced_only_when_that_is_said(string transport)
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        File.WriteAllText(folder["a.tar"], "something of the user's");
        var place = $"{transport}:{folder["a.tar"]}:a:1";

        var row = await Carry.CopyAsync($"{source.Address}/a:1", place);
        Assert.Equal("OciDestinationExists", row.ErrorId);
        Assert.Contains($"'{folder["a.tar"]}' exists", row.Error);
        Assert.Equal("something of the user's", File.ReadAllText(folder["a.tar"]));

        var forced = await Run.OneAsync(Carry.Request($"{source.Address}/a:1", place), Run.Quick with { Overwrite = true });
        Assert.Equal("Copied", forced.Status);
        Assert.Equal("linux/amd64", await InspectAsync(place));
        Assert.Equal(["a.tar"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("xz")]
    [InlineData("bzip2")]
    public async Task A_packed_archive_is_read_and_its_temporary_file_goes(string packing)
    {
        Assert.SkipWhen(packing == "xz" && !File.Exists("/usr/bin/xz"), "server missing: xz is not installed (Debian: apt-get install xz-utils).");
        using var folder = new TempFolder();
        using var temporary = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        await Carry.SucceedAsync($"{source.Address}/a:1", $"docker-archive:{folder["d.tar"]}:a:1");
        await Carry.SucceedAsync($"{source.Address}/a:1", $"oci-archive:{folder["o.tar"]}:a:1");
        foreach (var (name, transport) in new[] { ("d.tar", "docker-archive"), ("o.tar", "oci-archive") })
        {
            var plain = await FindDigestAsync($"{transport}:{folder[name]}");
            Pack(folder[name], packing);

            var row = await Run.OneAsync(
                Carry.Request($"{transport}:{folder[name]}:a:1", "dir:" + folder[name + "-dir"]), Run.Quick with { TempPath = temporary["t"] });

            Assert.Equal(("Copied", plain), (row.Status, row.Digest));
            Assert.Empty(Directory.GetFileSystemEntries(temporary["t"]));
        }
    }

    [Fact]
    public async Task Tar_files_become_the_layers_of_an_image()
    {
        using var folder = new TempFolder();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var layers = new[] { LayerCompression.None, LayerCompression.Gzip, LayerCompression.Zstd }.Select(
            (c, i) => TestLayer.Create(i, 5000, compression: c)).ToList();
        for (var i = 0; i < layers.Count; i++)
        {
            await File.WriteAllBytesAsync(folder[$"l{i}"], layers[i].Bytes, Token);
        }

        var tarball = $"tarball:{folder["l0"]}:{folder["l1"]}:{folder["l2"]}";
        await Carry.SucceedAsync(tarball, "dir:" + folder["dir"]);
        Assert.Equal(layers.Select(l => l.Descriptor.Digest), LayersOf(folder["dir"]));
        Assert.Equal(layers.Select(l => l.Descriptor.DiffId), DiffsOf(File.ReadAllBytes(folder["dir/" + ConfigOf(folder["dir"])])));

        var row = await Carry.SucceedAsync(tarball, destination.Address + "/t:1");
        using var reader = new RawRegistryReader(destination.BaseUri);
        Assert.Equal(row.Digest, (await reader.VerifyAsync("t", "1", Token))[0]);
        Assert.Equal("OciTransportUnsupported", (await Carry.CopyAsync(tarball, "tarball:" + folder["out"])).ErrorId);
    }

    [Fact]
    public async Task A_blob_with_a_long_name_keeps_it()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "1");
        await Carry.SucceedAsync($"{source.Address}/a:1", "dir:" + folder["d"]);
        var layer = LayersOf(folder["d"])[0]["sha256:".Length..];
        var bytes = File.ReadAllBytes(folder["d/" + layer]);
        var digest = Digest.Of(bytes, "sha512");
        File.Move(folder["d/" + layer], folder["d/sha512-" + digest.Hex]);
        File.WriteAllText(folder["d/manifest.json"], File.ReadAllText(folder["d/manifest.json"]).Replace("sha256:" + layer, digest.ToString()));

        await Carry.SucceedAsync("dir:" + folder["d"], $"oci-archive:{folder["a.tar"]}:a:1");
        Assert.Equal(bytes, ReadTar(folder["a.tar"])["blobs/sha512/" + digest.Hex]);
        var row = await Carry.SucceedAsync($"oci-archive:{folder["a.tar"]}", "dir:" + folder["e"]);
        Assert.Equal(Carry.Tree(folder["d"])["manifest.json"], row.Digest);
    }

    [Fact]
    public async Task Nothing_is_written_when_only_asked()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");

        var row = await Run.OneAsync(Carry.Request($"{source.Address}/a:1", $"docker-archive:{folder["x/a.tar"]}:a:1") with { IsReadOnly = true });

        Assert.Equal("WouldCopy", row.Status);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Whole_images_stay_when_another_fails()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");

        var rows = await Run.SyncAsync(Kept([$"{source.Address}/a:1", $"{source.Address}/a:none"], "docker-archive:" + folder["a.tar"]));

        Assert.Equal(["Copied", "Failed"], rows.Statuses());
        Assert.Equal("linux/amd64", await InspectAsync($"docker-archive:{folder["a.tar"]}"));
    }

    internal static SyncRequest Kept(IEnumerable<string> sources, string archive) => new()
    {
        Pairs = sources.Select(s => new SyncPair(ImageReference.Parse(s), ImageLocation.Parse(archive).WithDockerName(ImageReference.Parse(s)), s)).ToList(),
    };

    internal static async Task<string> FindDigestAsync(string place)
    {
        using var engine = Run.Engine(cancellationToken: Token);
        return await engine.FindDigestAsync(ImageLocation.Parse(place), null, Token);
    }

    internal static Dictionary<string, byte[]> ReadTar(string path)
    {
        var files = new Dictionary<string, byte[]>();
        using var reader = new TarReader(File.OpenRead(path));
        while (reader.GetNextEntry() is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            files.Add(entry.Name, content.ToArray());
        }

        return files;
    }

    private static async Task<string> InspectAsync(string place)
    {
        using var engine = Run.Engine(cancellationToken: Token);
        var info = await engine.InspectAsync(ImageLocation.Parse(place), new Inspection.InspectOptions(), Token);
        return $"{info.Os}/{info.Architecture}";
    }

    private static IEnumerable<string> DiffsOf(byte[] config) =>
        JsonDocument.Parse(config).RootElement.GetProperty("rootfs").GetProperty("diff_ids").EnumerateArray().Select(d => d.GetString()!).ToList();

    private static string ConfigOf(TestImage image) =>
        JsonDocument.Parse(image.Root.Bytes).RootElement.GetProperty("config").GetProperty("digest").GetString()!;

    private static string ConfigOf(string folder) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "manifest.json"))).RootElement.GetProperty("config")
            .GetProperty("digest")
            .GetString()!["sha256:".Length..];

    private static List<string> LayersOf(string folder) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "manifest.json"))).RootElement
        .GetProperty("layers").EnumerateArray().Select(l => l.GetProperty("digest").GetString()!).ToList();

    private static void Pack(string path, string packing)
    {
        var bytes = File.ReadAllBytes(path);
        if (packing == "zstd")
        {
            using var compressor = new ZstdSharp.Compressor(3);
            File.WriteAllBytes(path, compressor.Wrap(bytes).ToArray());
        }
        else if (packing == "gzip")
        {
            using var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
            gzip.Write(bytes);
        }
        else if (packing == "bzip2")
        {
            File.WriteAllBytes(path, PackedBytes.Bzip2(bytes));
        }
        else
        {
            using var process = Process.Start("xz", [path]);
            process.WaitForExit();
            File.Move(path + ".xz", path);
        }
    }
}
