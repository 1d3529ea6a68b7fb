using System.IO.Compression;
#if NET
using System.Reflection;
#endif

namespace OciSync.Core.Polyfills;

/// <summary>
/// Gzip files of several members (RFC 1952, 2.2), as some tools write layers: the .NET Framework's own stream stops after the first. And the levels of gzip,
/// 1 to 9: .NET 9 and later pack with zlib-ng and know them all; before, there were three, and the .NET Framework has two.
/// </summary>
internal static class GzipStreams
{
    /// <summary>
    /// The level where none was asked for: zlib-ng's third is half as fast again as its sixth and gives three percent more, which is no more than the other
    /// tools of the field give.
    /// </summary>
    internal const int UsualLevel = 3;

#if NET
    // Not in the .NET that this is compiled for, as it is newer.
    private static readonly Func<Stream, int, GZipStream>? Exact = FindExact();
#else
    private const int BufferSize = 64 * 1024;
#endif

    /// <summary>What is in a gzip file. On older platforms the file is read synchronously, whichever way this stream is.</summary>
    internal static Stream OpenRead(Stream stream, bool leaveOpen = false)
    {
#if NET
        return new GZipStream(stream, CompressionMode.Decompress, leaveOpen);
#else
        return new ICSharpCode.SharpZipLib.GZip.GZipInputStream(stream, BufferSize) { IsStreamOwner = !leaveOpen };
#endif
    }

    /// <summary>Packs all that is written to it into the target, which stays open.</summary>
    /// <param name="target">Takes the packed bytes.</param>
    /// <param name="level">1 to 9; null for the usual one.</param>
    internal static GZipStream OpenWrite(Stream target, int? level)
    {
#if NET
        if (Exact is not null)
        {
            return Exact(target, level ?? UsualLevel);
        }
#endif
        return new GZipStream(target, Of(level), leaveOpen: true);
    }

    /// <summary>The same, with all bytes as they are: stored blocks (RFC 1951, 3.2.4).</summary>
    internal static GZipStream OpenStore(Stream target) => new(target, CompressionLevel.NoCompression, leaveOpen: true);

    private static CompressionLevel Of(int? level) => level switch
    {
        <= 3 => CompressionLevel.Fastest,
#if NET
        9 => CompressionLevel.SmallestSize,
#endif
        _ => CompressionLevel.Optimal,
    };

#if NET
    private static Func<Stream, int, GZipStream>? FindExact()
    {
        var options = typeof(GZipStream).Assembly.GetType("System.IO.Compression.ZLibCompressionOptions");
        var level = options?.GetProperty("CompressionLevel");
        var create = options is null ? null : typeof(GZipStream).GetConstructor([typeof(Stream), options, typeof(bool)]);
        if (level is null || create is null)
        {
            return null;
        }

        return (target, wanted) =>
        {
            var values = Activator.CreateInstance(options!)!;
            level.SetValue(values, wanted);
            return (GZipStream)create.Invoke(BindingFlags.DoNotWrapExceptions, null, [target, values, true], null);
        };
    }
#endif
}
