using System.Collections.Concurrent;

namespace OciSync.Core.Registry;

/// <summary>The memory of all parts of blobs that a run reads ahead: so much and no more, used again and again.</summary>
/// <param name="size">The bytes of one part.</param>
internal sealed class PartBuffers(int size)
{
    // 24 MiB in all. With parts of 4 MiB and 300 ms this is some 50 MB a second from servers that give 20 to each connection.
    private const int Most = 6;

    /// <summary>The bytes of one part.</summary>
    internal int Size { get; } = size;

    /// <summary>The bytes of all parts together.</summary>
    internal long AllSize => (long)Most * Size;

    private readonly ConcurrentBag<byte[]> _free = [];
    private int _left = Most;

    /// <summary>Room for a part; null where there is none.</summary>
    internal byte[]? TryRent()
    {
        if (Interlocked.Decrement(ref _left) < 0)
        {
            Interlocked.Increment(ref _left);
            return null;
        }

        return _free.TryTake(out var bytes) ? bytes : new byte[Size];
    }

    /// <summary>Gives the room back.</summary>
    /// <param name="bytes">The room.</param>
    /// <param name="isIdle">False where a read that was broken off may still write to it: then it isn't used again.</param>
    internal void Return(byte[] bytes, bool isIdle)
    {
        if (isIdle)
        {
            _free.Add(bytes);
        }

        Interlocked.Increment(ref _left);
    }
}
