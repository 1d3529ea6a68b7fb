using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Conversion;

/// <summary>A blob of the source as a stream that can be read once; it is verified when its end is reached.</summary>
/// <param name="reader">Reads it.</param>
/// <param name="lifetime">Ends reads that can't be given a token of their own.</param>
internal sealed class SourceBlobStream(SourceBlobReader reader, CancellationToken lifetime) : OneWayStream
{
    // A large one: each time it is filled costs some memory, and a layer is read to its end.
    private readonly byte[] _buffer = new byte[4 * BufferPool.BufferSize];
    private int _start;
    private int _end;

    public override bool CanRead => true;

    // What unpacks on the .NET Framework knows no other way, also when it is read asynchronously itself: then on a thread of the pool.
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer, offset, count, lifetime).GetAwaiter().GetResult();

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (_start == _end)
        {
            if (reader.IsAtEnd)
            {
                return 0;
            }

            _start = 0;
            _end = await reader.FillAsync(_buffer, _buffer.Length, cancellationToken).ConfigureAwait(false);
        }

        var read = Math.Min(count, _end - _start);
        Buffer.BlockCopy(_buffer, _start, buffer, offset, read);
        _start += read;
        return read;
    }

    /// <summary>The first bytes, which stay to be read.</summary>
    internal async Task<ArraySegment<byte>> PeekAsync(CancellationToken cancellationToken)
    {
        if (_end == 0 && !reader.IsAtEnd)
        {
            _end = await reader.FillAsync(_buffer, _buffer.Length, cancellationToken).ConfigureAwait(false);
        }

        return new ArraySegment<byte>(_buffer, 0, _end);
    }

    /// <summary>Reads what is left, so that all of it is verified.</summary>
    internal async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (!reader.IsAtEnd)
        {
            await reader.FillAsync(_buffer, _buffer.Length, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            reader.Dispose();
        }

        base.Dispose(disposing);
    }
}
