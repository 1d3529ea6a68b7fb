namespace OciSync.PowerShell.Output;

/// <summary>The digest of an image or of a manifest file.</summary>
public sealed class OciDigest
{
    internal OciDigest(string? reference, string? path, string digest)
    {
        Reference = reference;
        Path = path;
        Digest = digest;
    }

    /// <summary>The image, or null for a file.</summary>
    public string? Reference { get; }

    /// <summary>The digest.</summary>
    public string Digest { get; }

    /// <summary>The file, or null for an image.</summary>
    public string? Path { get; }

    /// <inheritdoc/>
    public override string ToString() => Digest;
}
