using System.Diagnostics;
using System.Text;
using OciSync.Core.Archives;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Tar;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Transports;

/// <summary>The forms of tar files and packings that programs other than ours write.</summary>
public sealed class ArchiveFormTests
{
    private static readonly byte[] Layer = ArchiveDamage.Unpack(
        ImageFactory.Create(new ImageSpec { Layers = 1, LayerSize = 200_000 }).Blobs.Values.Single(b => b is [0x1f, 0x8b, ..]));

    // Holes between two pieces, and at the end.
    private static readonly byte[] Sparse = [
        .. new byte[1024], .. Encoding.ASCII.GetBytes(new string('a', 512)), .. new byte[2048], .. Encoding.ASCII.GetBytes("end"), .. new byte[1000]];
    private static readonly byte[] Stored = [.. Encoding.ASCII.GetBytes(new string('a', 512)), .. Encoding.ASCII.GetBytes("end")];

    [Fact]
    public async Task A_layer_that_stands_once_for_each_image_is_read()
    {
        using var folder = new TempFolder();
        await using var registry = await EmbeddedRegistry.StartAsync();
        var (config, name) = Config(Layer);
        var list = $"[{Image(name, "team/a:1")},{Image(name, "team/b:1")}]";
        WriteTar(folder["a.tar"], (name, config), ("l.tar", Layer), (name, config), ("l.tar", Layer), ("manifest.json", ArchiveDamage.Bytes(list)));

        var rows = await Run.SyncAsync(Carry.All("docker-archive:" + folder["a.tar"], DestinationNaming.Leaf, registry.Address));

        Assert.Equal(["Copied", "Copied"], rows.Select(r => r.Row.Error ?? r.Row.Status));
        Assert.Equal(["a", "b"], new[] { "a", "b" }.Where(r => registry.TagsOf(r).Contains("1")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(199_999)]
    public void A_file_that_stands_twice_with_other_bytes_is_refused(int at)
    {
        var other = ArchiveDamage.Damage(Layer, at);
        var tar = PackedBytes.Entry("l.tar", '0', Layer).Concat(PackedBytes.Entry("l.tar", '0', other)).Concat(PackedBytes.EndOfTar).ToArray();

        var failure = Assert.Throws<OciException>(() => TarIndex.Read(new MemoryStream(tar), "a.tar"));

        Assert.Equal(OciErrorKind.ArchiveInvalid, failure.Kind);
        Assert.Contains("'l.tar' stands in it twice, with different content", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gnu")]
    [InlineData("gnu, large")]
    [InlineData("pax 0.1")]
    [InlineData("pax 1.0")]
    public async Task A_sparse_file_is_read_with_its_holes(string format)
    {
        using var folder = new TempFolder();
        var expected = format == "gnu, large" ? Enumerable.Range(0, 30).SelectMany(_ => Sparse).ToArray() : Sparse;
        File.WriteAllBytes(folder["a.tar"], [.. SparseEntry(format), .. PackedBytes.Entry("next", '0', [1, 2, 3]), .. PackedBytes.EndOfTar]);
        using var archive = new ArchiveFile(folder["a.tar"], Run.Quick, TestContext.Current.CancellationToken);

        Assert.Equal(expected, await archive.ReadAsync("sparse", 1_000_000));
        Assert.Equal([1, 2, 3], await archive.ReadAsync("next", 10));

        // From any place, in a hole or behind it.
        var entry = (await archive.IndexAsync()).Find("sparse")!;
        foreach (var offset in new[] { 1, 1024, 1500, 1536, 3584, 3586, expected.Length - 1 })
        {
            using var content = await archive.OpenAsync(entry, offset);
            Assert.Equal(expected[offset..], await content.ReadAllAsync(1_000_000));
        }
    }

    [Theory]
    [InlineData("pax 0.0", "pax format 0.0, which is not known here")]
    [InlineData("pax 2.0", "pax format 2.0, which is not known here")]
    [InlineData("pieces overlap", "its parts overlap, or are not what is stored")]
    [InlineData("more than is stored", "its parts overlap, or are not what is stored")]
    [InlineData("map is no number", "its map is damaged")]
    [InlineData("endless map", "its map is damaged")]
    [InlineData("gnu map is no number", "its map is damaged")]
    [InlineData("gnu, endless", "it has more than 100000 parts")]
    [InlineData("too large", "it says that it has 9000000000000 bytes")]
    public void A_sparse_file_that_cant_be_read_is_named(string fault, string text)
    {
        byte[] tar = [.. SparseEntry(fault), .. PackedBytes.EndOfTar];

        var failure = Assert.Throws<OciException>(() => TarIndex.Read(new MemoryStream(tar), "a.tar"));

        Assert.Equal(OciErrorKind.ArchiveInvalid, failure.Kind);
        Assert.Contains("sparse' in it is a sparse file that can't be read: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(text, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gnu")]
    [InlineData("pax")]
    public async Task An_archive_that_tar_packs_sparsely_is_read(string format)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/tar") || File.Exists("/bin/tar"), "server missing: tar is not installed (Debian: apt-get install tar).");
        using var folder = new TempFolder();
        await using var registry = await EmbeddedRegistry.StartAsync();
        var (config, name) = Config(Layer);
        Directory.CreateDirectory(folder["a"]);
        File.WriteAllBytes(folder["a/" + name], config);
        File.WriteAllText(folder["a/manifest.json"], $"[{Image(name, "team/a:1")}]");
        using (var file = File.Create(folder["a/l.tar"]))
        {
            // A layer ends with zeros: here as a hole.
            file.Write(Layer.AsSpan().TrimEnd((byte)0));
            file.SetLength(Layer.Length);
        }

        using (var process = Process.Start("tar", ["--sparse", "--format=" + format, "-C", folder["a"], "-cf", folder["a.tar"], "."]))
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, process.ExitCode);
        }

        Assert.Equal("Copied", (await Carry.SucceedAsync("docker-archive:" + folder["a.tar"], registry.Address + "/a:1")).Status);
    }

    [Theory]
    [InlineData("xz", 0)]
    [InlineData("xz", 8)]
    [InlineData("bzip2", 0)]
    public async Task Several_packed_streams_one_after_the_other_are_one_file(string packing, int padding)
    {
        using var folder = new TempFolder();
        Func<byte[], byte[]> pack = packing == "xz" ? PackedBytes.Xz : PackedBytes.Bzip2;
        var tar = DockerArchive();
        var parts = tar.Chunk((tar.Length / 3) + 1).Select(pack).ToList();
        File.WriteAllBytes(folder["a.tar.x"], [.. parts.SelectMany(p => p.Concat(new byte[padding]))]);

        Assert.Equal("Copied", (await Carry.SucceedAsync("docker-archive:" + folder["a.tar.x"], "dir:" + folder["d"])).Status);
    }

    [Theory]
    [InlineData("xz", new byte[] { 0, 0 })]
    [InlineData("xz", new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 })]
    [InlineData("bzip2", null)]
    public async Task A_packed_file_that_ends_with_something_else_or_is_damaged_is_refused(string packing, byte[]? end)
    {
        using var folder = new TempFolder();
        var packed = packing == "xz" ? PackedBytes.Xz(DockerArchive()) : ArchiveDamage.Damage(PackedBytes.Bzip2(DockerArchive()), 2000);
        File.WriteAllBytes(folder["a.tar.x"], [.. packed, .. end ?? []]);

        var row = await Carry.CopyAsync("docker-archive:" + folder["a.tar.x"], "dir:" + folder["d"]);

        Assert.Equal("OciArchiveInvalid", row.ErrorId);
        Assert.Contains("it is cut off or damaged", row.Error, StringComparison.Ordinal);
    }

