namespace OciSync.Core.Conversion;

/// <summary>What the media type of a layer says (image-spec 1.1, "Image Layer Filesystem Changeset"; Docker's schema 2).</summary>
internal sealed record LayerType(ImageFormat Format, bool IsForeign, LayerEncoding Encoding)
{
    private const string Oci = "application/vnd.oci.image.layer.v1.tar";
    private const string OciForeign = "application/vnd.oci.image.layer.nondistributable.v1.tar";
    private const string Docker = "application/vnd.docker.image.rootfs.diff.tar";
    private const string DockerForeign = "application/vnd.docker.image.rootfs.foreign.diff.tar";

    /// <summary>The layer type of that name, or null: it is the content of an artifact, encrypted, or unknown.</summary>
    internal static LayerType? Find(string mediaType)
    {
        foreach (var (prefix, format, foreign, mark) in new[]
        {
            (Oci, ImageFormat.Oci, false, '+'), (OciForeign, ImageFormat.Oci, true, '+'),
            (Docker, ImageFormat.Docker, false, '.'), (DockerForeign, ImageFormat.Docker, true, '.'),
        })
        {
            if (mediaType == prefix)
            {
                return new LayerType(format, foreign, LayerEncoding.None);
            }

            if (mediaType == prefix + mark + "gzip")
            {
                return new LayerType(format, foreign, LayerEncoding.Gzip);
            }

            if (mediaType == prefix + mark + "zstd")
            {
                return new LayerType(format, foreign, LayerEncoding.Zstd);
            }
        }

        return null;
    }

    /// <summary>The media type.</summary>
    public override string ToString() =>
        (Format, IsForeign) switch
        {
            (ImageFormat.Oci, false) => Oci,
            (ImageFormat.Oci, true) => OciForeign,
            (_, false) => Docker,
            _ => DockerForeign,
        }
        + (Encoding == LayerEncoding.None ? string.Empty : (Format == ImageFormat.Oci ? "+" : ".") + Encoding.ToString().ToLowerInvariant());
}
