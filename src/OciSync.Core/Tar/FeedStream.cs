using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using OciSync.Core.Errors;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Tar;

/// <summary>A blob's feed as a stream, for what unpacks it. Size and digest are verified when all was read.</summary>
[SuppressMessage("Performance", "CA1844", Justification = "The older platform has no such member.")]
internal sealed class FeedStream(IBlobFeed feed, Descriptor blob, Action<int> onSent, CancellationToken cancellationToken) : Stream
{
    private const int BufferSize = 128 * 1024;

    private readonly IncrementalHash _hash = blob.Digest.CreateHash();
    private readonly byte[] _start = new byte[Unpacker.ProbeSize];
    private int _startCount;
    private int _startOffset;
    private ArraySegment<byte> _current = new([]);
    private long _count;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>How the blob is packed; asked before it is read.</summary>
    internal async Task<Packing> DetectAsync()
    {
        while (_startCount < _start.Length)
        {
            var read = await TakeAsync(_start, _startCount, _start.Length - _startCount).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            _startCount += read;
        }

        return Unpacker.Detect(_start, _startCount);
    }

    /// <summary>Reads what is left and verifies the blob. <exception cref="OciException">It is another one.</exception></summary>
    internal async Task VerifyAsync(string place)
    {
        var rest = new byte[BufferSize];
        while (await ReadAsync(rest, 0, rest.Length, cancellationToken).ConfigureAwait(false) > 0)
        {
            // What stands behind the packed content belongs to the blob.
        }

        var actual = Digest.FromHash(blob.Digest.Algorithm, _hash.GetHashAndReset());
        if (_count != blob.Size || actual != blob.Digest)
        {
            throw new OciException(
                OciErrorKind.DigestMismatch,
                $"Nothing was written to '{place}': {_count} bytes of digest {actual} came, and not the {blob.Size} bytes of {blob.Digest}.");
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer, offset, count, cancellationToken).GetAwaiter().GetResult();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (_startOffset == _startCount)
        {
            return TakeAsync(buffer, offset, count);
        }

        var copied = Math.Min(count, _startCount - _startOffset);
        Array.Copy(_start, _startOffset, buffer, offset, copied);
        _startOffset += copied;
        return Task.FromResult(copied);
    }

    // Not its hash: what unpacks it disposes of it, and the owner still verifies then.
    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async Task<int> TakeAsync(byte[] buffer, int offset, int count)
    {
        if (_current.Count == 0)
        {
            _current = await feed.ReadAsync(BufferSize, cancellationToken).ConfigureAwait(false);
            _hash.AppendData(_current.Array!, _current.Offset, _current.Count);
            _count += _current.Count;
            onSent(_current.Count);
        }

        var copied = Math.Min(count, _current.Count);
        Array.Copy(_current.Array!, _current.Offset, buffer, offset, copied);
        _current = new ArraySegment<byte>(_current.Array!, _current.Offset + copied, _current.Count - copied);
        return copied;
    }
}
