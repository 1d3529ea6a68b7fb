namespace OciSync.Core.Signing.OpenPgp;

/// <summary>Takes a sequence of packets apart (RFC 9580, 4.2). Nothing is believed of a length but that it is within what is there.</summary>
internal sealed class PacketReader
{
    private const int MostPackets = 20_000;

    private readonly byte[] _source;
    private int _at;

    private PacketReader(byte[] source) => _source = source;

    /// <exception cref="FormatException">It is no such sequence; the message says why, as a sentence without its end.</exception>
    internal static List<Packet> Read(byte[] source)
    {
        var reader = new PacketReader(source);
        var packets = new List<Packet>();
        while (reader._at < source.Length)
        {
            if (packets.Count == MostPackets)
            {
                throw new FormatException($"it has more than {MostPackets} parts");
            }

            packets.Add(reader.ReadPacket());
        }

        return packets;
    }

    private Packet ReadPacket()
    {
        var header = _source[_at++];
        return (header & 0x80) == 0 ? throw new FormatException("something in it is no packet of OpenPGP")
            : (header & 0x40) == 0 ? new Packet((PacketKind)((header >> 2) & 0x0F), ReadOldBody(header & 0x03))
            : new Packet((PacketKind)(header & 0x3F), ReadNewBody());
    }

    private byte[] ReadOldBody(int lengthType) => lengthType switch
    {
        0 => Take(ReadNumber(1)),
        1 => Take(ReadNumber(2)),
        2 => Take(ReadNumber(4)),

        // What is left belongs to it.
        _ => Take(_source.Length - _at),
    };

    private byte[] ReadNewBody()
    {
        MemoryStream? parts = null;
        while (true)
        {
            var (length, isPart) = ReadNewLength();
            if (!isPart && parts is null)
            {
                return Take(length);
            }

            parts ??= new MemoryStream();
            var part = Take(length);
            parts.Write(part, 0, part.Length);
            if (!isPart)
            {
                return parts.ToArray();
            }
        }
    }

    // One byte, two, four after 255, or the power of two of a part that others follow.
    private (long Length, bool IsPart) ReadNewLength()
    {
        var first = ReadNumber(1);
        return first switch
        {
            < 192 => (first, false),
            < 224 => (((first - 192) << 8) + ReadNumber(1) + 192, false),
            255 => (ReadNumber(4), false),
            _ => (1L << (int)(first & 0x1F), true),
        };
    }

    private long ReadNumber(int bytes)
    {
        long number = 0;
        foreach (var b in Take(bytes))
        {
            number = (number << 8) | b;
        }

        return number;
    }

    private byte[] Take(long count)
    {
        if (count > _source.Length - _at)
        {
            throw new FormatException("it is cut off");
        }

        var taken = new byte[(int)count];
        Array.Copy(_source, _at, taken, 0, taken.Length);
        _at += taken.Length;
        return taken;
    }
}
