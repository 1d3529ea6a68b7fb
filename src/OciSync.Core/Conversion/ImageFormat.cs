namespace OciSync.Core.Conversion;

/// <summary>The two families of manifests that images are written in.</summary>
public enum ImageFormat
{
    /// <summary>OCI image manifests and indexes (image-spec 1.1).</summary>
    Oci,

    /// <summary>Docker's schema 2 manifests and manifest lists.</summary>
    Docker,
}
