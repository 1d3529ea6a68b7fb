using System.IO.Compression;

namespace OciSync.Core.Polyfills;

/// <summary>The levels of gzip, 1 to 9, as far as the platform knows them.</summary>
internal static class GzipLevels
{
    internal static CompressionLevel Of(int? level) => level switch
    {
        <= 3 => CompressionLevel.Fastest,
#if NET
        9 => CompressionLevel.SmallestSize,
#endif
        _ => CompressionLevel.Optimal,
    };
}
