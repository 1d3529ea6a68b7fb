namespace OciSync.Core.Signing.OpenPgp;

/// <summary>A file of public keys as gpg exports them: binary or armoured, one key or several. Only its parts are told apart here.</summary>
internal static class KeyFile
{
    private const string PublicBlock = "PUBLIC KEY BLOCK";
    private const string SecretBlock = "PRIVATE KEY BLOCK";

    /// <summary>The keys of a file, each as its packets, the primary key first.</summary>
    /// <param name="content">The file.</param>
    /// <param name="fault">Why there is no key in it, or none of those that follow; null when nothing is wrong.</param>
    internal static IReadOnlyList<IReadOnlyList<Packet>> Read(byte[] content, out string? fault)
    {
        var keys = new List<List<Packet>>();
        fault = null;
        try
        {
            var isBinary = content.Length > 0 && (content[0] & 0x80) != 0;
            foreach (var packet in PacketReader.Read(isBinary ? content : Armor.Read(content, PublicBlock)))
            {
                Add(keys, packet);
            }

            fault = keys.Count > 0 ? null
                : isBinary || Armor.Read(content, SecretBlock).Length == 0 ? "there is no public key in it"
                : "it has a secret key, where the public key is meant (gpg --armor --export)";
        }
        catch (FormatException e)
        {
            fault = $"it is no file of OpenPGP keys: {e.Message}";
        }

        return keys;
    }

    /// <summary>Whether there is a public key in at least one of the files.</summary>
    internal static bool HasKey(IEnumerable<byte[]> files) => files.Any(f => Read(f, out _).Count > 0);

    // What stands before the first primary key belongs to none.
    private static void Add(List<List<Packet>> keys, Packet packet)
    {
        if (packet.Kind == PacketKind.PublicKey)
        {
            keys.Add([packet]);
        }
        else if (packet.Kind is PacketKind.SecretKey)
        {
            throw new FormatException("it has a secret key, where the public key is meant (gpg --export)");
        }
        else if (keys.Count > 0)
        {
            keys[keys.Count - 1].Add(packet);
        }
    }
}
