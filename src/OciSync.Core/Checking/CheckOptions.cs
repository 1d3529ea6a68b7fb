namespace OciSync.Core.Checking;

/// <summary>What is checked of images, and what may be missing.</summary>
public sealed record CheckOptions
{
    /// <summary>Blobs of registries are read and hashed too, and not only asked for. Folders are always read.</summary>
    public bool Full { get; init; }

    /// <summary>OCI layouts of images the other side has: what they have may be missing.</summary>
    public IReadOnlyList<string> Baseline { get; init; } = [];
}
