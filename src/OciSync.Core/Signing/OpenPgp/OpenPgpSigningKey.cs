using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;

namespace OciSync.Core.Signing.OpenPgp;

/// <summary>
/// A secret key that signs, out of a file and without gpg: the primary key where it may sign, as skopeo before 1.22 knows no other; else the newest
/// subkey that may.
/// </summary>
internal sealed class OpenPgpSigningKey
{
    // What a passphrase may cost, in KiB of memory as a power of two, and passes over it: more is no key but an attack.
    private const int MostArgonMemory = 20;
    private const int MostArgonPasses = 16;

    private readonly SigningKey _key;
    private readonly PgpPrivateKey _secret;

    private OpenPgpSigningKey(SigningKey key, PgpPrivateKey secret)
    {
        _key = key;
        _secret = secret;
    }

    /// <summary>The fingerprint of the primary key.</summary>
    internal string Fingerprint => _key.Owner;

    /// <summary>It is a subkey that signs: skopeo before 1.22 refuses that.</summary>
    internal bool IsSubkey => !_key.Key.IsMasterKey;

    /// <summary>Reads a key and unlocks it.</summary>
    /// <param name="file">The file, armoured or binary.</param>
    /// <param name="passphrase">Its passphrase, or null.</param>
    /// <param name="now">The time: an expired key signs nothing.</param>
    /// <exception cref="SigningKeyException">It can't sign, or isn't unlocked by the passphrase.</exception>
    internal static OpenPgpSigningKey Open(byte[] file, string? passphrase, DateTimeOffset now)
    {
        var secrets = SecretKeyFile.Read(file);
        var keys = new KeyJudge(secrets.Material, now).Judge().ToList();
        var chosen = keys.Where(k => k.Fault is null && secrets.Find(k.Key) is not null)
            .OrderByDescending(k => k.Key.IsMasterKey).ThenByDescending(k => k.Created).FirstOrDefault()
            ?? throw new SigningKeyException(
                SigningKeyFault.Unusable,
                "no key in the file can sign: "
                + string.Join("; ", keys.Select(k => $"{Hex.Of(k.Key.GetFingerprint())} {k.Fault ?? "is not in it as a secret key"}")));
        return new OpenPgpSigningKey(chosen, Unlock(secrets.Find(chosen.Key)!, passphrase));
    }

    /// <summary>Signs: a message as skopeo writes it, packed, with the content and one signature.</summary>
    /// <param name="content">What is signed.</param>
    /// <param name="now">The time of the signature.</param>
    /// <exception cref="SigningKeyException">The key computes something that isn't its signature.</exception>
    internal byte[] Sign(byte[] content, DateTimeOffset now)
    {
        var message = Library.Sign(content, _secret, _key.Key, HashFor(_key.Key), now.UtcDateTime);
        return OpenPgpVerifier.FindFault(message, content, _key, now) is { } fault
            ? throw new SigningKeyException(SigningKeyFault.Unusable, $"what the key made is no good signature: {fault}")
            : message;
    }

    /// <summary>What a message says that this key has signed; null where it is none of its.</summary>
    internal byte[]? FindSigned(byte[] message, DateTimeOffset now) =>
        OpenPgpVerifier.Describe(message).Payload is { } content && OpenPgpVerifier.FindFault(message, content, _key, now) is null ? content : null;

    private static PgpPrivateKey Unlock(PgpSecretKey secret, string? passphrase)
    {
        var isLocked = secret.KeyEncryptionAlgorithm != SymmetricKeyAlgorithmTag.Null;
        if (isLocked && passphrase is null)
        {
            throw new SigningKeyException(SigningKeyFault.PassphraseMissing, "the key is protected by a passphrase, and none was given");
        }

        if (secret.S2k is { Type: S2k.Argon2 } way && (way.Argon2Config.MemorySizeExponent > MostArgonMemory || way.Argon2Config.Passes > MostArgonPasses))
        {
            throw new SigningKeyException(
                SigningKeyFault.Unusable, "to try its passphrase would take more than 1 GiB of memory, or more than 16 passes over it");
        }

        return Library.Unlock(secret, passphrase ?? string.Empty) ?? throw (isLocked
            ? new SigningKeyException(SigningKeyFault.PassphraseWrong, "the passphrase is not the one of the key")
            : new SigningKeyException(SigningKeyFault.Unusable, "the secret key in the file is damaged, or of a kind that is not known"));
    }

    // As gpg chooses.
    private static HashAlgorithmTag HashFor(PgpPublicKey key) => key.Algorithm switch
    {
        PublicKeyAlgorithmTag.ECDsa when key.BitStrength > 384 => HashAlgorithmTag.Sha512,
        PublicKeyAlgorithmTag.ECDsa when key.BitStrength > 256 => HashAlgorithmTag.Sha384,
        PublicKeyAlgorithmTag.RsaGeneral or PublicKeyAlgorithmTag.RsaSign or PublicKeyAlgorithmTag.Ed448 => HashAlgorithmTag.Sha512,
        _ => HashAlgorithmTag.Sha256,
    };
}
