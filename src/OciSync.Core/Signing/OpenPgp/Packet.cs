namespace OciSync.Core.Signing.OpenPgp;

/// <summary>A packet of OpenPGP (RFC 9580, 4): what it is, and its content without the header.</summary>
internal readonly record struct Packet(PacketKind Kind, byte[] Body)
{
    private const int LongHeader = 6;

    /// <summary>The packet with a header in the new format, its length in four bytes.</summary>
    internal byte[] Encode()
    {
        var packet = new byte[LongHeader + Body.Length];
        packet[0] = (byte)(0xC0 | (int)Kind);
        packet[1] = 0xFF;
        for (var i = 0; i < sizeof(int); i++)
        {
            packet[2 + i] = (byte)(Body.Length >> (8 * (sizeof(int) - 1 - i)));
        }

        Body.CopyTo(packet, LongHeader);
        return packet;
    }
}
