using SharpCompress.Compressors;
using SharpCompress.Compressors.BZip2;

namespace OciSync.Core.Tar;

/// <summary>What is in a bzip2 file: one stream, or several one after the other, as programs that pack in parallel write them.</summary>
internal sealed class Bzip2FileStream(Stream packed) : PackedStream(packed, "bzip2")
{
    private readonly Stream _packed = packed;
    private BZip2Stream? _inner;

    private protected override int ReadUnpacked(byte[] buffer, int offset, int count)
    {
        _inner ??= BZip2Stream.Create(_packed, CompressionMode.Decompress, decompressConcatenated: true, leaveOpen: true);
        return _inner.Read(buffer, offset, count);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner?.Dispose();
        }

        base.Dispose(disposing);
    }
}
