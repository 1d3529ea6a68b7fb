using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;

namespace OciSync.Core.Signing.OpenPgp;

/// <summary>
/// A signature packet of version 4 (RFC 9580, 5.2.3). What decides is read of its signed part alone; of the rest only who may have made it.
/// </summary>
internal sealed class SignaturePart
{
    /// <summary>The version of keys and signatures that is read (RFC 9580 calls it 4, and RFC 4880 knows no newer one).</summary>
    internal const int Version = 4;

    private static readonly HashSet<SignatureSubpacketTag> Known =
    [
        SignatureSubpacketTag.CreationTime, SignatureSubpacketTag.ExpireTime, SignatureSubpacketTag.Exportable, SignatureSubpacketTag.TrustSig,
        SignatureSubpacketTag.RegExp, SignatureSubpacketTag.Revocable, SignatureSubpacketTag.KeyExpireTime,
        SignatureSubpacketTag.PreferredSymmetricAlgorithms, SignatureSubpacketTag.RevocationKey, SignatureSubpacketTag.IssuerKeyId,
        SignatureSubpacketTag.PreferredHashAlgorithms, SignatureSubpacketTag.PreferredCompressionAlgorithms, SignatureSubpacketTag.KeyServerPreferences,
        SignatureSubpacketTag.PreferredKeyServer, SignatureSubpacketTag.PrimaryUserId, SignatureSubpacketTag.PolicyUrl, SignatureSubpacketTag.KeyFlags,
        SignatureSubpacketTag.SignerUserId, SignatureSubpacketTag.RevocationReason, SignatureSubpacketTag.Features, SignatureSubpacketTag.SignatureTarget,
        SignatureSubpacketTag.EmbeddedSignature, SignatureSubpacketTag.IssuerFingerprint, SignatureSubpacketTag.PreferredAeadAlgorithms,
    ];

    // All is read here, where a failure of the library is caught.
    private SignaturePart(PgpSignature signature, PgpSignatureSubpacketVector signed)
    {
        Signature = signature;
        Created = Time(signed.GetSignatureCreationTime());
        Expiry = signed.HasSignatureExpirationTime() && signed.GetSignatureExpirationTime() is > 0 and var seconds ? Created.AddSeconds(seconds) : null;
        KeyFlags = signed.HasSubpacket(SignatureSubpacketTag.KeyFlags) ? signed.GetKeyFlags() : null;
        KeyLifetime = signed.HasKeyExpirationTime() ? TimeSpan.FromSeconds(signed.GetKeyExpirationTime()) : null;
        Revokers = [.. signed.GetRevocationKeys().Select(r => Hex.Of(r.GetFingerprint()))];
        HasUnknownCritical = signed.ToArray().Any(p => p.IsCritical() && !Known.Contains(p.SubpacketType));
        var issuer = signed.GetIssuerFingerprint() ?? signature.GetUnhashedSubPackets()?.GetIssuerFingerprint();
        Fingerprint = issuer is { KeyVersion: Version } ? Hex.Of(issuer.GetFingerprint()) : null;
    }

    /// <summary>The signature as the library computes with it.</summary>
    internal PgpSignature Signature { get; }

    /// <summary>What kind of statement it is (RFC 9580, 5.2.1).</summary>
    internal int Type => Signature.SignatureType;

    /// <summary>When it was made, as its maker says.</summary>
    internal DateTimeOffset Created { get; }

    /// <summary>The fingerprint of the key that is said to have made it, or null.</summary>
    internal string? Fingerprint { get; }

    /// <summary>The number of the key that is said to have made it; 0 when it isn't said.</summary>
    internal long KeyId => Signature.KeyId;

    /// <summary>The same as users see it: the fingerprint, or the number.</summary>
    internal string Issuer => Fingerprint ?? Hex.Of(KeyId);

    /// <summary>MD5 and RIPEMD-160, which prove nothing any more, and what is not known.</summary>
    internal bool HasBrokenHash => !HasStrongHash && Signature.HashAlgorithm != HashAlgorithmTag.Sha1;

    /// <summary>SHA-2 and SHA-3.</summary>
    internal bool HasStrongHash => Signature.HashAlgorithm is HashAlgorithmTag.Sha224 or HashAlgorithmTag.Sha256 or HashAlgorithmTag.Sha384
        or HashAlgorithmTag.Sha512 or HashAlgorithmTag.Sha3_256 or HashAlgorithmTag.Sha3_512;

    /// <summary>It says something that has to be understood and isn't (RFC 9580, 5.2.3.7).</summary>
    internal bool HasUnknownCritical { get; }

    /// <summary>Which uses of a key it allows (RFC 9580, 5.2.3.29), or null when it doesn't say.</summary>
    internal int? KeyFlags { get; }

    /// <summary>How long the key is valid after it was made: null when it isn't said, zero for ever.</summary>
    internal TimeSpan? KeyLifetime { get; }

    /// <summary>Keys that may revoke the one that it is of, as their fingerprints.</summary>
    internal IReadOnlyList<string> Revokers { get; }

    /// <summary>When the signature ends, or null for never.</summary>
    internal DateTimeOffset? Expiry { get; }

    /// <summary>Whether it may be by this key, as far as it says.</summary>
    internal bool MayBeBy(PgpPublicKey key) => Fingerprint is not null ? Fingerprint == Hex.Of(key.GetFingerprint()) : KeyId == 0 || KeyId == key.KeyId;

    /// <summary>Null when it is of another version, or doesn't say when it was made.</summary>
    internal static SignaturePart? Of(PgpSignature signature) =>
        signature.Version == Version && signature.GetHashedSubPackets() is { } signed && signed.HasSignatureCreationTime()
            ? new SignaturePart(signature, signed)
            : null;

    /// <summary>The library's times are UTC without saying so.</summary>
    internal static DateTimeOffset Time(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
