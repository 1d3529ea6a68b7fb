namespace OciSync.Core.Tar;

/// <summary>How a file is packed, told by its first bytes.</summary>
internal enum Packing
{
    None,
    Gzip,
    Zstd,
    Xz,
    Bzip2,
}
