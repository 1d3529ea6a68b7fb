using System.Security.Cryptography;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Images;

/// <summary>
/// Reads one blob of the source from its first byte to its last; a break is mended by a new request from where it broke, and after a
/// mirror that broke off or sent other bytes the next place is asked.
/// Size and digest are verified before the last bytes are given out.
/// </summary>
internal sealed class SourceBlobReader : IDisposable, IRetryCounter
{
    private const int WorthwhileProgress = 1024 * 1024;

    private readonly IImageSource _source;
    private readonly Descriptor _blob;
    private readonly IRetryCounter? _counter;
    private readonly IncrementalHash _hash;
    private readonly byte[] _probe = new byte[1];
    private readonly List<IImageSource> _mirrors = [];
    private ArraySegment<byte> _wanted;
    private OpenedBlob? _opened;
    private long _offset;
    private long _lastBreak;
    private int _breaks;

    /// <param name="source">Where it is read from.</param>
    /// <param name="blob">The blob.</param>
    /// <param name="counter">Counts further attempts, or null.</param>
    internal SourceBlobReader(IImageSource source, Descriptor blob, IRetryCounter? counter)
    {
        _source = source;
        _blob = blob;
        _counter = counter;
        _hash = blob.Digest.CreateHash();
    }

    internal bool IsAtEnd => _offset == _blob.Size;

    /// <summary>
    /// Goes on behind a part that is there already, from its place in the file: it is counted to what is verified in the end, and not fetched.
    /// </summary>
    /// <param name="part">The part, at its first byte.</param>
    /// <param name="length">How many bytes it has, fewer than the blob.</param>
    /// <param name="onRead">Told how many more were read.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    internal async Task PassAsync(Stream part, long length, Action<int> onRead, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferPool.BufferSize];
        while (_offset < length)
        {
            var read = await part.ReadAsync(buffer, 0, (int)Math.Min(buffer.Length, length - _offset), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw new OciException(OciErrorKind.StorageFailed, $"What is there of the blob {_blob.Digest} became shorter.");
            }

            _hash.AppendData(buffer, 0, read);
            _offset += read;
            onRead(read);
        }

