using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;

namespace OciSync.Core.Signing.OpenPgp;

/// <summary>
/// Says of a primary key and its subkeys whether what they sign counts at a time: not when they are revoked or expired by then, even if they
/// weren't when they signed; only with a self-signature, or for a subkey a binding, that holds; and only for keys that may sign.
/// </summary>
internal sealed class KeyJudge(KeyMaterial material, DateTimeOffset now)
{
    // RFC 9580, 5.2.3.29.
    private const int MaySign = 0x02;

    private const int ShortestKey = 1024;

    private readonly PgpPublicKey _primary = material.Primary.Key!;
    private readonly SelfSignatures _own = new(material.Primary.Key!, now);

    internal IEnumerable<SigningKey> Judge()
    {
        var owner = Hex.Of(_primary.GetFingerprint());
        var statements = _own.FindStatements(material);
        var ownFault = FindFault(statements);
        yield return Describe(_primary, owner, ownFault ?? FindUseFault(statements.Select(s => s.KeyFlags).FirstOrDefault(f => f is not null), _primary));
        foreach (var subkey in material.Subkeys)
        {
            yield return Describe(subkey.Key!, owner, ownFault is null ? FindSubkeyFault(subkey) : $"belongs to the key {owner}, which {ownFault}");
        }
    }

    // Of the primary key, and so of all that it stands for.
    private string? FindFault(IReadOnlyList<SignaturePart> statements) =>
        IsRevoked(material.Primary, PgpSignature.KeyRevocation, [.. statements.SelectMany(s => s.Revokers)]) ? "is revoked"
            : statements.Count == 0 ? "has no self-signature that holds"
            : FindTimeFault(_primary, statements.Select(s => s.KeyLifetime).FirstOrDefault(l => l is not null));

    private string? FindSubkeyFault(KeyComponent subkey)
    {
        if (IsRevoked(subkey, PgpSignature.SubkeyRevocation, []))
        {
            return "is revoked";
        }

        return _own.FindBinding(subkey) is not { } binding ? "is not bound to its primary key by a signature that holds"
            : FindTimeFault(subkey.Key!, binding.KeyLifetime)
                ?? FindUseFault(binding.KeyFlags, subkey.Key!)
                ?? (_own.IsBoundBack(binding, subkey.Key!) ? null : "has not itself signed that it belongs to its primary key");
    }

    // What others say counts when the key names them as its revokers; their keys needn't be at hand to believe the worse.
    private bool IsRevoked(KeyComponent part, int type, IReadOnlyList<string> revokers) => part.Signatures.Any(s =>
        s.Type == type && ((s.Fingerprint is { } by && revokers.Contains(by)) || _own.Holds(s, part)));

    private string? FindTimeFault(PgpPublicKey key, TimeSpan? lifetime)
    {
        var created = SignaturePart.Time(key.CreationTime);
        return created > now ? $"was made in the future, at {Text(created)}"
            : lifetime > TimeSpan.Zero && created + lifetime.Value <= now ? $"expired at {Text(created + lifetime.Value)}"
            : null;
    }

    // A key that doesn't say for what it is may do whatever its algorithm can.
    private static string? FindUseFault(int? flags, PgpPublicKey key) => flags is { } uses && (uses & MaySign) == 0 ? "is not for signing"
        : key.Algorithm is PublicKeyAlgorithmTag.RsaGeneral or PublicKeyAlgorithmTag.RsaSign or PublicKeyAlgorithmTag.Dsa && key.BitStrength < ShortestKey
            ? $"has only {key.BitStrength} bits"
            : null;

    private static SigningKey Describe(PgpPublicKey key, string owner, string? fault) => new(key, owner, SignaturePart.Time(key.CreationTime), fault);

    private static string Text(DateTimeOffset time) => FormattableString.Invariant($"{time:yyyy-MM-dd HH:mm} UTC");
}
