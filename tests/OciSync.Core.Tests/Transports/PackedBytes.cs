using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using ICSharpCode.SharpZipLib.BZip2;
using ICSharpCode.SharpZipLib.Checksum;

namespace OciSync.Core.Tests.Transports;

/// <summary>Small writers of file formats, as other programs write them.</summary>
internal static class PackedBytes
{
    private const int Block = 512;

    internal static byte[] Bzip2(byte[] bytes)
    {
        using var packed = new MemoryStream();
        BZip2.Compress(new MemoryStream(bytes), packed, false, 1);
        return packed.ToArray();
    }

    /// <summary>One xz stream of one block, its LZMA2 chunks stored (the .xz file format 1.2).</summary>
    internal static byte[] Xz(byte[] bytes)
    {
        byte[] flags = [0, 1];
        byte[] header = [2, 0, 0x21, 1, 0x16, 0, 0, 0];
        List<byte> body = [.. header, .. Crc(header)];
        for (var at = 0; at < bytes.Length; at += 0x8000)
        {
            var chunk = bytes.AsSpan(at, Math.Min(0x8000, bytes.Length - at));
            body.AddRange([(byte)(at == 0 ? 1 : 2), (byte)((chunk.Length - 1) >> 8), (byte)(chunk.Length - 1), .. chunk]);
        }

        body.Add(0);
        var unpadded = body.Count + 4;
        Fill(body);
        List<byte> index = [0, 1, .. Number(unpadded), .. Number(bytes.Length)];
        Fill(index);
        byte[] end = [.. Little(index.Count / 4), .. flags];
        return [0xfd, .. "7zXZ"u8, 0, .. flags, .. Crc(flags), .. body, .. Crc(bytes), .. index, .. Crc([.. index]), .. Crc(end), .. end, .. "YZ"u8];
    }

    /// <summary>A header of a tar entry in GNU's format.</summary>
    /// <param name="name">Its path.</param>
    /// <param name="type">Its type flag.</param>
    /// <param name="size">The size of what is stored.</param>
    /// <param name="further">What else stands in it: text by its place.</param>
    internal static byte[] Header(string name, char type, long size, params (int At, string Text)[] further)
    {
        var block = new byte[Block];
        foreach (var (at, text) in further.Concat([(0, name), (100, "0000644"),
            (108, "0000000"), (116, "0000000"), (124, Octal(size)), (136, Octal(0)), (148, "        "), (156, type.ToString()), (257, "ustar  ")]))
        {
            Encoding.ASCII.GetBytes(text).CopyTo(block, at);
        }

        Encoding.ASCII.GetBytes(System.Convert.ToString(block.Sum(b => b), 8).PadLeft(6, '0') + "\0 ").CopyTo(block, 148);
        return block;
    }

    /// <summary>A number as GNU tar writes it.</summary>
    internal static string Octal(long number) => System.Convert.ToString(number, 8).PadLeft(11, '0');

    /// <summary>An entry of a tar file: its header and its content, filled up.</summary>
    internal static byte[] Entry(string name, char type, byte[] stored, params (int At, string Text)[] further) =>
        [.. Header(name, type, stored.Length, further), .. stored, .. new byte[(Block - (stored.Length % Block)) % Block]];

    /// <summary>Pax headers for the entry that follows.</summary>
    internal static byte[] Pax(params (string Key, string Value)[] headers) =>
        Entry("PaxHeaders/x", 'x', Encoding.UTF8.GetBytes(string.Concat(headers.Select(h => Line($" {h.Key}={h.Value}\n")))));

    internal static byte[] EndOfTar => new byte[2 * Block];

    private static string Line(string rest)
    {
        var length = rest.Length + 1;
        while (length.ToString(CultureInfo.InvariantCulture).Length + rest.Length != length)
        {
            length++;
        }

        return length.ToString(CultureInfo.InvariantCulture) + rest;
    }

    private static byte[] Crc(byte[] bytes)
    {
        var crc = new Crc32();
        crc.Update(bytes);
        return Little(crc.Value);
    }

    private static byte[] Little(long number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)number);
        return bytes;
    }

    private static IEnumerable<byte> Number(long number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            yield return (byte)(number | 0x80);
        }

        yield return (byte)number;
    }

    private static void Fill(List<byte> bytes)
    {
        while (bytes.Count % 4 != 0)
        {
            bytes.Add(0);
        }
    }
}
