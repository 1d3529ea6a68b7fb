using System.IO.Compression;

namespace OciSync.Core.Polyfills;

/// <summary>
/// Gzip files of several members (RFC 1952, 2.2), as some tools write layers: the .NET Framework's own stream stops after the first.
/// </summary>
internal static class GzipStreams
{
    /// <summary>What is in a gzip file. On older platforms the file is read synchronously, whichever way this stream is.</summary>
    internal static Stream OpenRead(Stream stream, bool leaveOpen = false)
    {
#if NET
        return new GZipStream(stream, CompressionMode.Decompress, leaveOpen);
#else
        return new ICSharpCode.SharpZipLib.GZip.GZipInputStream(stream, BufferSize) { IsStreamOwner = !leaveOpen };
#endif
    }

#if !NET
    private const int BufferSize = 64 * 1024;
#endif
}
