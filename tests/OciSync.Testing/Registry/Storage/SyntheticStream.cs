using System.Buffers.Binary;

namespace OciSync.Testing.Registry.Storage;

/// <summary>Repeats one block of noise; the first eight bytes of every repetition are its number, so no two blocks are equal.</summary>
internal sealed class SyntheticStream(byte[] pattern, long length) : Stream
{
    private const int NumberBytes = 8;
    private long position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => position;
        set => position = value;
    }

    internal static byte[] MakePattern(int seed)
    {
        var pattern = new byte[1 << 20];
        Seeded.Fill(pattern, (ulong)seed);
        return pattern;
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || position >= length)
        {
            return 0;
        }

        var (block, offset) = Math.DivRem(position, pattern.Length);
        Span<byte> number = stackalloc byte[NumberBytes];
        BinaryPrimitives.WriteInt64LittleEndian(number, block);
        var source = offset < NumberBytes ? number[(int)offset..] : pattern.AsSpan((int)offset);
        var count = (int)Math.Min(Math.Min(source.Length, buffer.Length), length - position);
        source[..count].CopyTo(buffer);
        position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
