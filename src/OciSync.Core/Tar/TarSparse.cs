using System.Globalization;
using System.Text;

namespace OciSync.Core.Tar;

/// <summary>
/// What GNU tar's <c>--sparse</c> says of a file with holes (GNU tar's manual, "Storing Sparse Files"): which parts of it are stored. The old
/// GNU format, and pax formats 0.1 and 1.0; pax format 0.0 repeats its keys and was written for some months of 2004 alone.
/// </summary>
internal sealed class TarSparse
{
    private const int MaxParts = 100_000;
    private const int MapAt = 386;
    private const int MapCount = 4;
    private const int MoreAt = 482;
    private const int RealSizeAt = 483;
    private const int ExtraCount = 21;
    private const int ExtraMoreAt = 504;
    private const int NumberSize = 12;
    private const int MaxMapSize = 4 * 1024 * 1024;

    private readonly List<(long At, long Length)> _parts = [];
    private long _mapSize;

    private TarSparse(string? name, long size)
    {
        Name = name;
        Size = size;
    }

    /// <summary>The file's name, where the header has another one; or null.</summary>
    internal string? Name { get; }

    /// <summary>The size with the holes, in bytes.</summary>
    internal long Size { get; }

    /// <summary>Reads the header of the old GNU format. <exception cref="FormatException">It is damaged.</exception></summary>
    /// <param name="block">The header.</param>
    /// <param name="readExtra">Reads the block that follows.</param>
    internal static TarSparse ReadHeader(byte[] block, Func<byte[]> readExtra)
    {
        var sparse = new TarSparse(null, Number(block, RealSizeAt));
        sparse.AddParts(block, MapAt, MapCount);
        var blocks = 0;
        for (var more = block[MoreAt] != 0; more;)
        {
            var extra = ++blocks <= MaxParts / ExtraCount ? readExtra() : throw new FormatException($"it has more than {MaxParts} parts");
            sparse.AddParts(extra, 0, ExtraCount);
            more = extra[ExtraMoreAt] != 0;
        }

        return sparse;
    }

    /// <summary>Reads pax headers; null when they say of no holes.</summary>
    /// <param name="headers">The headers.</param>
    /// <param name="readStart">Reads so many bytes of the stored content, or fewer where it is shorter.</param>
    /// <exception cref="FormatException">They are damaged, or of a format that isn't read.</exception>
    internal static TarSparse? ReadPax(IReadOnlyDictionary<string, string> headers, Func<long, byte[]> readStart)
    {
        if (!headers.Keys.Any(k => k.StartsWith("GNU.sparse.", StringComparison.Ordinal)))
        {
            return null;
        }

        var version = Text("GNU.sparse.major") + "." + Text("GNU.sparse.minor");
        var size = Decimal(Text("GNU.sparse.realsize") ?? Text("GNU.sparse.size") ?? string.Empty);
        var sparse = new TarSparse(Text("GNU.sparse.name"), size);
        if (version == "1.0")
        {
            sparse.ReadMap(readStart(MaxMapSize));
        }
        else if (Text("GNU.sparse.map") is { } map)
        {
            sparse.AddParts(map.Split(',').Where(n => n.Length > 0).Select(Decimal).ToList());
        }
        else
        {
            throw new FormatException($"it has pax format {(version == "." ? "0.0" : version)}, which is not known here (0.1, 1.0 and GNU's own are)");
        }

        return sparse;

        string? Text(string key) => headers.TryGetValue(key, out var value) ? value : null;
    }

    /// <summary>Where the parts are in the tar file. <exception cref="FormatException">They overlap, or are not what is stored.</exception></summary>
    /// <param name="start">Where the stored content begins.</param>
    /// <param name="stored">How many bytes are stored.</param>
    /// <param name="archive">The size of the tar file, which limits how large a file in it may say that it is.</param>
    internal IReadOnlyList<TarPiece> Place(long start, long stored, long archive)
    {
        var pieces = new List<TarPiece>();
        long end = 0;
        var offset = _mapSize;
        foreach (var (at, length) in _parts.Where(p => p.Length != 0))
        {
            if (at < end || length < 0 || length > stored - offset || at > Size - length)
            {
                throw new FormatException("its parts overlap, or are not what is stored");
            }

            pieces.Add(new TarPiece(at, length, start + offset));
            offset += length;
            end = at + length;
        }

        return Size < 0 || Size > Unpacker.LimitOf(archive) ? throw new FormatException($"it says that it has {Size} bytes") : pieces;
    }

    private void AddParts(byte[] block, int from, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var at = from + (i * 2 * NumberSize);
            if (block[at + NumberSize] != 0)
            {
                AddParts([Number(block, at), Number(block, at + NumberSize)]);
            }
        }
    }

    // Lines of numbers: how many parts, then place and length of each; filled up to a whole block.
    private void ReadMap(byte[] bytes)
    {
        var position = 0;
        var count = Next();
        if (count > MaxParts)
        {
            throw new FormatException($"it has more than {MaxParts} parts");
        }

        var numbers = new List<long>();
        while (numbers.Count < count * 2)
        {
            numbers.Add(Next());
        }

        AddParts(numbers);
        _mapSize = (position + TarWalk.BlockSize - 1) / TarWalk.BlockSize * TarWalk.BlockSize;

        long Next()
        {
            var end = Array.IndexOf(bytes, (byte)'\n', position);
            var text = end < 0 ? string.Empty : Encoding.ASCII.GetString(bytes, position, end - position);
            position = end + 1;
            return Decimal(text);
        }
    }

    private void AddParts(IReadOnlyList<long> numbers)
    {
        if (numbers.Count % 2 != 0 || _parts.Count + (numbers.Count / 2) > MaxParts)
        {
            throw new FormatException($"its map is damaged, or has more than {MaxParts} parts");
        }

        for (var i = 0; i < numbers.Count; i += 2)
        {
            _parts.Add((numbers[i], numbers[i + 1]));
        }
    }

    private static long Decimal(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new FormatException("its map is damaged");

    // Octal digits, or, for large numbers, 0x80 and bytes.
    private static long Number(byte[] block, int at)
    {
        if (block[at] == 0x80)
        {
            return Enumerable.Range(at + 4, NumberSize - 4).Aggregate(0L, (n, i) => (n << 8) | block[i]);
        }

        var text = Encoding.ASCII.GetString(block, at, NumberSize).Trim('\0', ' ');
        return text.Length > 0 && text.All(c => c is >= '0' and <= '7') ? Convert.ToInt64(text, 8) : throw new FormatException("its map is damaged");
    }
}
