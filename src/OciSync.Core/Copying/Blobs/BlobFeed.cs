using System.Threading.Channels;
using OciSync.Core.Flow;
using OciSync.Core.Images;

namespace OciSync.Core.Copying.Blobs;

/// <summary>One upload's side of a shared read: a queue of buffers.</summary>
internal sealed class BlobFeed : IBlobFeed
{
    private readonly Channel<SharedBuffer> _queue =
        Channel.CreateUnbounded<SharedBuffer>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = false });

    private readonly TaskCompletionSource<bool> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _lock = new();
    private SharedBuffer? _current;
    private int _offset;
    private int _backlog;
    private bool _closed;

    /// <summary>Completes when the upload asks for its first bytes.</summary>
    internal Task Started => _started.Task;

    /// <summary>How many buffers are filled and not yet sent.</summary>
    internal int Backlog => Volatile.Read(ref _backlog);

    /// <summary>Hands a buffer to the upload; without effect once the upload is over.</summary>
    internal void Add(SharedBuffer buffer)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                buffer.AddUser();
                Interlocked.Increment(ref _backlog);
                _queue.Writer.TryWrite(buffer);
            }
        }
    }

    /// <summary>No more bytes come: all were handed over, or the read failed.</summary>
    internal void Complete(Exception? failure) => _queue.Writer.TryComplete(failure);

    public async Task<ArraySegment<byte>> ReadAsync(int max, CancellationToken cancellationToken)
    {
        if (!await WaitAsync(cancellationToken).ConfigureAwait(false))
        {
            return new ArraySegment<byte>([]);
        }

        var count = Math.Min(max, _current!.Count - _offset);
        var segment = new ArraySegment<byte>(_current.Bytes, _offset, count);
        _offset += count;
        return segment;
    }

    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        _started.TrySetResult(true);
        if (_current is { } done && _offset == done.Count)
        {
            lock (_lock)
            {
                _current = null;
            }

            done.Release();
            Interlocked.Decrement(ref _backlog);
        }

        return _current is not null || await TakeAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives back all buffers; who still waits for one gets none.</summary>
    /// <param name="isSent">False when the buffer in use may still be looked at, by a write that is being cancelled.</param>
    internal void Close(bool isSent = false)
    {
        lock (_lock)
        {
            _closed = true;
            _queue.Writer.TryComplete();
            while (_queue.Reader.TryRead(out var buffer))
            {
                buffer.Release();
            }

            _current?.Release(sure: isSent);
            _current = null;
            Volatile.Write(ref _backlog, 0);
        }
    }

    private async Task<bool> TakeAsync(CancellationToken cancellationToken)
    {
        while (await _queue.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            lock (_lock)
            {
                if (!_closed && _queue.Reader.TryRead(out var buffer))
                {
                    _current = buffer;
                    _offset = 0;
                    return true;
                }
            }
        }

        return false;
    }
}
