using System.IO.Compression;

namespace OciSync.Core.Transports.Archives;

/// <summary>
/// A blob packed with gzip while it is read. It is fed in blocks of one size, so that the same blob always gives the same bytes.
/// </summary>
internal sealed class GzipContent : IBlobContent
{
    private const int BlockSize = 128 * 1024;

    private readonly IBlobContent _inner;
    private readonly MemoryStream _packed = new();
    private readonly GZipStream _gzip;
    private readonly byte[] _block = new byte[BlockSize];
    private bool _isAtEnd;

    internal GzipContent(IBlobContent inner)
    {
        _inner = inner;
        _gzip = new GZipStream(_packed, CompressionLevel.Optimal, leaveOpen: true);
    }

    public bool IsFromOffset => false;

    public long? ContentLength => null;

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        while (_packed.Position == _packed.Length && !_isAtEnd)
        {
            _packed.SetLength(0);
            await PackAsync(cancellationToken).ConfigureAwait(false);
            _packed.Position = 0;
        }

        return _packed.Read(buffer, offset, count);
    }

    public Task<byte[]> ReadAllAsync(int limit) => throw new NotSupportedException("A layer is never read as a whole.");

    public void Dispose()
    {
        _gzip.Dispose();
        _packed.Dispose();
        _inner.Dispose();
    }

    private async Task PackAsync(CancellationToken cancellationToken)
    {
        var filled = 0;
        int read;
        while (filled < BlockSize && (read = await _inner.ReadAsync(_block, filled, BlockSize - filled, cancellationToken).ConfigureAwait(false)) > 0)
        {
            filled += read;
        }

        if (filled > 0)
        {
            _gzip.Write(_block, 0, filled);
        }

        if (filled < BlockSize)
        {
            _gzip.Dispose();
            _isAtEnd = true;
        }
    }
}
