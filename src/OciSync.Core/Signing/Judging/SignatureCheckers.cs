using System.Collections.Concurrent;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.OpenPgp;
using OciSync.Core.Signing.Sigstore;

namespace OciSync.Core.Signing.Judging;

/// <summary>
/// Cryptography for requirements: brings each to its library with the keys that it names. Nothing of a library is loaded before the first
/// signature is checked; keys are read once.
/// </summary>
/// <param name="keys">The keys that requirements name.</param>
/// <param name="time">The clock, for what expires.</param>
internal sealed class SignatureCheckers(KeyFiles keys, TimeProvider time)
{
    private readonly ConcurrentDictionary<PolicyRequirement, object> _sigstore = new();

    /// <summary>What a signature proves by the keys of a requirement; keys that can't be read prove nothing.</summary>
    internal SignatureProof Check(FoundSignature signature, PolicyRequirement requirement)
    {
        try
        {
            return requirement switch
            {
                PolicyRequirement.SignedBy by => OpenPgpVerifier.Check(signature.Content, keys.Read(by.Keys), time.GetUtcNow()),
                PolicyRequirement.SigstoreSigned by => Sigstore(by).Check(signature, time.GetUtcNow()),
                _ => SignatureProof.Refused($"{requirement.Type} is satisfied by no signature"),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return SignatureProof.Refused(Unreadable(e));
        }
    }

    /// <summary>Why the keys of a requirement are none, as a sentence without its end; null where they are some, or none is asked for.</summary>
    internal string? FindKeyFault(PolicyRequirement requirement)
    {
        try
        {
            return requirement switch
            {
                PolicyRequirement.SignedBy by => KeyRing.Read(keys.Read(by.Keys)).Fault is { } fault
                    ? $"there is no public key in {by.Keys}, which refuses every image: {fault}" : null,
                PolicyRequirement.SigstoreSigned by => Sigstore(by).Fault is { } fault ? $"{fault}, which refuses every image" : null,
                _ => null,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable(e);
        }
    }

    private static string Unreadable(Exception fault) => $"a key can't be read: {fault.Message.TrimEnd('.')}";

    // An object, so that nobody who asks for OpenPGP alone loads what sigstore needs.
    private SigstoreVerifier Sigstore(PolicyRequirement.SigstoreSigned by) => (SigstoreVerifier)_sigstore.GetOrAdd(by, _ => CreateSigstore(by));

    private SigstoreVerifier CreateSigstore(PolicyRequirement.SigstoreSigned by) => new(new SigstoreTrust
    {
        Keys = by.Keys is null ? null : keys.Read(by.Keys),
        Fulcio = by.Fulcio is { } fulcio ? new FulcioAuthority(One(fulcio.Authority), fulcio.OidcIssuer, fulcio.SubjectEmail) : null,
        Pki = by.Pki is { } pki
            ? new PkiAuthority(One(pki.Roots), pki.Intermediates is { } between ? One(between) : null, pki.SubjectEmail, pki.SubjectHostname) : null,
        RekorKeys = by.Rekor is null ? null : keys.Read(by.Rekor),
    });

    private byte[] One(KeySource source) => keys.Read(source)[0];
}
