using System.Diagnostics;

namespace OciSync.Testing.Registry;

/// <summary>Holds one body to a number of bytes a second.</summary>
internal sealed class Throttle(long bytesPerSecond)
{
    private readonly int slice = (int)Math.Clamp(bytesPerSecond / 20, 1, 1 << 16);
    private readonly long start = Stopwatch.GetTimestamp();
    private long total;

    internal Memory<byte> Limit(Memory<byte> buffer) => buffer.Length > slice ? buffer[..slice] : buffer;

    internal ReadOnlyMemory<byte> Limit(ReadOnlyMemory<byte> buffer) => buffer.Length > slice ? buffer[..slice] : buffer;

    internal async Task PaceAsync(int bytes, CancellationToken cancellationToken)
    {
        total += bytes;
        var ahead = TimeSpan.FromSeconds((double)total / bytesPerSecond) - Stopwatch.GetElapsedTime(start);
        if (ahead > TimeSpan.FromMilliseconds(5))
        {
            await Task.Delay(ahead, cancellationToken);
        }
    }
}
