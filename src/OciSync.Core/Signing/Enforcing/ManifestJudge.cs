using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Signing.Stores;

namespace OciSync.Core.Signing.Enforcing;

/// <summary>Judges the manifests of one image: reads what signatures they have, no more than the requirements can use.</summary>
/// <param name="image">The image, as the user named it.</param>
/// <param name="subject">The same as the policy sees it.</param>
/// <param name="requirements">What it has to satisfy.</param>
/// <param name="stores">Where signatures lie.</param>
/// <param name="judge">Who judges what is found.</param>
internal sealed class ManifestJudge(
    ImageLocation image, PolicySubject subject, IReadOnlyList<PolicyRequirement> requirements, SignatureStores stores, SignatureJudge judge)
{
    // The one kind that can be of use, or null for both.
    private readonly SignatureKind? _only = requirements.Any(r => r is PolicyRequirement.SignedBy)
        ? requirements.Any(r => r is PolicyRequirement.SigstoreSigned) ? null : SignatureKind.OpenPgp
        : SignatureKind.Sigstore;

    /// <summary>Reads and judges.</summary>
    /// <exception cref="Errors.OciException">It isn't known what signatures there are.</exception>
    internal async Task<JudgedManifest> JudgeAsync(Digest manifest, WorkScope work)
    {
        var found = await stores.ReadAsync(image, manifest, work, _only).ConfigureAwait(false);
        var verdict = judge.Judge(subject, requirements, manifest, found.Signatures);
        return new JudgedManifest(manifest, verdict.Status == TrustStatus.Unsigned ? Explain(verdict, found.Notes) : verdict, found.Signatures)
        {
            IsComplete = _only != SignatureKind.OpenPgp,
        };
    }

    // Why there may be none that we have seen.
    private static TrustVerdict Explain(TrustVerdict verdict, IReadOnlyList<string> notes) =>
        notes.Count == 0 ? verdict : verdict with { Reason = $"{verdict.Reason}; {string.Join("; ", notes)}" };
}
