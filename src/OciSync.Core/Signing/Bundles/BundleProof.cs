namespace OciSync.Core.Signing.Bundles;

/// <summary>What a bundle proves of an image, or why it proves nothing.</summary>
/// <param name="Signer">The key, or the name in the certificate with its issuer; null where nothing is proven.</param>
/// <param name="SignedAt">When a log or a timestamp authority saw the signature; null where neither was asked.</param>
/// <param name="Refusal">Why it proves nothing, as a sentence without its end; null where it does.</param>
/// <param name="IsUnsupported">It isn't known whether it holds: it has a step that can't be checked here, which <paramref name="Refusal"/> names.</param>
internal sealed record BundleProof(string? Signer, DateTimeOffset? SignedAt, string? Refusal, bool IsUnsupported)
{
    /// <summary>A signature that holds.</summary>
    internal static BundleProof By(string signer, DateTimeOffset? signedAt) => new(signer, signedAt, null, false);

    /// <summary>A signature that proves nothing.</summary>
    internal static BundleProof Refused(string reason) => new(null, null, reason, false);

    /// <summary>A signature that can't be judged.</summary>
    internal static BundleProof Unsupported(string reason) => new(null, null, reason, true);
}
