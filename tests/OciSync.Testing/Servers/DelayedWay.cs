using System.Buffers;
using System.Net.Sockets;

namespace OciSync.Testing.Servers;

/// <summary>
/// One direction of a connection over a long way: what is read is written so much later. So much may be under way at a time and no more, as by TCP's
/// window: an acknowledgement, which takes as long to come back, makes room for what follows.
/// </summary>
internal sealed class DelayedWay(Socket from, Socket to, TimeSpan delay, long? window, SharedLink? link) : IDisposable
{
    private const int BufferSize = 256 * 1024;

    // Without a window: as much as the way itself holds, so that a receiver that stands still holds up the sender in the end.
    private const long Widest = 64L * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly Queue<(byte[] Bytes, int Count, DateTime Due)> way = new();
    private readonly Queue<(int Count, DateTime Due)> acknowledged = new();
    private readonly SemaphoreSlim arrived = new(0);
    private readonly SemaphoreSlim room = new(0);
    private readonly long most = window ?? Widest;
    private long underWay;

    /// <summary>Carries bytes until one end is closed.</summary>
    /// <param name="handshake">What passes before a first byte may set out.</param>
    /// <param name="end">Ends it.</param>
    internal async Task RunAsync(TimeSpan handshake, CancellationToken end)
    {
        var ready = DateTime.UtcNow + handshake;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(end);
        var writing = WriteAsync(over);
        try
        {
            while (true)
            {
                var bytes = ArrayPool<byte>.Shared.Rent(BufferSize);
                var count = await from.ReceiveAsync(bytes.AsMemory(0, (int)Math.Min(bytes.Length, most)), over.Token);
                await TakeRoomAsync(count, over.Token);
                if (link is not null)
                {
                    await link.PassAsync(count, over.Token);
                }

                var now = DateTime.UtcNow;
                lock (gate)
                {
                    way.Enqueue((bytes, count, (now > ready ? now : ready) + delay));
                }

                arrived.Release();
                if (count == 0)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The sender is gone; the receiver learns it by the end of its connection.
            await over.CancelAsync();
            to.Dispose();
        }
        finally
        {
            await writing;
        }
    }

    public void Dispose()
    {
        arrived.Dispose();
        room.Dispose();
    }

    private async Task TakeRoomAsync(int count, CancellationToken end)
    {
        while (true)
        {
            TimeSpan wait;
            lock (gate)
            {
                var now = DateTime.UtcNow;
                while (acknowledged.TryPeek(out var first) && first.Due <= now)
                {
                    underWay -= acknowledged.Dequeue().Count;
                }

                if (underWay == 0 || underWay + count <= most)
                {
                    underWay += count;
                    return;
                }

                wait = acknowledged.TryPeek(out var next) ? next.Due - now : Timeout.InfiniteTimeSpan;
            }

            await room.WaitAsync(wait < TimeSpan.Zero ? wait : wait + TimeSpan.FromMilliseconds(1), end);
        }
    }

    private async Task WriteAsync(CancellationTokenSource over)
    {
        try
        {
            while (true)
            {
                await arrived.WaitAsync(over.Token);
                (byte[] Bytes, int Count, DateTime Due) next;
                lock (gate)
                {
                    next = way.Dequeue();
                }

                if (next.Due - DateTime.UtcNow is { Ticks: > 0 } wait)
                {
                    await Task.Delay(wait, over.Token);
                }

                if (next.Count == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                for (var sent = 0; sent < next.Count;)
                {
                    sent += await to.SendAsync(next.Bytes.AsMemory(sent, next.Count - sent), over.Token);
                }

                ArrayPool<byte>.Shared.Return(next.Bytes);
                lock (gate)
                {
                    acknowledged.Enqueue((next.Count, window is null ? DateTime.UtcNow : DateTime.UtcNow + delay));
                }

                room.Release();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The receiver is gone; the sender learns it by the end of its connection.
            await over.CancelAsync();
            to.Dispose();
            from.Dispose();
        }
    }
}
