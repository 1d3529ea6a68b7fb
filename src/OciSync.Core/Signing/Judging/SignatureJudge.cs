using OciSync.Core.References;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Text;

namespace OciSync.Core.Signing.Judging;

/// <summary>
/// Judges a manifest by the signatures that were found beside it (containers-policy.json(5), "POLICY REQUIREMENTS"): every requirement has to be
/// satisfied, each by a signature of its own choice; others beside that one do no harm.
/// </summary>
/// <param name="verify">What cryptography says of a signature, by the keys of a requirement.</param>
internal sealed class SignatureJudge(Func<FoundSignature, PolicyRequirement, SignatureProof> verify)
{
    /// <summary>Judges; requirements that refuse every image have been looked at before (<see cref="PolicyVerdict"/>).</summary>
    /// <param name="subject">The image as the policy sees it.</param>
    /// <param name="requirements">What it has to satisfy.</param>
    /// <param name="manifest">The digest of the manifest's bytes.</param>
    /// <param name="found">The signatures beside it.</param>
    internal TrustVerdict Judge(
        PolicySubject subject, IReadOnlyList<PolicyRequirement> requirements, Digest manifest, IReadOnlyList<FoundSignature> found)
    {
        var signers = new List<string>();
        PolicyRequirement? decided = null;
        foreach (var requirement in requirements.Where(r => r is not PolicyRequirement.InsecureAcceptAnything))
        {
            decided = requirement;
            var (signer, refusal) = requirement switch
            {
                PolicyRequirement.SignedBy by => Satisfy(by, by.Identity, SignatureKind.OpenPgp),
                PolicyRequirement.SigstoreSigned by => Satisfy(by, by.Identity, SignatureKind.Sigstore),
                _ => (null, new TrustVerdict(TrustStatus.Untrusted, $"{requirement.Type} refuses every image")),
            };
            if (refusal is not null)
            {
                return refusal with { Requirement = requirement };
            }

            signers.Add(signer!);
        }

        return decided is null
            ? new TrustVerdict(TrustStatus.Unknown, "the policy asks for no signature")
            : new TrustVerdict(TrustStatus.Trusted, "signed as the policy wants")
            {
                Signers = [.. signers.Distinct(StringComparer.Ordinal)],
                Requirement = decided,
            };

        (string? Signer, TrustVerdict? Refusal) Satisfy(PolicyRequirement requirement, SignedIdentity identity, SignatureKind kind) =>
            FindSigner(subject, requirement, identity, manifest, [.. found.Where(f => f.Kind == kind)]) is var (signer, refusals) && signer is not null
                ? (signer, null)
                : (null, refusals.Count == 0 ? new TrustVerdict(TrustStatus.Unsigned, Missing(kind, found)) : Refuse(refusals));
    }

    private (string? Signer, List<(string Reason, string? Remedy)> Refusals) FindSigner(
        PolicySubject subject, PolicyRequirement requirement, SignedIdentity identity, Digest manifest, IReadOnlyList<FoundSignature> candidates)
    {
        var refusals = new List<(string Reason, string? Remedy)>();
        foreach (var candidate in candidates)
        {
            var (signer, reason, remedy) = Look(candidate, requirement, subject, identity, manifest);
            if (reason is null)
            {
                return (signer, refusals);
            }

            refusals.Add((reason, remedy));
        }

        return (null, refusals);
    }

    private (string? Signer, string? Reason, string? Remedy) Look(
        FoundSignature signature, PolicyRequirement requirement, PolicySubject subject, SignedIdentity identity, Digest manifest)
    {
        var proof = verify(signature, requirement);
        if (proof.Payload is null)
        {
            return (null, proof.Refusal ?? "it proves nothing", null);
        }

        if (SignedPayload.Read(proof.Payload, signature.Kind, out var fault) is not { } payload)
        {
            return (null, fault, null);
        }

        var signed = DockerName.Parse(payload.DockerReference, out var wrong);
        var shown = Printable.Text(payload.DockerReference);
        if (signed is null)
        {
            return (null, $"it is for '{shown}', which is no name of an image: {wrong}", null);
        }

        // Only what is for this manifest is a reason to change a policy.
        return payload.Digest != manifest ? (null, $"it is for another manifest, {payload.Digest}", null)
            : IdentityRule.Accepts(identity, subject.Name, signed) ? (proof.Signer, null, null)
            : (null, $"it is for the name '{shown}', which {identity} does not accept", IdentityRemedy.Of(identity, subject.Name, signed));
    }

    private static string Missing(SignatureKind kind, IReadOnlyList<FoundSignature> found) =>
        $"a signature ({NameOf(kind)}) is required, and there is none"
        + (found.Count == 0 ? string.Empty : $"; what is there does not count: {Count(found.Count, NameOf(found[0].Kind))}");

    private static TrustVerdict Refuse(List<(string Reason, string? Remedy)> refusals) => new(
        TrustStatus.Untrusted,
        refusals.Count == 1
            ? $"its signature is not accepted: {refusals[0].Reason}"
            : $"none of its {refusals.Count} signatures is accepted: {string.Join("; ", refusals.Select(r => r.Reason).Distinct(StringComparer.Ordinal))}")
    {
        Remedy = refusals.Select(r => r.Remedy).FirstOrDefault(r => r is not null),
    };

    /// <summary>The format as users know it.</summary>
    internal static string NameOf(SignatureKind kind) => kind switch
    {
        SignatureKind.OpenPgp => "OpenPGP",
        SignatureKind.Bundle => "sigstore bundle",
        SignatureKind.Notary => "Notary",
        _ => "sigstore",
    };

    private static string Count(int count, string kind) => count == 1 ? $"1 {kind} signature" : $"{count} {kind} signatures";
}
