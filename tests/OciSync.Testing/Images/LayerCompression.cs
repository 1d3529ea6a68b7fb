namespace OciSync.Testing.Images;

/// <summary>How a layer is packed.</summary>
public enum LayerCompression
{
    Gzip,
    Zstd,
    None,
}
