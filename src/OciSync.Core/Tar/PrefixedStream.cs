namespace OciSync.Core.Tar;

/// <summary>A stream that is read forward, to which bytes that were read can be given back.</summary>
internal sealed class PrefixedStream(Stream inner) : Stream
{
    private byte[] _prefix = [];
    private int _next;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    /// <summary>How many bytes were read, and not given back.</summary>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Gives bytes back; all that were given back before have been read.</summary>
    internal void PutBack(byte[] bytes) => (_prefix, _next, _position) = (bytes.ToArray(), 0, _position - bytes.Length);

    /// <summary>Fills a buffer, but for the end of the stream; gives how many bytes it has got.</summary>
    internal int Fill(byte[] buffer)
    {
        var filled = 0;
        int read;
        while (filled < buffer.Length && (read = Read(buffer, filled, buffer.Length - filled)) > 0)
        {
            filled += read;
        }

        return filled;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_next == _prefix.Length)
        {
            var read = inner.Read(buffer, offset, count);
            _position += read;
            return read;
        }

        var copied = Math.Min(count, _prefix.Length - _next);
        Array.Copy(_prefix, _next, buffer, offset, copied);
        _next += copied;
        _position += copied;
        return copied;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
