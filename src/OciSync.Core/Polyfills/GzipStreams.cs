using System.IO.Compression;

namespace OciSync.Core.Polyfills;

/// <summary>Gzip files of several members, as some tools write layers: the .NET Framework's own stream stops after the first.</summary>
internal static class GzipStreams
{
    internal static Stream OpenRead(Stream stream)
    {
#if NET
        return new GZipStream(stream, CompressionMode.Decompress);
#else
        return new ICSharpCode.SharpZipLib.GZip.GZipInputStream(stream);
#endif
    }
}
