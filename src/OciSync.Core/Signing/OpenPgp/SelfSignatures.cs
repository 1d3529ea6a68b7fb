using Org.BouncyCastle.Bcpg.OpenPgp;

namespace OciSync.Core.Signing.OpenPgp;

/// <summary>What a primary key itself has signed of itself and its parts, and that holds at a time.</summary>
internal sealed class SelfSignatures(PgpPublicKey primary, DateTimeOffset now)
{
    private const byte KeyPrefix = 0x99;
    private const byte UserIdPrefix = 0xB4;
    private const byte UserAttributePrefix = 0xD1;

    private readonly byte[] _signedPrimary = Framed(primary);

    /// <summary>
    /// What the key says of itself, the word that counts first: the newest statement on the key alone, then the newest on a user id that it
    /// hasn't taken back. Of its own words those with SHA-1 count as well, as with gpg: many old keys have no others.
    /// </summary>
    internal IReadOnlyList<SignaturePart> FindStatements(KeyMaterial material)
    {
        var onKey = Newest(material.Primary, material.Primary.Signatures.Where(s => s.Type == PgpSignature.DirectKey));
        var onIds = material.UserIds.Select(FindCertification).OfType<SignaturePart>().OrderByDescending(s => s.Created).FirstOrDefault();
        return [.. new[] { onKey, onIds }.OfType<SignaturePart>()];
    }

    /// <summary>The newest signature that binds a subkey, or null. Nobody may take another's key for one: SHA-1 doesn't do here.</summary>
    internal SignaturePart? FindBinding(KeyComponent subkey) =>
        Newest(subkey, subkey.Signatures.Where(s => s.Type == PgpSignature.SubkeyBinding && s.HasStrongHash));

    /// <summary>Whether a subkey has signed, within its binding, that it belongs to the primary key (RFC 9580, 5.2.1.10).</summary>
    internal bool IsBoundBack(SignaturePart binding, PgpPublicKey subkey) => Library.FindEmbedded(binding.Signature).Any(s =>
        s.Type == PgpSignature.PrimaryKeyBinding && s.HasStrongHash && IsTimely(s, subkey)
        && Library.Verify(s.Signature, subkey, _signedPrimary, Framed(subkey)));

    /// <summary>Whether the primary key has made a signature over a part of it.</summary>
    internal bool Holds(SignaturePart signature, KeyComponent part) => signature.MayBeBy(primary) && part.Packet.Kind switch
    {
        PacketKind.PublicKey => Library.Verify(signature.Signature, primary, _signedPrimary),
        PacketKind.UserId => Library.Verify(signature.Signature, primary, _signedPrimary, Framed(UserIdPrefix, part.Packet.Body)),
        PacketKind.UserAttribute => Library.Verify(signature.Signature, primary, _signedPrimary, Framed(UserAttributePrefix, part.Packet.Body)),
        _ => Library.Verify(signature.Signature, primary, _signedPrimary, Framed(part.Key!)),
    };

    private SignaturePart? FindCertification(KeyComponent userId)
    {
        var newest = Newest(userId, userId.Signatures.Where(s => s.Signature.IsCertification()));
        var isTakenBack = newest is not null
            && userId.Signatures.Any(s => s.Type == PgpSignature.CertificationRevocation && s.Created >= newest.Created && Holds(s, userId));
        return isTakenBack ? null : newest;
    }

    private SignaturePart? Newest(KeyComponent part, IEnumerable<SignaturePart> signatures) => signatures
        .Where(s => !s.HasBrokenHash && !s.HasUnknownCritical && IsTimely(s, primary))
        .OrderByDescending(s => s.Created)
        .FirstOrDefault(s => Holds(s, part));

    private bool IsTimely(SignaturePart signature, PgpPublicKey key) =>
        signature.Created >= SignaturePart.Time(key.CreationTime) && !(signature.Expiry <= now);

    // RFC 9580, 5.2.4.
    private static byte[] Framed(PgpPublicKey key)
    {
        var body = key.PublicKeyPacket.GetEncodedContents();
        return [KeyPrefix, (byte)(body.Length >> 8), (byte)body.Length, .. body];
    }

    private static byte[] Framed(byte prefix, byte[] body) =>
        [prefix, (byte)(body.Length >> 24), (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];
}
