using Org.BouncyCastle.Bcpg.OpenPgp;

namespace OciSync.Core.Signing.OpenPgp;

/// <summary>
/// All keys of some files. What several files say of one key counts together, as when gpg imports them: a revocation in one of them is one for all.
/// </summary>
internal sealed class KeyRing
{
    private readonly Dictionary<string, KeyMaterial> _keys = new(StringComparer.Ordinal);

    private KeyRing()
    {
    }

    /// <summary>Why there is no key in the files; null when there is one.</summary>
    internal string? Fault { get; private set; }

    internal static KeyRing Read(IReadOnlyList<byte[]> files)
    {
        var ring = new KeyRing();
        var faults = new List<string>();
        foreach (var file in files)
        {
            var keys = KeyFile.Read(file, out var fault);
            foreach (var packets in keys)
            {
                ring.Add(packets);
            }

            faults.AddRange(fault is null ? [] : [fault]);
        }

        ring.Fault = ring._keys.Count > 0 ? null : faults.FirstOrDefault() ?? "no key in it is of a kind that is known";
        return ring;
    }

    /// <summary>The keys that may have made signatures, primary keys and subkeys, each with what is wrong with it at this time.</summary>
    internal IEnumerable<SigningKey> KeysAt(DateTimeOffset now) => _keys.Values.SelectMany(k => new KeyJudge(k, now).Judge());

    private void Add(IReadOnlyList<Packet> packets)
    {
        if (Library.FindKey(packets[0]) is not { } primary)
        {
            return;
        }

        var fingerprint = Hex.Of(primary.GetFingerprint());
        if (!_keys.TryGetValue(fingerprint, out var material))
        {
            _keys.Add(fingerprint, material = new KeyMaterial(packets[0], primary));
        }

        material.Add(packets);
    }
}
