namespace OciSync.Core.Conversion;

/// <summary>How the bytes of a layer are packed.</summary>
internal enum LayerEncoding
{
    /// <summary>A tar.</summary>
    None,
    Gzip,
    Zstd,
}
