using System.Text;

namespace OciSync.Core.Signing.Notary;

/// <summary>
/// Reads the part of CBOR (RFC 8949) that signatures use: whole numbers, bytes, texts, lists, maps, tags, true, false and null, of definite length.
/// Maps are lists of pairs, so that a key that stands twice is seen.
/// </summary>
internal sealed class CborReader(byte[] bytes)
{
    private const int MaxDepth = 16;
    private const int MaxItems = 1000;

    private int _at;

    /// <summary>Reads one value that fills all of the bytes.</summary>
    /// <exception cref="FormatException">They are something else.</exception>
    internal static object? Read(byte[] bytes)
    {
        var reader = new CborReader(bytes);
        var value = reader.Next(0);
        return reader._at == bytes.Length ? value : throw new FormatException("the CBOR has more after it");
    }

    private object? Next(int depth)
    {
        var head = Take(1)[0];
        var (kind, more) = (head >> 5, head & 0x1F);
        if (depth > MaxDepth)
        {
            throw new FormatException("the CBOR is nested too deep");
        }

        return kind == 7
            ? more switch { 20 => false, 21 => true, 22 => null, _ => throw new FormatException("the CBOR has a value of a kind that is not known") }
            : Next(kind, Number(more), depth);
    }

    private object? Next(int kind, long number, int depth) => kind switch
    {
        0 => number,
        1 => -1 - number,
        2 => Take(number),
        3 => Text(Take(number)),
        4 => Items(number, depth),
        5 => Pairs(number, depth),
        _ => new CborTag(number, Next(depth + 1)),
    };

    private List<object?> Items(long count, int depth)
    {
        var items = new List<object?>();
        for (var i = 0L; i < Count(count); i++)
        {
            items.Add(Next(depth + 1));
        }

        return items;
    }

    private CborMap Pairs(long count, int depth)
    {
        var map = new CborMap();
        for (var i = 0L; i < Count(count); i++)
        {
            map.Add(Next(depth + 1), Next(depth + 1));
        }

        return map;
    }

    private static long Count(long count) => count <= MaxItems ? count : throw new FormatException($"the CBOR has more than {MaxItems} values in one");

    private long Number(int more)
    {
        var length = more switch { < 24 => 0, 24 => 1, 25 => 2, 26 => 4, 27 => 8, _ => throw new FormatException("the CBOR is of indefinite length") };
        if (length == 0)
        {
            return more;
        }

        var number = Take(length).Aggregate(0UL, (sum, b) => (sum << 8) | b);
        return number <= long.MaxValue ? (long)number : throw new FormatException("the CBOR has a number that is too large");
    }

    private byte[] Take(long count)
    {
        if (count > bytes.Length - _at)
        {
            throw new FormatException("the CBOR is cut off");
        }

        _at += (int)count;
        return bytes.AsSpan(_at - (int)count, (int)count).ToArray();
    }

    private static string Text(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (ArgumentException e)
        {
            throw new FormatException("the CBOR has a text that is not Unicode", e);
        }
    }
}
