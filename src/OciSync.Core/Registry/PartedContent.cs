using OciSync.Core.Errors;
using OciSync.Core.Images;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Registry;

/// <summary>
/// A blob that begins as one stream. Where that is what the copy waits for, and the registry is far away, the rest is asked for in several parts at a
/// time and given out in order: over a long way one connection carries its window of bytes for each round trip, however wide the way is.
/// </summary>
internal sealed class PartedContent : IBlobContent
{
    // For fewer parts it is not worth it.
    private const int FewestParts = 8;
    private const int AtFirst = 2;
    private const double MostlyWaiting = 0.7;
    private const double OftenWaiting = 0.3;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly BlobParts _source;
    private readonly CancellationTokenSource _end = new();
    private readonly Queue<BlobPart> _parts = new();
    private IBlobContent? _stream;
    private bool _isSingle;
    private long _position;
    private long _boundary = long.MaxValue;
    private long _next;
    private long _since;
    private long _sincePosition;
    private TimeSpan _waited;

    /// <param name="stream">The blob from an offset to its end.</param>
    /// <param name="offset">The offset.</param>
    /// <param name="source">Where parts are to be had.</param>
    internal PartedContent(IBlobContent stream, long offset, BlobParts source)
    {
        (_stream, _position, _source) = (stream, offset, source);
        (IsFromOffset, RangeStart, RangeTotal, ContentLength) = (stream.IsFromOffset, stream.RangeStart, stream.RangeTotal, stream.ContentLength);
        (_since, _sincePosition) = (source.Time.GetTimestamp(), offset);
    }

    public bool IsFromOffset { get; }

    public long? RangeStart { get; }

    public long? RangeTotal { get; }

    public long? ContentLength { get; }

    /// <summary>Whether so many bytes are enough for several parts.</summary>
    internal static bool IsWorth(long bytes, int partSize) => bytes >= FewestParts * (long)partSize;

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (_stream is not null && _position == _boundary)
        {
            await LeaveStreamAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_stream is null)
        {
            return _parts.Count == 0 ? 0 : await ReadPartAsync(buffer, offset, count, cancellationToken).ConfigureAwait(false);
        }

        var start = _source.Time.GetTimestamp();
        var read = await _stream.ReadAsync(buffer, offset, (int)Math.Min(count, _boundary - _position), cancellationToken).ConfigureAwait(false);
        _waited += _source.Time.GetElapsedTime(start);
        _position += read;
        if (_parts.Count == 0 && !_isSingle)
        {
            Judge();
        }

        return read;
    }

    public Task<byte[]> ReadAllAsync(int limit) => _stream!.ReadAllAsync(limit);

    public void Dispose()
    {
        _stream?.Dispose();
        DropParts();
        _end.Dispose();
        _source.Dispose();
    }

    // What the copy has waited for since it was looked last: for bytes from here, or for something else.
    private void Judge()
    {
        var elapsed = _source.Time.GetElapsedTime(_since);
        if (elapsed < Look || !IsWorth(_source.Size - _position, _source.PartSize))
        {
            return;
        }

        var perSecond = (_position - _sincePosition) / elapsed.TotalSeconds;
        if (_waited.TotalSeconds >= elapsed.TotalSeconds * MostlyWaiting && _source.HasRoom && _source.AreFaster(perSecond))
        {
            // The stream goes on as far as its own part, while the others are on their way.
            _next = _boundary = _position + _source.PartSize;
            for (var i = 0; i < AtFirst && Add(); i++)
            {
            }

            _boundary = _parts.Count == 0 ? long.MaxValue : _boundary;
        }

        (_since, _sincePosition, _waited) = (_source.Time.GetTimestamp(), _position, TimeSpan.Zero);
    }

    private bool Add() => _next < _source.Size && _source.TryEnter() is { } bytes && Begin(bytes);

    private bool Begin(byte[] bytes)
    {
        var from = _next;
        var count = (int)Math.Min(_source.PartSize, _source.Size - from);
        _next += count;
        _parts.Enqueue(new BlobPart(bytes, count, token => _source.OpenAsync(from, count, token), _end.Token));
        return true;
    }

    // The stream ends here, if the first part is really what was asked for; else it goes on to the end.
    private async Task LeaveStreamAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _parts.Peek().WaitAsync(cancellationToken).ConfigureAwait(false);
            _stream!.Dispose();
            _stream = null;
        }
        catch (OciException e)
        {
            _source.Fail(e);
            DropParts();
            (_isSingle, _boundary) = (true, long.MaxValue);
        }

        (_since, _waited) = (_source.Time.GetTimestamp(), TimeSpan.Zero);
    }

    private async Task<int> ReadPartAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        var part = _parts.Peek();
        try
        {
            var start = _source.Time.GetTimestamp();
            var read = await part.ReadAsync(buffer, offset, count, cancellationToken).ConfigureAwait(false);
            _waited += _source.Time.GetElapsedTime(start);
            _position += read;
            if (part.IsTaken)
            {
                await GoOnAsync(_parts.Dequeue()).ConfigureAwait(false);
            }

            return read;
        }
        catch (OciException e)
        {
            // The reader goes on from here, in one stream; where that is refused as well, it says what is wrong.
            _source.Fail(e);
            throw e.With(isTransient: true);
        }
    }

    // The room of a part that was given out is the next one's; one more is added as long as the copy waits for parts.
    private async Task GoOnAsync(BlobPart taken)
    {
        if (!taken.IsIdle)
        {
            await taken.EndAsync().ConfigureAwait(false);
        }

        if (_next == _source.Size)
        {
            _source.Leave(taken.Bytes, isIdle: true);
            return;
        }

        Begin(taken.Bytes);
        var elapsed = _source.Time.GetElapsedTime(_since);
        if (_waited.TotalSeconds >= elapsed.TotalSeconds * OftenWaiting)
        {
            Add();
        }

        (_since, _waited) = (_source.Time.GetTimestamp(), TimeSpan.Zero);
    }

    private void DropParts()
    {
        _end.Cancel();
        while (_parts.Count > 0)
        {
            var part = _parts.Dequeue();
            _source.Leave(part.Bytes, part.IsIdle);
        }
    }
}
