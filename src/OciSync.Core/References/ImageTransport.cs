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

    /// <summary>An OCI image layout in a tar file.</summary>
    OciArchive,

    /// <summary>The tar file of <c>docker save</c>: one image or several, each for one platform.</summary>
    DockerArchive,

    /// <summary>The images of a Docker engine.</summary>
    DockerDaemon,

    /// <summary>Tar files that become the layers of an image; only read.</summary>
    Tarball,
}
