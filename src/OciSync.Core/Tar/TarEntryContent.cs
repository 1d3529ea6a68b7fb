using OciSync.Core.Errors;
using OciSync.Core.Images;

namespace OciSync.Core.Tar;

/// <summary>A blob that is a file in an archive; what isn't stored of a sparse file is zeros.</summary>
/// <param name="stream">The archive, for this reader alone.</param>
/// <param name="name">The file, for messages.</param>
/// <param name="entry">The file.</param>
/// <param name="start">The first byte of it that is read.</param>
internal sealed class TarEntryContent(FileStream stream, string name, TarEntry entry, long start) : IBlobContent
{
    private long _next = start;
    private int _piece;

    public bool IsFromOffset => true;

    public long? RangeStart => null;

    public long? RangeTotal => null;

    public long? ContentLength { get; } = entry.Size - start;

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        try
        {
            while (_piece < entry.Pieces.Count && entry.Pieces[_piece].At + entry.Pieces[_piece].Length <= _next)
            {
                _piece++;
            }

            var piece = _piece < entry.Pieces.Count ? entry.Pieces[_piece] : new TarPiece(entry.Size, 0, 0);
            var read = _next < piece.At
                ? ReadHole(buffer, offset, Math.Min(count, piece.At - _next))
                : await ReadPieceAsync(piece, buffer, offset, count, cancellationToken).ConfigureAwait(false);
            _next += read;
            return read;
        }
        catch (IOException e)
        {
            throw new OciException(OciErrorKind.StorageFailed, $"{name} can't be read: {e.Message}", e);
        }
    }

    public async Task<byte[]> ReadAllAsync(int limit)
    {
        if (ContentLength > limit)
        {
            throw new OciException(OciErrorKind.ArchiveInvalid, $"{name} has {ContentLength} bytes; at most {limit} are read.");
        }

        var bytes = new byte[(int)ContentLength!.Value];
        var filled = 0;
        int read;
        while (filled < bytes.Length && (read = await ReadAsync(bytes, filled, bytes.Length - filled, CancellationToken.None).ConfigureAwait(false)) > 0)
        {
            filled += read;
        }

        return filled == bytes.Length
            ? bytes
            : throw new OciException(OciErrorKind.ArchiveInvalid, $"{name} is cut off after {filled} of {bytes.Length} bytes.");
    }

    private static int ReadHole(byte[] buffer, int offset, long count)
    {
        Array.Clear(buffer, offset, (int)count);
        return (int)count;
    }

    private Task<int> ReadPieceAsync(TarPiece piece, byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        var place = piece.Offset + _next - piece.At;
        if (stream.Position != place)
        {
            stream.Seek(place, SeekOrigin.Begin);
        }

        return stream.ReadAsync(buffer, offset, (int)Math.Min(count, piece.At + piece.Length - _next), cancellationToken);
    }

    public void Dispose() => stream.Dispose();
}
