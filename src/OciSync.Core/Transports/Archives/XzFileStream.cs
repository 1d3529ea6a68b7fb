using SharpCompress.Compressors.Xz;

namespace OciSync.Core.Transports.Archives;

/// <summary>What is in an xz file. The library fails at damaged ones in many ways; here that is an <see cref="InvalidDataException"/>.</summary>
internal sealed class XzFileStream(Stream packed) : Stream
{
    private readonly XZStream _inner = new(packed);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return _inner.Read(buffer, offset, count);
        }
        catch (Exception e) when (e is not (IOException or UnauthorizedAccessException or OperationCanceledException or ObjectDisposedException))
        {
            // What the file below can't do is not its content's fault.
            throw new InvalidDataException("its xz blocks can't be read", e);
        }
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
            _inner.Dispose();
            packed.Dispose();
        }

        base.Dispose(disposing);
    }
}
