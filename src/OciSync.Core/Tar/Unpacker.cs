using OciSync.Core.Errors;
using OciSync.Core.Polyfills;
using ZstdSharp;

namespace OciSync.Core.Tar;

/// <summary>Opens packed streams. Nothing is unpacked as a whole; what grows beyond all measure is refused.</summary>
internal static class Unpacker
{
    /// <summary>So many bytes tell how a file is packed.</summary>
    internal const int ProbeSize = 10;

    // What a small file may become, and how much it may grow beyond that: gzip's best is 1032 times.
    private const long SmallSize = 1024L * 1024 * 1024;
    private const long Growth = 200;

    internal static Packing Detect(byte[] start, int count) => start switch
    {
        [0x1f, 0x8b, ..] when count >= 2 => Packing.Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] when count >= 4 => Packing.Zstd,
        [>= 0x50 and <= 0x5f, 0x2a, 0x4d, 0x18, ..] when count >= 4 => Packing.Zstd,
        [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] when count >= 6 => Packing.Xz,

        // The name of a file may begin with "BZh9"; behind that stands the magic of a block, or of the end.
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..] when count >= 10 => Packing.Bzip2,
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..] when count >= 10 => Packing.Bzip2,
        _ => Packing.None,
    };

    /// <summary>The unpacked bytes of a stream; it is disposed of with them.</summary>
    internal static Stream Open(Stream stream, Packing packing) => packing switch
    {
        Packing.Gzip => GzipStreams.OpenRead(stream),
        Packing.Zstd => new DecompressionStream(stream, leaveOpen: false),
        Packing.Xz => new XzFileStream(stream),
        Packing.Bzip2 => new Bzip2FileStream(stream),
        _ => stream,
    };

    /// <summary>How many bytes may come out of a packed size.</summary>
    internal static long LimitOf(long packed) => packed > (long.MaxValue - SmallSize) / Growth ? long.MaxValue : SmallSize + (packed * Growth);

    /// <summary>Whether a failure means that the packed bytes are damaged.</summary>
    internal static bool IsDamage(Exception e) =>
        e is InvalidDataException or ZstdException or EndOfStreamException or SharpCompress.Common.SharpCompressException
            or ICSharpCode.SharpZipLib.SharpZipBaseException or IndexOutOfRangeException or OverflowException;

    internal static OciException TooLarge(string name, long limit) => new(
        OciErrorKind.ArchiveInvalid, $"{name} can't be used: it becomes more than {limit} bytes when it is unpacked, which no honest one does.");
}
