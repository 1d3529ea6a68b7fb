namespace OciSync.Core.Signing.Enforcing;

/// <summary>On what the trust in an image rests that was let in because it is signed.</summary>
/// <param name="Basis">What was signed: <c>image</c>, <c>platforms</c> (each by itself) or <c>index</c> (that as well, and so their set).</param>
/// <param name="Signers">Who signed: fingerprints of keys, subjects of certificates.</param>
/// <param name="Note">What of it nobody has signed, or null.</param>
internal sealed record TrustOutcome(string Basis, IReadOnlyList<string> Signers, string? Note)
{
    internal const string Image = "image";
    internal const string Platforms = "platforms";
    internal const string Index = "index";
}
