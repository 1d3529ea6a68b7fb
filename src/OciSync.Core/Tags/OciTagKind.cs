namespace OciSync.Core.Tags;

/// <summary>What a tag points to, as far as its name tells.</summary>
internal enum OciTagKind
{
    /// <summary>An image or artifact.</summary>
    Image,

    /// <summary>A signature, attestation or SBOM of another image (sha256-….sig, .att, .sbom).</summary>
    Signature,

    /// <summary>The referrers of another image (sha256-…).</summary>
    Digest,
}