        _lastBreak = _offset;
    }

    /// <summary>Fills the buffer, or as much of it as the blob has left.</summary>
    internal async Task<int> FillAsync(byte[] buffer, int count, CancellationToken cancellationToken)
    {
        var filled = 0;
        var wanted = (int)Math.Min(count, _blob.Size - _offset);
        while (filled < wanted)
        {
            _wanted = new ArraySegment<byte>(buffer, filled, wanted - filled);
            OciException failure;
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                // The usual case by itself: a blob is read in thousands of parts, and each step between costs memory.
                filled += _opened is { } opened && _source.Connection.Downloads is null
                    ? HashAndCount(await opened.Answer.ReadAsync(buffer, filled, wanted - filled, cancellationToken).ConfigureAwait(false))
                    : await ReadAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }
            catch (OciException e)
            {
                failure = e;
            }

            if (!LeaveMirror(failure))
            {
                filled += await _source.Connection.Retry.RunFurtherAsync(failure, ReadAsync, new WorkScope(this, cancellationToken)).ConfigureAwait(false);
            }
        }

        if (IsAtEnd)
        {
            await VerifyAsync(cancellationToken).ConfigureAwait(false);
        }

        return filled;
    }

    // A connection that gives a few bytes and breaks, again and again, makes no progress worth the name: breaks count as long as less than
    // so much has come since the last one.
    void IRetryCounter.CountRetry()
    {
        _counter?.CountRetry();
        _breaks = _offset - _lastBreak >= WorthwhileProgress ? 1 : _breaks + 1;
        _lastBreak = _offset;
        if (_breaks > _source.Connection.Options.MaximumRetryCount)
        {
            throw new OciException(
                OciErrorKind.ConnectionFailed,
                $"'{_source.Connection.Host}' broke off the blob {_blob.Digest} {_breaks} times, after {_offset} of {_blob.Size} bytes; that is given up.");
        }
    }

    public void Dispose()
    {
        _opened?.Dispose();
        _hash.Dispose();
    }

    private async Task<int> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await ReadOnceAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OciException e)
            {
                if (!LeaveMirror(e))
                {
                    throw;
                }
            }
        }
    }

    // Closes what failed; true when it was a mirror, after which the next place is asked.
    private bool LeaveMirror(OciException failure)
    {
        var mirror = _opened?.Mirror;
        _opened?.Dispose();
        _opened = null;
        if (mirror is null)
        {
            return false;
        }

        _source.Spoil(mirror, _blob.Digest, failure);
        return true;
    }

    private async Task<int> ReadOnceAsync(CancellationToken cancellationToken)
    {
        if (_opened is null)
        {
            _opened = await _source.OpenBlobAsync(_blob.Digest, _offset, cancellationToken).ConfigureAwait(false);
            _mirrors.AddRange(_opened.Mirror is { } mirror ? [mirror] : []);
            await PositionAsync(_opened.Answer, cancellationToken).ConfigureAwait(false);
        }

        var pace = _source.Connection.Downloads;
        var count = Math.Min(_wanted.Count, pace?.Step ?? int.MaxValue);
        var read = await _opened.Answer.ReadAsync(_wanted.Array!, _wanted.Offset, count, cancellationToken).ConfigureAwait(false);
        if (pace is not null)
        {
            await pace.TakeAsync(read, cancellationToken).ConfigureAwait(false);
        }

        return HashAndCount(read);
    }

    // What came is hashed and counted.
    private int HashAndCount(int read)
    {
        if (read == 0)
        {
            throw new OciException(
                OciErrorKind.ConnectionFailed,
                $"'{(_opened!.Mirror ?? _source).Connection.Host}' ended the blob {_blob.Digest} after {_offset} of {_blob.Size} bytes.") { IsTransient =
                    true };
        }

        _hash.AppendData(_wanted.Array!, _wanted.Offset, read);
        _offset += read;
        return read;
    }

    private async Task PositionAsync(IBlobContent answer, CancellationToken cancellationToken)
    {
        // A server that ignores the range sends everything again; one that rounds it sends more than was asked for.
        var skip = answer.IsFromOffset ? _offset - (answer.RangeStart ?? _offset) : _offset;
        if (skip < 0)
        {
            throw new OciException(
                OciErrorKind.ProtocolError,
                $"{_source.NameBlob(_blob.Digest)} was sent from byte {answer.RangeStart} on where byte {_offset} was asked for.") { IsTransient = true };
        }

        // A part that is shorter than what is left is one of several.
        if (answer.RangeTotal != _blob.Size && answer.ContentLength is { } length && length != _blob.Size - _offset + skip)
        {
            throw new OciException(
                OciErrorKind.DigestMismatch,
                $"{_source.NameBlob(_blob.Digest)} has {length + _offset - skip} bytes where its manifest says {_blob.Size}.");
        }

        await SkipAsync(answer, skip, cancellationToken).ConfigureAwait(false);
    }

    private static async Task SkipAsync(IBlobContent answer, long count, CancellationToken cancellationToken)
    {
        var buffer = new byte[count == 0 ? 0 : BufferPool.BufferSize];
        while (count > 0)
        {
            var read = await answer.ReadAsync(buffer, 0, (int)Math.Min(buffer.Length, count), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw new OciException(OciErrorKind.ConnectionFailed, "The blob ended before the place where it broke before.") { IsTransient = true };
            }

            count -= read;
        }
    }

    private async Task VerifyAsync(CancellationToken cancellationToken)
    {
        var actual = Digest.FromHash(_blob.Digest.Algorithm, _hash.GetHashAndReset());
        var extra = _opened?.Answer is { ContentLength: null } answer && await answer.ReadAsync(_probe, 0, 1, cancellationToken).ConfigureAwait(false) > 0;
        if (extra || actual != _blob.Digest)
        {
            var failure = new OciException(
                OciErrorKind.DigestMismatch,
                extra
                    ? $"{_source.NameBlob(_blob.Digest)} has more than the {_blob.Size} bytes its manifest says."
                    : $"{_source.NameBlob(_blob.Digest)} came with other bytes: their digest is {actual}. Nothing of it was kept.")
            { IsTransient = _mirrors.Count > 0 };

            // Whichever of them it was: read again from the start, by the places that are left.
            _mirrors.ForEach(mirror => _source.Spoil(mirror, _blob.Digest, failure));
            throw failure;
        }
    }
}
