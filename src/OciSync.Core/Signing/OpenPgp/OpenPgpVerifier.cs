using OciSync.Core.Signing.Formats;
using Org.BouncyCastle.Bcpg.OpenPgp;

namespace OciSync.Core.Signing.OpenPgp;

/// <summary>
/// Checks OpenPGP messages of simple signing against public keys, as gpg does for skopeo, and stricter: SHA-1 proves nothing, a message is alone in
/// its file, a subkey is bound both ways.
/// </summary>
internal static class OpenPgpVerifier
{
    /// <summary>Checks a message.</summary>
    /// <param name="message">The signature as it lies beside the image.</param>
    /// <param name="keyFiles">The files of the keys that are trusted.</param>
    /// <param name="now">The time; keys and signatures that have expired by then prove nothing.</param>
    /// <returns>The payload, and the fingerprint of the primary key; or why it proves nothing.</returns>
    internal static SignatureProof Check(byte[] message, IReadOnlyList<byte[]> keyFiles, DateTimeOffset now)
    {
        var ring = KeyRing.Read(keyFiles);
        if (ring.Fault is { } fault)
        {
            return SignatureProof.Refused(keyFiles.Count == 0 ? "no key is trusted" : $"no key is trusted: of the key file, {fault}");
        }

        try
        {
            var read = SignedMessage.Read(message);
            return read.Signature is { } signature
                ? Check(read.Content, signature, [.. ring.KeysAt(now)], now)
                : SignatureProof.Refused("the signature is of a version or form that is not known");
        }
        catch (FormatException e)
        {
            return SignatureProof.Refused($"it is no OpenPGP message with one signature: {e.Message}");
        }
    }

    /// <summary>Reads what a message says of itself. No key is needed, and nothing is proven.</summary>
    internal static OpenPgpDescription Describe(byte[] message)
    {
        try
        {
            var read = SignedMessage.Read(message);
            return read.Signature is { } signature
                ? new OpenPgpDescription(
                    signature.KeyId == 0 ? null : Hex.Of(signature.KeyId), signature.Fingerprint, signature.Created, read.Content, null)
                : new OpenPgpDescription(null, null, null, read.Content, "the signature is of a version or form that is not known");
        }
        catch (FormatException e)
        {
            return new OpenPgpDescription(null, null, null, null, e.Message);
        }
    }

    /// <summary>Why a message isn't one with this content that this key has signed; null when it is.</summary>
    internal static string? FindFault(byte[] message, byte[] content, SigningKey key, DateTimeOffset now) =>
        FindFault(message, content, s => Check(content, s, [key], now).Refusal);

    /// <summary>Why a message isn't one with this content and a signature of a form that can prove something; null when it is.</summary>
    internal static string? FindFormFault(byte[] message, byte[] content) => FindFault(message, content, s => FindFault(s, DateTimeOffset.MinValue));

    private static string? FindFault(byte[] message, byte[] content, Func<SignaturePart, string?> judge)
    {
        try
        {
            var read = SignedMessage.Read(message);
            return !read.Content.SequenceEqual(content) ? "its content is another one"
                : read.Signature is null ? "the signature is of a version or form that is not known"
                : judge(read.Signature);
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    private static SignatureProof Check(byte[] content, SignaturePart signature, List<SigningKey> keys, DateTimeOffset now)
    {
        var candidates = keys.FindAll(k => signature.MayBeBy(k.Key));
        var refusal = FindFault(signature, now)
            ?? (candidates.Count == 0 ? $"it is signed by the key {signature.Issuer}, which is none of those that are trusted" : null);
        if (refusal is not null)
        {
            return SignatureProof.Refused(refusal);
        }

        foreach (var key in candidates)
        {
            var fault = key.Fault ?? (signature.Created < key.Created ? "was made after what it is said to have signed" : null);
            if (fault is null && Library.Verify(signature.Signature, key.Key, content))
            {
                return SignatureProof.By(key.Owner, content);
            }

            refusal ??= fault is null
                ? $"the signature of the key {signature.Issuer} does not fit what is said to be signed"
                : $"the key {signature.Issuer} {fault}";
        }

        return SignatureProof.Refused(refusal!);
    }

    private static string? FindFault(SignaturePart signature, DateTimeOffset now) =>
        signature.Type is not (PgpSignature.BinaryDocument or PgpSignature.CanonicalTextDocument)
            ? $"the signature is of the type 0x{signature.Type:x2}, which signs no content"
            : !signature.HasStrongHash ? $"the signature uses the hash {signature.Signature.HashAlgorithm}, which proves nothing any more"
            : signature.HasUnknownCritical ? "the signature has a condition that is not understood"
            : signature.Expiry is { } expiry && expiry <= now ? $"the signature expired at {FormattableString.Invariant($"{expiry:yyyy-MM-dd HH:mm}")} UTC"
            : null;
}
