using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace OciSync.Testing.Images;

/// <summary>A layer: a real tar of a few files, packed.</summary>
public sealed record TestLayer(LayerDescriptor Descriptor, byte[] Bytes)
{
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    /// <summary>Makes a layer whose files hold about so many bytes.</summary>
    public static TestLayer Create(
        int seed,
        int size,
        LayerContent content = LayerContent.Random,
        LayerCompression compression = LayerCompression.Gzip,
        bool docker = false)
    {
        var tar = MakeTar(seed, size, content);
        var packed = Pack(tar, compression);
        var mediaType = docker
            ? MediaTypes.DockerLayer
            : MediaTypes.OciLayer + (compression == LayerCompression.None ? "" : "+" + compression.ToString().ToLowerInvariant());
        return new TestLayer(new LayerDescriptor(mediaType, ContentDigest.Of(packed), packed.Length, ContentDigest.Of(tar)), packed);
    }

    private static byte[] MakeTar(int seed, int size, LayerContent content)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            Add(writer, $"layer{seed}/", null);
            Add(writer, $"layer{seed}/name.txt", Encoding.ASCII.GetBytes($"layer {seed}\n"));
            Add(writer, $"layer{seed}/data.bin", content == LayerContent.Random ? Seeded.Bytes(size, (ulong)seed) : Text(seed, size));
        }

        return stream.ToArray();
    }

    private static void Add(TarWriter writer, string name, byte[]? content)
    {
        var entry = new UstarTarEntry(content is null ? TarEntryType.Directory : TarEntryType.RegularFile, name)
        {
            ModificationTime = Time,
            Mode = content is null ? (UnixFileMode)0b111_101_101 : (UnixFileMode)0b110_100_100,
        };
        if (content is not null)
        {
            entry.DataStream = new MemoryStream(content);
        }

        writer.WriteEntry(entry);
    }

    private static byte[] Text(int seed, int size)
    {
        var text = new StringBuilder(size + 80);
        for (var line = 0; text.Length < size; line++)
        {
            text.Append(seed).Append(' ').Append(line).Append(" key=value; enabled=true; path=/usr/share/doc/package\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, size));
    }

    private static byte[] Pack(byte[] tar, LayerCompression compression)
    {
        if (compression == LayerCompression.None)
        {
            return tar;
        }

        if (compression == LayerCompression.Zstd)
        {
            using var compressor = new ZstdSharp.Compressor(3);
            return compressor.Wrap(tar).ToArray();
        }

        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(tar);
        }

        return stream.ToArray();
    }
}
