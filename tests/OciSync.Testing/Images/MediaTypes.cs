namespace OciSync.Testing.Images;

/// <summary>The media types that occur in images.</summary>
public static class MediaTypes
{
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string OciConfig = "application/vnd.oci.image.config.v1+json";
    public const string OciLayer = "application/vnd.oci.image.layer.v1.tar";
    public const string OciEmpty = "application/vnd.oci.empty.v1+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";
    public const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    public const string DockerSchema1 = "application/vnd.docker.distribution.manifest.v1+prettyjws";
    public const string CosignSignature = "application/vnd.dev.cosign.simplesigning.v1+json";
    public const string InToto = "application/vnd.in-toto+json";

    /// <summary>The five types a reader accepts.</summary>
    public static readonly IReadOnlyList<string> Manifests = [OciIndex, OciManifest, DockerList, DockerManifest, DockerSchema1];

    internal static bool IsIndex(string mediaType) => mediaType is OciIndex or DockerList;
}