    // A name may begin with what bzip2's files begin with.
    [Fact]
    public void A_tar_file_is_not_taken_for_a_packed_one()
    {
        var tar = PackedBytes.Header("BZh91AY/manifest.json", '0', 0);

        Assert.Equal(Packing.None, Unpacker.Detect(tar, Unpacker.ProbeSize));
        Assert.Equal(Packing.Bzip2, Unpacker.Detect(PackedBytes.Bzip2([]), Unpacker.ProbeSize));
        Assert.Equal(Packing.Zstd, Unpacker.Detect([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0, 0, 0], Unpacker.ProbeSize));
    }

    [Theory]
    [InlineData("xz")]
    [InlineData("bzip2")]
    public async Task A_layer_that_is_packed_as_no_layer_can_be_is_named(string packing)
    {
        using var folder = new TempFolder();
        var (config, name) = Config(Layer);
        var packed = packing == "xz" ? PackedBytes.Xz(Layer) : PackedBytes.Bzip2(Layer);
        WriteTar(folder["a.tar"], (name, config), ("l.tar", packed), ("manifest.json", ArchiveDamage.Bytes($"[{Image(name, "team/a:1")}]")));
        File.WriteAllBytes(folder["l.tar"], packed);

        foreach (var source in new[] { "docker-archive:" + folder["a.tar"], "tarball:" + folder["l.tar"] })
        {
            var row = await Carry.CopyAsync(source, "dir:" + folder["d"]);

            Assert.Equal("OciArchiveInvalid", row.ErrorId);
            Assert.Contains($"it is packed with {packing}, which layers of images can't be", row.Error, StringComparison.Ordinal);
        }
    }

