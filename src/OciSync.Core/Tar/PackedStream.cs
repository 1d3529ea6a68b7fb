namespace OciSync.Core.Tar;

/// <summary>
/// A stream that is unpacked by a library which fails at damaged input in many ways: here that is an <see cref="InvalidDataException"/>.
/// What the file below can't do is not its content's fault.
/// </summary>
/// <param name="packed">The packed bytes; they are disposed of with this stream.</param>
/// <param name="kind">How they are packed, for messages.</param>
internal abstract class PackedStream(Stream packed, string kind) : Stream
{
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
            return ReadUnpacked(buffer, offset, count);
        }
        catch (Exception e) when (e is not (IOException or UnauthorizedAccessException or OperationCanceledException
            or ObjectDisposedException or Errors.OciException))
        {
            throw new InvalidDataException($"its {kind} blocks can't be read", e);
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private protected abstract int ReadUnpacked(byte[] buffer, int offset, int count);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            packed.Dispose();
        }

        base.Dispose(disposing);
    }
}
