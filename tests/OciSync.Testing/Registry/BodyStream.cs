using OciSync.Testing.Registry.Faults;

namespace OciSync.Testing.Registry;

/// <summary>A request's or an answer's body on its way: counts, slows down, and lets a fault act.</summary>
internal sealed class BodyStream(Stream inner, Action<int> count, Throttle? throttle, CancellationToken aborted) : Stream
{
    internal BodyGate? Gate { get; set; }

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Gate is { } gate)
        {
            if (gate.Allow(buffer.Length) == 0)
            {
                await gate.ActAsync(aborted);
            }

            buffer = buffer[..gate.Allow(buffer.Length)];
        }

        buffer = throttle?.Limit(buffer) ?? buffer;
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Gate?.Passed(read);
        count(read);
        await PaceAsync(read);
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var part = throttle?.Limit(buffer) ?? buffer;
            if (Gate is { } gate)
            {
                if (gate.Allow(part.Length) == 0)
                {
                    await inner.FlushAsync(cancellationToken);
                    await gate.ActAsync(aborted);
                }

                part = gate.Corrupts ? part[..1] : part[..gate.Allow(part.Length)];
            }

            await WritePartAsync(part, cancellationToken);
            buffer = buffer[part.Length..];
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Only asynchronous reads.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Only asynchronous writes.");

    public override void Flush() => throw new NotSupportedException("Only asynchronous flushes.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async Task WritePartAsync(ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
    {
        if (Gate is { Drops: true })
        {
            return;
        }

        if (Gate is { Corrupts: true })
        {
            part = new[] { (byte)~part.Span[0] };
            Gate = null;
        }

        await inner.WriteAsync(part, cancellationToken);
        Gate?.Passed(part.Length);
        count(part.Length);
        await PaceAsync(part.Length);
    }

    private Task PaceAsync(int bytes) => throttle?.PaceAsync(bytes, aborted) ?? Task.CompletedTask;
}
