using OciSync.Core.Tar;

namespace OciSync.Core.Archives;

/// <summary>The media types of layers by how they are packed.</summary>
internal static class LayerTypes
{
    internal const string DockerTar = "application/vnd.docker.image.rootfs.diff.tar";
    internal const string DockerGzip = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    internal const string OciTar = "application/vnd.oci.image.layer.v1.tar";
    internal const string OciGzip = "application/vnd.oci.image.layer.v1.tar+gzip";
    internal const string OciZstd = "application/vnd.oci.image.layer.v1.tar+zstd";

    /// <summary>The type of a layer in an image of Docker's types, or of OCI's.</summary>
    internal static string Of(Packing packing, bool isOci) => (packing, isOci) switch
    {
        (Packing.None, false) => DockerTar,
        (Packing.Gzip, false) => DockerGzip,
        (Packing.None, true) => OciTar,
        (Packing.Gzip, true) => OciGzip,
        (Packing.Zstd, _) => OciZstd,
        _ => throw new ArgumentOutOfRangeException(nameof(packing)),
    };

    /// <summary>Why a layer can't be packed so; null when it can.</summary>
    internal static string? FindFault(Packing packing) => packing is Packing.Xz or Packing.Bzip2
        ? $"it is packed with {packing.ToString().ToLowerInvariant()}, which layers of images can't be; unpack it first"
        : null;
}
