namespace OciSync.Core.Shelves;

/// <summary>What holds images.</summary>
internal enum ShelfKind
{
    /// <summary>An OCI layout.</summary>
    Layout,

    /// <summary>skopeo's folder of one image.</summary>
    Dir,

    /// <summary>A tar file, OCI's or Docker's.</summary>
    Archive,
}
