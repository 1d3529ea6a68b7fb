namespace OciSync.Core.Signing.OpenPgp;

/// <summary>One message of OpenPGP with its content and one signature over it, unchecked.</summary>
/// <param name="Content">What was signed.</param>
/// <param name="Signature">The signature; null when it can't be read.</param>
internal sealed record SignedMessage(byte[] Content, SignaturePart? Signature)
{
    private const int MaxLength = Formats.SignatureFile.MaxLength;
    private const int LiteralTime = 4;

    /// <summary>
    /// Reads a message (RFC 9580, 10.3): packed or not, the signature before or behind the content. It is the whole input; what a packing ends
    /// before is not read.
    /// </summary>
    /// <exception cref="FormatException">It is anything else; the message says what, as a sentence without its end.</exception>
    internal static SignedMessage Read(byte[] message)
    {
        if (message.Length > MaxLength)
        {
            throw new FormatException($"it is longer than {MaxLength} bytes");
        }

        var parts = Meaningful(message);
        if (parts.Count > 0 && parts[0].Kind == PacketKind.CompressedData)
        {
            if (parts.Count > 1)
            {
                throw new FormatException("something follows the message");
            }

            parts = Meaningful(Library.Unpack(parts[0], MaxLength) ?? throw new FormatException($"it can't be unpacked to at most {MaxLength} bytes"));
        }

        return Read(parts);
    }

    private static List<Packet> Meaningful(byte[] packets) =>
        PacketReader.Read(packets).FindAll(p => p.Kind is not (PacketKind.Marker or PacketKind.Padding));

    private static SignedMessage Read(List<Packet> parts)
    {
        var signatures = parts.FindAll(p => p.Kind == PacketKind.Signature);
        var isMessage = parts.ConvertAll(p => p.Kind) is [PacketKind.OnePassSignature, PacketKind.LiteralData, PacketKind.Signature]
            or [PacketKind.Signature, PacketKind.LiteralData];
        return isMessage ? new SignedMessage(ContentOf(parts.Find(p => p.Kind == PacketKind.LiteralData)), Library.FindSignature(signatures[0]))
            : parts.Exists(p => p.Kind is PacketKind.EncryptedData or PacketKind.ProtectedEncryptedData) ? throw new FormatException("it is encrypted")
            : parts.Exists(p => p.Kind is PacketKind.PublicKey or PacketKind.SecretKey) ? throw new FormatException("it is a key")
            : signatures.Count > 0 && signatures.Count == parts.Count ? throw new FormatException("it is detached from what it signs")
            : signatures.Count > 1 ? throw new FormatException($"it has {signatures.Count} signatures, and not one")
            : signatures.Count == 0 ? throw new FormatException("there is no signature in it")
            : throw new FormatException("its parts are not those of one signed message");
    }

    // A letter for the format, a file's name, a time, and the content.
    private static byte[] ContentOf(Packet literal)
    {
        var start = literal.Body.Length < 2 ? int.MaxValue : 2 + literal.Body[1] + LiteralTime;
        return start <= literal.Body.Length ? literal.Body.AsSpan(start).ToArray() : throw new FormatException("its content is cut off");
    }
}
