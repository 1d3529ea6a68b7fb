using OciSync.Core.References;

namespace OciSync.Core.Manifests;

/// <summary>A content descriptor (image-spec 1.1, "OCI Content Descriptors").</summary>
internal sealed record Descriptor(string MediaType, Digest Digest, long Size)
{
    /// <summary>The platform that an index says of this entry, or null (OCI image-spec, image index).</summary>
    internal Platform? Platform { get; init; }

    /// <summary>The kind of artifact that a list of referrers says of this entry, or null.</summary>
    internal string? ArtifactType { get; init; }

    internal IReadOnlyDictionary<string, string> Annotations { get; init; } = NoAnnotations;

    /// <summary>Addresses from which the bytes can be had too (<c>urls</c>, OCI image-spec, descriptor).</summary>
    internal IReadOnlyList<string> Urls { get; init; } = [];

    internal bool HasUrls => Urls.Count > 0;

    /// <summary>BuildKit's attestation: an entry that runs nowhere and speaks of another one.</summary>
    internal bool IsAttestation =>
        Annotations.TryGetValue("vnd.docker.reference.type", out var type) && type == "attestation-manifest";

    internal bool IsForeign => HasUrls && MediaTypes.IsForeign(MediaType);

    internal static readonly IReadOnlyDictionary<string, string> NoAnnotations = new Dictionary<string, string>();
}
