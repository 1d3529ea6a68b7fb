using Org.BouncyCastle.Bcpg.OpenPgp;

namespace OciSync.Core.Signing.OpenPgp;

/// <summary>What is said of one primary key (RFC 9580, 10.1): its parts with their signatures, none of them checked.</summary>
internal sealed class KeyMaterial(Packet packet, PgpPublicKey primary)
{
    private readonly Dictionary<string, KeyComponent> _others = new(StringComparer.Ordinal);

    /// <summary>The primary key, and signatures over it alone.</summary>
    internal KeyComponent Primary { get; } = new(packet) { Key = primary };

    internal IEnumerable<KeyComponent> UserIds => _others.Values.Where(c => c.Packet.Kind is PacketKind.UserId or PacketKind.UserAttribute);

    /// <summary>The subkeys that can be read.</summary>
    internal IEnumerable<KeyComponent> Subkeys => _others.Values.Where(c => c.Key is not null);

    /// <summary>Adds what a file has of this key.</summary>
    internal void Add(IReadOnlyList<Packet> packets)
    {
        var current = Primary;
        foreach (var part in packets.Skip(1))
        {
            if (part.Kind is PacketKind.UserId or PacketKind.UserAttribute or PacketKind.PublicSubkey)
            {
                current = FindOrAdd(part);
            }
            else if (part.Kind == PacketKind.Signature && Library.FindSignature(part) is { } signature)
            {
                current.Signatures.Add(signature);
            }
        }
    }

    private KeyComponent FindOrAdd(Packet part)
    {
        var name = $"{part.Kind} {Convert.ToBase64String(part.Body)}";
        if (!_others.TryGetValue(name, out var component))
        {
            component = new KeyComponent(part) { Key = part.Kind == PacketKind.PublicSubkey ? Library.FindKey(part) : null };
            _others.Add(name, component);
        }

        return component;
    }
}
