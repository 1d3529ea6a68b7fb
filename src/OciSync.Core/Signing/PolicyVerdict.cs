namespace OciSync.Core.Signing;

/// <summary>What a policy says of an image before any signature is looked at.</summary>
/// <param name="Decision">Accepted, rejected, or up to signatures.</param>
/// <param name="Reason">Why, as a sentence without its end.</param>
internal sealed record PolicyVerdict(PolicyDecision Decision, string Reason)
{
    private static readonly string[] OpenPgpPlaces = ["docker", "dir"];
    private static readonly string[] SigstorePlaces = ["docker", "dir", "oci", "oci-archive"];

    /// <summary>Judges by the requirements alone.</summary>
    /// <param name="subject">The image.</param>
    /// <param name="requirements">What it has to satisfy, all of it.</param>
    /// <param name="exists">Whether there is a file of this path, as the policy writes it.</param>
    /// <param name="findKeyFault">Why the keys of a requirement are none, or null; without it they are not looked into.</param>
    internal static PolicyVerdict Of(
        PolicySubject subject,
        IReadOnlyList<PolicyRequirement> requirements,
        Func<string, bool> exists,
        Func<PolicyRequirement, string?>? findKeyFault = null)
    {
        foreach (var requirement in requirements)
        {
            if ((FindRefusal(subject, requirement, exists) ?? findKeyFault?.Invoke(requirement)) is { } refusal)
            {
                return new PolicyVerdict(PolicyDecision.Reject, refusal);
            }
        }

        var wanted = requirements.Where(r => r is not PolicyRequirement.InsecureAcceptAnything).ToList();
        return wanted.Count == 0
            ? new PolicyVerdict(PolicyDecision.Accept, "insecureAcceptAnything asks for no signature")
            : new PolicyVerdict(
                PolicyDecision.NeedsSignature,
                wanted.Count == 1 ? $"a signature is needed: {wanted[0]}" : $"each of these needs a signature: {string.Join(", ", wanted)}");
    }

    // Why no signature whatever satisfies it, or null.
    private static string? FindRefusal(PolicySubject subject, PolicyRequirement requirement, Func<string, bool> exists) => requirement switch
    {
        PolicyRequirement.Reject => "reject refuses every image",
        PolicyRequirement.SignedBaseLayer => "signedBaseLayer is reserved, and refuses every image",
        PolicyRequirement.SignedBy { KeyType: not KeyTypes.Gpg } by => $"the keyType {by.KeyType} is reserved, and refuses every image",
        PolicyRequirement.SignedBy by =>
            FindKeyFault(by.Keys, exists) ?? FindPlaceFault(subject, OpenPgpPlaces, "OpenPGP") ?? FindIdentityFault(subject, by.Identity),
        PolicyRequirement.SigstoreSigned by => by.Sources.Select(s => FindKeyFault(s, exists)).FirstOrDefault(f => f is not null)
            ?? FindPlaceFault(subject, SigstorePlaces, "sigstore") ?? FindIdentityFault(subject, by.Identity),
        _ => null,
    };

    private static string? FindPlaceFault(PolicySubject subject, string[] places, string kind) => places.Contains(subject.Transport)
        ? null
        : $"no {kind} signature can lie beside an image of {subject.Transport}:, and one is needed";

    private static string? FindKeyFault(KeySource keys, Func<string, bool> exists) => keys.IsEmpty
        ? "keyPaths names no key, which refuses every image"
        : keys.Paths.FirstOrDefault(p => !exists(p)) is { } missing ? $"there is no key file '{missing}', which refuses every image" : null;

    private static string? FindIdentityFault(PolicySubject subject, SignedIdentity identity) => subject.Name is null && !identity.FitsNameless
        ? $"an image of {subject.Transport}: has no name that {identity.Type} could compare; signedIdentity has to be an exactReference or exactRepository"
        : null;
}
