namespace OciSync.Core.Manifests;

/// <summary>The media types of manifests and what they are.</summary>
internal static class MediaTypes
{
    internal const string OciIndex = "application/vnd.oci.image.index.v1+json";
    internal const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    internal const string OciArtifact = "application/vnd.oci.artifact.manifest.v1+json";
    internal const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
    internal const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    internal const string SchemaOne = "application/vnd.docker.distribution.manifest.v1+json";
    internal const string SignedSchemaOne = "application/vnd.docker.distribution.manifest.v1+prettyjws";
    internal const string OciConfig = "application/vnd.oci.image.config.v1+json";
    internal const string DockerConfig = "application/vnd.docker.container.image.v1+json";

    /// <summary>What every manifest request accepts.</summary>
    internal static readonly string AcceptManifests = string.Join(
        ", ", OciIndex, OciManifest, DockerList, DockerManifest, OciArtifact, SignedSchemaOne, SchemaOne);

    internal static bool IsIndex(string mediaType) => mediaType is OciIndex or DockerList;

    internal static bool IsManifest(string mediaType) => mediaType is OciManifest or DockerManifest or OciArtifact;

    internal static bool IsImageConfig(string mediaType) => mediaType is OciConfig or DockerConfig;

    /// <summary>Docker's manifests before 2016: read and never written.</summary>
    internal static bool IsSchema1(string? mediaType) => mediaType is SchemaOne or SignedSchemaOne;

    /// <summary>Layers whose bytes registries don't hold (Windows base layers): named by <c>urls</c>.</summary>
    internal static bool IsForeign(string mediaType) =>
        mediaType.StartsWith("application/vnd.oci.image.layer.nondistributable.", StringComparison.Ordinal)
        || mediaType is "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip" or "application/vnd.docker.image.rootfs.foreign.diff.tar";
}
