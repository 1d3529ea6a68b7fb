namespace OciSync.Core.Conversion;

/// <summary>What becomes of layers.</summary>
public enum LayerCompression
{
    /// <summary>Every layer stays as it is.</summary>
    Keep,

    /// <summary>Layers are unpacked.</summary>
    None,

    /// <summary>Every layer is compressed with gzip.</summary>
    Gzip,

    /// <summary>Every layer is compressed with zstd, which OCI's format alone has.</summary>
    Zstd,
}
