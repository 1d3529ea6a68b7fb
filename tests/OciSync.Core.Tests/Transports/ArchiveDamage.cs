using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using OciSync.Core.References;
using TarEntry = System.Formats.Tar.TarEntry;
using TarWriter = System.Formats.Tar.TarWriter;
using OciSync.Testing.Images;

namespace OciSync.Core.Tests.Transports;

/// <summary>Archives with one fault each, and what damages files.</summary>
internal static class ArchiveDamage
{
    /// <summary>Writes a Docker archive of an image with a fault.</summary>
    internal static void Spoil(TestImage image, string fault, string path)
    {
        var layers = image.Blobs.Values.Where(b => b is [0x1f, 0x8b, ..]).Select(Unpack).ToList();
        var config = image.Blobs.Values.Single(b => b[0] == '{');
        var diffs = System.Text.Json.JsonDocument.Parse(config).RootElement.GetProperty("rootfs")
            .GetProperty("diff_ids").EnumerateArray().Select(d => d.GetString()).ToList();
        layers = layers.OrderBy(l => diffs.IndexOf(Digest.Of(l).ToString())).ToList();
        var name = Digest.Of(config).Hex + ".json";
        var list = $"[{{\"Config\":\"{name}\",\"RepoTags\":[\"a:1\"],\"Layers\":[\"l0/layer.tar\",\"l1/layer.tar\"]}}]";
        var files = new Dictionary<string, byte[]>
        {
            ["l0/layer.tar"] = layers[0],
            ["l1/layer.tar"] = layers[1],
            [name] = config,
            ["manifest.json"] = Bytes(list)
        };
        var large = Bytes("[" + new string(' ', 4 * 1024 * 1024) + "]");
        var further = new List<TarEntry>();
        Func<byte[], byte[]> change = b => b;
        Action spoil = fault switch
        {
            "empty" => () => change = _ => [],
            "no tar" => () => change = _ => Bytes(new string('x', 5000)),
            "cut in a header" => () => change = b => b[..(Find(b, "manifest.json") + 100)],
            "cut in a layer" => () => change = b => b[..5000],
            "damaged header" => () => change = b => Damage(b, Find(b, "manifest.json") + 3),
            "cut gzip" => () => change = b => Packed(b)[..^2000],
            "damaged zstd" => () => change = b => Damage(Zstd(b), 3000),
            "path up" => () => further.Add(Regular("../evil")),
            "absolute path" => () => further.Add(Regular("/etc/evil")),
            "link up" => () => further.Add(Link("l2/layer.tar", "../../etc/passwd")),
            "absolute link" => () => further.Add(Link("l2/layer.tar", "/etc/passwd")),
            "hard link up" => () => further.Add(new UstarTarEntry(TarEntryType.HardLink, "l2/layer.tar") { LinkName = "../passwd" }),
            "device" => () => further.Add(new UstarTarEntry(TarEntryType.BlockDevice, "dev/sda")),
            "pipe" => () => further.Add(new UstarTarEntry(TarEntryType.Fifo, "pipe")),
            "name twice" => () => further.Add(Regular("manifest.json")),
            "no list" => () => files.Remove("manifest.json"),
            "list is no JSON" => () => files["manifest.json"] = Bytes("[{"),
            "list is an object" => () => files["manifest.json"] = Bytes("{}"),
            "list with a key twice" => () => files["manifest.json"] = Bytes(list.Replace("{\"Config\"", "{\"Config\":\"x\",\"Config\"")),
            "list of numbers" => () => files["manifest.json"] = Bytes(list.Replace("\"l0/layer.tar\"", "7")),
            "list with a bad name" => () => files["manifest.json"] = Bytes(list.Replace("\"a:1\"", "\"UPPER CASE\"")),
            "list without a config" => () => files["manifest.json"] = Bytes("[{\"Layers\":[]}]"),
            "list too large" => () => files["manifest.json"] = large,
            "config missing" => () => files.Remove(name),
            "config too large" => () => files[name] = large,
            "config of another digest" => () => files[name] = Bytes(Encoding.UTF8.GetString(config) + " "),
            "config is no JSON" => () => Rename(files, name, "c.json", Bytes("no JSON"), list),
            "config without layers" => () => Rename(files, name, "c.json", Bytes("{}"), list),
            "layer missing" => () => files.Remove("l1/layer.tar"),
            "layer too many" => () => files["manifest.json"] = Bytes(list.Replace("\"l1/layer.tar\"", "\"l1/layer.tar\",\"l0/layer.tar\"")),
            "layer of other bytes" => () => files["l1/layer.tar"] = Damage(layers[1], 600),
            "layer leads out" => () => ReplaceBy(files, "l1/layer.tar", further, Link("l1/layer.tar", "../../layer.tar")),
            "link to a link" =>
                () => ReplaceBy(files, "l1/layer.tar", further, Link("l1/layer.tar", "../l2/layer.tar"), Link("l2/layer.tar", "../l0/layer.tar")),
            _ => throw new ArgumentException(fault),
        };
        spoil();
        Write(path, files, further);
        File.WriteAllBytes(path, change(File.ReadAllBytes(path)));
    }

    internal static void Rename(Dictionary<string, byte[]> files, string from, string to, byte[] content, string list)
    {
        files.Remove(from);
        files[to] = content;
        files["manifest.json"] = Bytes(list.Replace(from, to));
    }

    internal static void ReplaceBy(Dictionary<string, byte[]> files, string name, List<TarEntry> further, params TarEntry[] entries)
    {
        files.Remove(name);
        further.AddRange(entries);
    }

    internal static void Write(string path, Dictionary<string, byte[]> files, IEnumerable<TarEntry> further)
    {
        using var writer = new TarWriter(File.Create(path), TarEntryFormat.Ustar);
        foreach (var (name, content) in files)
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        }

        foreach (var entry in further)
        {
            writer.WriteEntry(entry);
        }
    }

    internal static UstarTarEntry Regular(string name) => new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream([1, 2, 3]) };

    internal static UstarTarEntry Link(string name, string target) => new(TarEntryType.SymbolicLink, name) { LinkName = target };

    internal static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    internal static int Find(byte[] bytes, string text) => bytes.AsSpan().LastIndexOf(Bytes(text + "\0"));

    internal static byte[] Damage(byte[] bytes, int at)
    {
        var copy = bytes.ToArray();
        copy[at] ^= 0x55;
        return copy;
    }

    internal static byte[] Unpack(byte[] packed)
    {
        using var stream = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        gzip.CopyTo(stream);
        return stream.ToArray();
    }

    internal static byte[] Packed(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return stream.ToArray();
    }

    internal static byte[] Zstd(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var zstd = new ZstdSharp.CompressionStream(stream, 3, leaveOpen: true))
        {
            zstd.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
            zstd.Write(bytes);
        }

        return stream.ToArray();
    }

    internal static void Gzip(string path) => File.WriteAllBytes(path, Packed(File.ReadAllBytes(path)));
}
