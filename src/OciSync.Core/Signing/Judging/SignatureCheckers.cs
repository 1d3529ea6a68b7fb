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
    private readonly ConcurrentDictionary<PolicyRequirement, Func<FoundSignature, DateTimeOffset, SignatureProof>> _sigstore = new();

    /// <summary>What a signature proves by the keys of a requirement; keys that can't be read prove nothing.</summary>
    internal SignatureProof Check(FoundSignature signature, PolicyRequirement requirement)
    {
        try
        {
            return requirement switch
            {
                PolicyRequirement.SignedBy by => OpenPgpVerifier.Check(signature.Content, keys.Read(by.Keys), time.GetUtcNow()),
                PolicyRequirement.SigstoreSigned by => _sigstore.GetOrAdd(by, _ => CreateSigstore(by))(signature, time.GetUtcNow()),
                _ => SignatureProof.Refused($"{requirement.Type} is satisfied by no signature"),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return SignatureProof.Refused($"a key can't be read: {e.Message.TrimEnd('.')}");
        }
    }

    private Func<FoundSignature, DateTimeOffset, SignatureProof> CreateSigstore(PolicyRequirement.SigstoreSigned by) => new SigstoreVerifier(new SigstoreTrust
    {
        Keys = by.Keys is null ? null : keys.Read(by.Keys),
        Fulcio = by.Fulcio is { } fulcio ? new FulcioAuthority(One(fulcio.Authority), fulcio.OidcIssuer, fulcio.SubjectEmail) : null,
        Pki = by.Pki is { } pki
            ? new PkiAuthority(One(pki.Roots), pki.Intermediates is { } between ? One(between) : null, pki.SubjectEmail, pki.SubjectHostname) : null,
        RekorKeys = by.Rekor is null ? null : keys.Read(by.Rekor),
    }).Check;

    private byte[] One(KeySource source) => keys.Read(source)[0];
}
