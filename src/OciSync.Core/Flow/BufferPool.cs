using System.Buffers;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Flow;

/// <summary>The buffers of one shared read: so many and no more. A buffer goes back when its last user has released it.</summary>
internal sealed class BufferPool(int capacity) : IDisposable
{
    internal const int BufferSize = 128 * 1024;

    private readonly SemaphoreSlim _free = new(capacity, capacity);

    /// <summary>A buffer for as many bytes, or null when none came free in time.</summary>
    internal async Task<SharedBuffer?> TryRentAsync(int size, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken) =>
        await _free.EnterAsync(patience, time, cancellationToken).ConfigureAwait(false) ? new SharedBuffer(this, ArrayPool<byte>.Shared.Rent(size)) : null;

    public void Dispose() => _free.Dispose();

    internal void Return(byte[] bytes, bool reusable)
    {
        if (reusable)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }

        try
        {
            _free.Release();
        }
        catch (ObjectDisposedException)
        {
            // The read is over; nobody waits for this buffer.
        }
    }
}
