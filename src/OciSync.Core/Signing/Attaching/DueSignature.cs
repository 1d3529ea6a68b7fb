using OciSync.Core.Signing.Signers;

namespace OciSync.Core.Signing.Attaching;

/// <summary>A signature that a manifest should have.</summary>
/// <param name="Signer">Whose.</param>
/// <param name="Identity">For which name; null for a bundle, which says none.</param>
/// <param name="IsThere">It has it.</param>
internal sealed record DueSignature(OciSigner Signer, string? Identity, bool IsThere);
