using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using CsCheck;
using OciSync.Core.Archives;
using OciSync.Core.Conversion;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Tar;

namespace OciSync.Fuzzing;

/// <summary>Archives, their lists of images, and what they are packed with.</summary>
internal static partial class FuzzTargets
{
    private const int TarBlock = 512;

    // Unpacked bytes that are looked at; what may come out at most is a limit of its own.
    private const int ReadOfPacked = 4 * 1024 * 1024;

    private const string ImageList = """
        [{"Config":"0123.json","RepoTags":["a:1","r.test/b/c:2.0"],"Layers":["x/layer.tar","blobs/sha256/0000"]},
         {"Config":"blobs/sha256/abc","RepoTags":null,"Layers":[],"LayerSources":{"sha256:x":{"size":1}}}]
        """;

    // Of xz itself: a text over and over; nothing; a filter for programs before the one that packs.
    private static readonly byte[][] Xz =
    [
        Convert.FromBase64String("/Td6WFoAAATm1rRGAgAhAQwAAACPmEGc4AJXABBdADQZSduFXGh/G7+2XpgH4AAABEc9RlF3TlAAASzYBAAAAF+y3IWxxGf7AgAAAAAEWVo="),
        Convert.FromBase64String("/Td6WFoAAATm1rRGAAAAABzfRCEftvN9AQAAAAAEWVo="),
        Convert.FromBase64String(
            "/Td6WFoAAAFpIt42AgEEACEBAADaM60D4AP/APFdAAAAUlAKhPmbsoAhqWnWJ+A+BlpfBI1T1AS6OVcFCcFVJN6duHFZMWChn/lvSXPyyOqMuhqLKWkhgP4zg2avRm3sno"
            + "mKC4PwPA6Jjj/tX+eekNkc/zL0suA5UbLSFBW0xXG62wbjeZqfuzjBsACskwuqBhkDEggVW5vISPAyLv4toIfI8KTg0lHrjWdWkrJNhMXxhjHfamJbwnkt2fc8c7p0dAfY"
            + "PKlWIiShZvhahF8wZ9L2S0kufyDr2/gQDpR4d8c/a++0zZXib/ZEbgbPC4Iay9t68FeNmP+QwD7mwRJBde4DKJbrE/unKMyvLNA8AAAAAAAAJkwLtwABiQKACAAALiVgYz"
            + "4wDYsCAAAAAAFZWg=="),
    ];

    private static IEnumerable<FuzzTarget> Archives()
    {
        var tars = new[]
        {
            Tar(TarEntryFormat.Ustar, "a/layer.tar"),
            Tar(TarEntryFormat.Pax, new string('p', 300) + "/b"),
            Tar(TarEntryFormat.Gnu, new string('g', 300) + "/c")
        };
        var packed = tars.SelectMany(t => new[] { Pack(t, LayerEncoding.Gzip), Pack(t, LayerEncoding.Zstd), Bzip2(t) })
            .Concat(Xz).Append([.. Xz[0], .. new byte[4], .. Xz[0]]).ToArray();
        tars = [.. tars, SparseTar(false), SparseTar(true)];
        return
        [
            // Whatever a change breaks besides, the checksums of most cases are right.
            new("tar file", Gen.Select(FuzzInput.Near(tars), Gen.Int[0, 3]).Select((bytes, way) => way == 0 ? bytes : Mend(bytes)), TryTar),
            new("archive's list of images", FuzzInput.Near(ImageList, "[]", """[{"Config":"a"}]"""), TryImageList),
            new("archive's config", FuzzInput.Near(GoodConfig, """{"rootfs":{"diff_ids":null}}""", """{"rootfs":{"diff_ids":["sha256:x"]}}"""), input => Allow(
                () => ConfigLayers.Read(input, "'c' in 'a.tar'"), OciErrorKind.ManifestInvalid)),

            // The tables of LZMA alone have up to 12 MiB, by a byte of the input.
            new("packed archive", FuzzInput.Near(packed), TryPacked) { FreeBytes = 16 * 1024 * 1024 },
            new("packed layer", FuzzInput.Near(packed), TryLayer),
        ];
    }

    private static byte[] Bzip2(byte[] plain)
    {
        using var packed = new MemoryStream();
        ICSharpCode.SharpZipLib.BZip2.BZip2.Compress(new MemoryStream(plain), packed, false, 1);
        return packed.ToArray();
    }

