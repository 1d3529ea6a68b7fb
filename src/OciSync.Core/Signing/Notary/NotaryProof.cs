namespace OciSync.Core.Signing.Notary;

/// <summary>What a signature of the Notary Project proves, or why it proves nothing.</summary>
/// <param name="Signer">The subject of the certificate; null where nothing is proven.</param>
/// <param name="Warnings">What is wrong and doesn't matter to the level, as sentences without their end.</param>
/// <param name="Refusal">Why it proves nothing; null where it does.</param>
/// <param name="IsUnsupported">It isn't known whether it holds: it has a step that can't be checked here, which <paramref name="Refusal"/> names.</param>
internal sealed record NotaryProof(string? Signer, IReadOnlyList<string> Warnings, string? Refusal, bool IsUnsupported);
