using Org.BouncyCastle.Bcpg.OpenPgp;

namespace OciSync.Core.Signing.OpenPgp;

/// <summary>A file with one secret key as <c>gpg --export-secret-keys</c> writes it, armoured or binary.</summary>
internal sealed class SecretKeyFile
{
    private const string Block = "PRIVATE KEY BLOCK";

    private readonly PgpSecretKeyRing _ring;

    private SecretKeyFile(PgpSecretKeyRing ring, KeyMaterial material)
    {
        _ring = ring;
        Material = material;
    }

    /// <summary>The public side of it, with all that is said of it.</summary>
    internal KeyMaterial Material { get; }

    /// <summary>Takes a file apart. Nothing is decrypted.</summary>
    /// <exception cref="SigningKeyException">It has no secret key, or several.</exception>
    internal static SecretKeyFile Read(byte[] file)
    {
        var packets = ReadPackets(file);
        var primaries = packets.FindAll(p => p.Kind == PacketKind.SecretKey).Count;
        if (primaries != 1 || packets[0].Kind != PacketKind.SecretKey)
        {
            throw new SigningKeyException(
                SigningKeyFault.Unusable,
                primaries > 1 ? $"the file has {primaries} secret keys, and one is meant (gpg --armor --export-secret-keys NAME)"
                    : "there is no secret key of OpenPGP in the file (gpg --armor --export-secret-keys NAME writes one)");
        }

        // The packets as they were told apart here: the library reads no other ones.
        var ring = Library.FindSecretKeys([.. packets.SelectMany(p => p.Encode())]);
        var parts = ring is null ? [] : packets.ConvertAll(Public);
        return ring is not null && Library.FindKey(parts[0]) is { } primary
            ? new SecretKeyFile(ring, Collect(parts, primary))
            : throw new SigningKeyException(SigningKeyFault.Unusable, "the secret key in the file is damaged, or of a kind that is not known");
    }

    /// <summary>The secret side of a key; null when the file has none, as for a primary key of which only the subkeys were exported.</summary>
    internal PgpSecretKey? Find(PgpPublicKey key) => _ring.GetSecretKey(key.KeyId) is { IsPrivateKeyEmpty: false } secret ? secret : null;

    private static List<Packet> ReadPackets(byte[] file)
    {
        try
        {
            return PacketReader.Read(file.Length > 0 && (file[0] & 0x80) != 0 ? file : Armor.Read(file, Block));
        }
        catch (FormatException e)
        {
            throw new SigningKeyException(SigningKeyFault.Unusable, $"the file is no secret key of OpenPGP: {e.Message}", e);
        }
    }

    private static KeyMaterial Collect(List<Packet> parts, PgpPublicKey primary)
    {
        var material = new KeyMaterial(parts[0], primary);
        material.Add(parts);
        return material;
    }

    // A secret key's packet begins with the public key's content.
    private static Packet Public(Packet packet) => packet.Kind switch
    {
        PacketKind.SecretKey => new Packet(PacketKind.PublicKey, Library.FindPublicPart(packet) ?? []),
        PacketKind.SecretSubkey => new Packet(PacketKind.PublicSubkey, Library.FindPublicPart(packet) ?? []),
        _ => packet,
    };
}