    // A file with a hole before five bytes: in GNU's own form, or in that of pax, in which the map is before the content.
    private static byte[] SparseTar(bool pax)
    {
        using var stream = new MemoryStream();
        using (var writer = new System.Formats.Tar.TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            var headers = new Dictionary<string, string>
            {
                ["GNU.sparse.major"] = "1",
                ["GNU.sparse.minor"] = "0",
                ["GNU.sparse.name"] = "s",
                ["GNU.sparse.realsize"] = "1029"
            };
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "GNUSparseFile.0/s", pax ? headers : [])
            {
                DataStream = new MemoryStream(Encoding.ASCII.GetBytes((pax ? "1\n1024\n5\n".PadRight(TarBlock, '\0') : string.Empty) + "bytes")),
            });
        }

        var tar = stream.ToArray();
        if (!pax)
        {
            // Behind the extended header and its content.
            var header = tar.AsSpan(2 * TarBlock, TarBlock);
            header[156] = (byte)'S';
            Encoding.ASCII.GetBytes("00000002000\000000000005").CopyTo(header[386..]);
            Encoding.ASCII.GetBytes("00000002005").CopyTo(header[483..]);
        }

        return Mend(tar);
    }

    private static byte[] Tar(TarEntryFormat format, string name)
    {
        using var stream = new MemoryStream();
        using (var writer = new System.Formats.Tar.TarWriter(stream, format, leaveOpen: true))
        {
            System.Formats.Tar.TarEntry Entry(TarEntryType type, string path, string? link = null)
            {
                System.Formats.Tar.TarEntry entry = format switch
                {
                    TarEntryFormat.Ustar => new UstarTarEntry(type, path),
                    TarEntryFormat.Pax => new PaxTarEntry(type, path),
                    _ => new GnuTarEntry(type, path),
                };
                entry.ModificationTime = DateTimeOffset.UnixEpoch;
                if (link is not null)
                {
                    entry.LinkName = link;
                }

                return entry;
            }

            var file = Entry(TarEntryType.RegularFile, name);
            file.DataStream = new MemoryStream(Encoding.ASCII.GetBytes(ImageList));
            writer.WriteEntry(file);
            writer.WriteEntry(Entry(TarEntryType.Directory, "d"));
            writer.WriteEntry(Entry(TarEntryType.SymbolicLink, "d/link", name.Length < 100 ? "../" + name : "x"));
            writer.WriteEntry(Entry(TarEntryType.HardLink, "hard", name));
        }

        return stream.ToArray();
    }

    private static byte[] Pack(byte[] plain, LayerEncoding encoding)
    {
        using var stream = new MemoryStream();
        using (Stream packing = encoding == LayerEncoding.Gzip
            ? new GZipStream(stream, CompressionLevel.Optimal, true)
            : new ZstdSharp.CompressionStream(stream, leaveOpen: true))
        {
            packing.Write(plain);
        }

        return stream.ToArray();
    }

    // The right checksum for each block that is or may be a header, from the first on and as far as the sizes lead.
    private static byte[] Mend(byte[] tar)
    {
        for (long at = 0; at + TarBlock <= tar.Length;)
        {
            var block = tar.AsSpan((int)at, TarBlock);
            if (block.IndexOfAnyExcept((byte)0) < 0)
            {
                break;
            }

            block[148..156].Fill((byte)' ');
            var sum = 0;
            foreach (var b in block)
            {
                sum += b;
            }

            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(block[148..]);
            long size = 0;
            foreach (var digit in block[124..135])
            {
                size = digit is >= (byte)'0' and <= (byte)'7' ? (size * 8) + digit - '0' : size;
            }

            at += TarBlock + ((size + TarBlock - 1) / TarBlock * TarBlock);
        }

        return tar;
    }

    private static void TryTar(byte[] input) => Allow(
        () =>
        {
            var index = TarIndex.Read(new MemoryStream(input), "a.tar");
            foreach (var name in index.Names.Take(100))
            {
                Require(!name.StartsWith('/') && !name.Split('/').Contains(".."), "no name leads out of an archive");
                Allow(
                    () =>
                    {
                        var entry = index.Find(name);
                        Require(
                            entry is { Link: null, Size: >= 0 } && entry.Pieces.All(p => p.Offset >= 0 && p.Offset + p.Length <= input.Length),
                            "a file lies within its archive");
                    },
                    OciErrorKind.ArchiveInvalid);
            }
        },
        OciErrorKind.ArchiveInvalid);

    private static void TryImageList(byte[] input) => Allow(
        () =>
        {
            var index = DockerArchiveIndex.Read(input, "a.tar");
            RequireShowable(index.Describe());
            foreach (var reference in new[] { "@0", "docker.io/library/a:1", ImageLocation.OnlyImage })
            {
                Allow(() => index.Find(reference), OciErrorKind.ArchiveInvalid);
            }
        },
        OciErrorKind.ArchiveInvalid);

    private static void TryPacked(byte[] input)
    {
        var packing = Unpacker.Detect(input.Length < Unpacker.ProbeSize ? [.. input, .. new byte[Unpacker.ProbeSize]] : input, input.Length);
        try
        {
            using var plain = Unpacker.Open(new MemoryStream(input), packing);
            ReadSome(plain);
        }
        catch (Exception e) when (Unpacker.IsDamage(e))
        {
            Require(packing != Packing.None, "what isn't packed isn't damaged");
        }
    }

    private static void TryLayer(byte[] input)
    {
        var encoding = LayerCodec.Detect(new ArraySegment<byte>(input));
        try
        {
            using var plain = LayerCodec.Unpack(new MemoryStream(input), encoding);
            ReadSome(plain);
        }
        catch (Exception e) when (Unpacker.IsDamage(e))
        {
            Require(encoding != LayerEncoding.None, "what isn't packed isn't damaged");
        }
    }

    private static void ReadSome(Stream plain)
    {
        var buffer = new byte[64 * 1024];
        var read = 0;
        for (var total = 0; total < ReadOfPacked && (read = plain.Read(buffer, 0, buffer.Length)) > 0;)
        {
            total += read;
        }
    }
}