    // An archive of images holds files; a layer holds whatever a system has.
    [Fact]
    public async Task A_layer_may_hold_devices_and_a_file_twice()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["l.tar"], [
            .. PackedBytes.Entry("dev/null", '3', []),
            .. PackedBytes.Entry("/etc/a", '0', [1]), .. PackedBytes.Entry("/etc/a", '0', [2]), .. PackedBytes.EndOfTar]);

        Assert.Equal("Copied", (await Carry.SucceedAsync("tarball:" + folder["l.tar"], "dir:" + folder["d"])).Status);
    }

    private static byte[] DockerArchive()
    {
        var (config, name) = Config(Layer);
        return [
            .. PackedBytes.Entry(name, '0', config), .. PackedBytes.Entry("l.tar", '0', Layer),
            .. PackedBytes.Entry("manifest.json", '0', ArchiveDamage.Bytes($"[{Image(name, "team/a:1")}]")), .. PackedBytes.EndOfTar];
    }

    private static (byte[] Bytes, string Name) Config(byte[] layer)
    {
        var config = ArchiveDamage.Bytes(
            $"{{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{{\"type\":\"layers\",\"diff_ids\":[\"{Digest.Of(layer)}\"]}}}}");
        return (config, Digest.Of(config).Hex + ".json");
    }

    private static string Image(string config, string tag) => $"{{\"Config\":\"{config}\",\"RepoTags\":[\"{tag}\"],\"Layers\":[\"l.tar\"]}}";

    private static void WriteTar(string path, params (string Name, byte[] Content)[] files) =>
        File.WriteAllBytes(path, [.. files.SelectMany(
            f => PackedBytes.Entry(f.Name.Length > 99 ? throw new ArgumentException(f.Name) : f.Name, '0', f.Content)), .. PackedBytes.EndOfTar]);

    private static byte[] SparseEntry(string form)
    {
        static (int At, string Text)[] Map(int first, params (long At, long Length)[] parts) =>
            [.. parts.SelectMany((p, i) => new[] { (first + (24 * i), PackedBytes.Octal(p.At)), (first + (24 * i) + 12, PackedBytes.Octal(p.Length)) })];

        (long, long)[] pieces = [(1024, 512), (3584, 3)];
        var real = ("GNU.sparse.realsize", Sparse.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        (string, string)[] pax = [("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "sparse"), real];
        byte[] AsPax((string, string)[] headers, string map) =>
            [.. PackedBytes.Pax(headers), .. PackedBytes.Entry("GNUSparseFile.1/sparse", '0', [.. ArchiveDamage.Bytes(map.PadRight(512, '\0')), .. Stored])];
        byte[] AsPaxHeader(params (string, string)[] headers) => [.. PackedBytes.Pax(headers), .. PackedBytes.Entry("GNUSparseFile.1/sparse", '0', Stored)];
        return form switch
        {
            "gnu" => PackedBytes.Entry("sparse", 'S', Stored, [.. Map(386, pieces), (483, PackedBytes.Octal(Sparse.Length))]),
            "gnu, large" => LargeSparse(Map),
            "pieces overlap" => PackedBytes.Entry("sparse", 'S', Stored, [.. Map(386, (1024, 512), (1030, 3)), (483, PackedBytes.Octal(Sparse.Length))]),
            "too large" => AsPaxHeader(("GNU.sparse.name", "sparse"), ("GNU.sparse.size", "9000000000000"), ("GNU.sparse.map", "1024,512,3584,3")),
            "gnu map is no number" => PackedBytes.Entry("sparse", 'S', Stored, [.. Map(386, pieces), (386, "x"), (483, PackedBytes.Octal(Sparse.Length))]),
            "gnu, endless" => [
                .. PackedBytes.Header("sparse", 'S', 0, (482, "\u0001"), (483, PackedBytes.Octal(1))), .. Enumerable.Repeat(0, 5000).SelectMany(
                    _ => new byte[504].Append((byte)1).Concat(new byte[7]))],
            "pax 0.1" => AsPaxHeader(("GNU.sparse.name", "sparse"), ("GNU.sparse.size", real.Item2), ("GNU.sparse.map", "1024,512,3584,3")),
            "pax 0.0" =>
                AsPaxHeader(("GNU.sparse.size", real.Item2), ("GNU.sparse.numblocks", "1"), ("GNU.sparse.offset", "1024"), ("GNU.sparse.numbytes", "512")),
            "pax 2.0" => AsPaxHeader(("GNU.sparse.major", "2"), ("GNU.sparse.minor", "0"), real),
            "more than is stored" => AsPax(pax, "1\n1024\n5000\n"),
            "map is no number" => AsPax(pax, "1\n1024\n5x\n"),
            "endless map" => AsPax(pax, "90000\n1024\n5\n"),
            _ => AsPax(pax, "2\n1024\n512\n3584\n3\n"),
        };
    }

    // More pieces than a header has room for: blocks with further ones follow it.
    private static byte[] LargeSparse(Func<int, (long, long)[], (int, string)[]> map)
    {
        var pieces = Enumerable.Range(0, 30).SelectMany(
            i => new (long, long)[] { ((i * Sparse.Length) + 1024, 512), ((i * Sparse.Length) + 3584, 3) }).ToList();
        var stored = Enumerable.Range(0, 30).SelectMany(_ => Stored).ToArray();
        var header = PackedBytes.Header(
            "sparse", 'S', stored.Length, [.. map(386, [.. pieces.Take(4)]), (482, "\u0001"), (483, PackedBytes.Octal(30 * Sparse.Length))]);
        var extra = pieces.Skip(4).Chunk(21).ToList();
        var blocks = extra.SelectMany((chunk, i) => Block([.. map(0, chunk), .. i < extra.Count - 1 ? [(504, "\u0001")] : Array.Empty<(int, string)>()]));
        return [.. header, .. blocks, .. stored, .. new byte[(512 - (stored.Length % 512)) % 512]];

        static byte[] Block((int At, string Text)[] texts)
        {
            var block = new byte[512];
            Array.ForEach(texts, t => ArchiveDamage.Bytes(t.Text).CopyTo(block, t.At));
            return block;
        }
    }
}
