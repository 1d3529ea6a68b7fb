namespace OciSync.Core.References;

/// <summary>Kinds of places where images live.</summary>
public enum ImageTransport
{
    /// <summary>A registry.</summary>
    Docker,

    /// <summary>An OCI image layout: a folder of many images that share their blobs (image-spec 1.1, "OCI Image Layout").</summary>
    Oci,

    /// <summary>skopeo's folder of one image.</summary>
    Dir,
}
