using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace OciSync.Testing.Servers;

/// <summary>
/// A TCP proxy that stands for a long way: every byte arrives so much later, in either direction, at full speed; a new connection costs a
/// round trip before its first byte sets out.
/// </summary>
public sealed class DelayingProxy : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;
    private const int MaxUnderWay = 1024;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly IPEndPoint target;
    private readonly TimeSpan delay;
    private readonly Task accepting;

    private DelayingProxy(string target, TimeSpan delay)
    {
        this.target = IPEndPoint.Parse(target);
        this.delay = delay;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>Host and port.</summary>
    public string Address => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>Starts one.</summary>
    /// <param name="target">The address it leads to.</param>
    /// <param name="delay">How long a byte takes in one direction.</param>
    public static DelayingProxy Start(string target, TimeSpan delay) => new(target, delay);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await accepting;
        end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var served = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(end.Token);
                served.RemoveAll(t => t.IsCompleted);
                served.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            near.NoDelay = far.NoDelay = true;
            await far.ConnectAsync(target, end.Token);
            await Task.WhenAll(
                CarryAsync(near.Client, far.Client, delay * 2),
                CarryAsync(far.Client, near.Client, TimeSpan.Zero));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One of the two is gone, and so is the connection.
        }
    }

    // One direction: what is read is written when its time has come, so that much may be under way at once.
    private async Task CarryAsync(Socket from, Socket to, TimeSpan handshake)
    {
        var ready = DateTime.UtcNow + handshake;
        var way = Channel.CreateBounded<(byte[] Bytes, int Count, DateTime Due)>(MaxUnderWay);
        var writing = WriteAsync(way.Reader, from, to);
        try
        {
            while (true)
            {
                var bytes = ArrayPool<byte>.Shared.Rent(BufferSize);
                var count = await from.ReceiveAsync(bytes, end.Token);
                var now = DateTime.UtcNow;
                await way.Writer.WriteAsync((bytes, count, (now > ready ? now : ready) + delay), end.Token);
                if (count == 0)
                {
                    break;
                }
            }
        }
        finally
        {
            way.Writer.TryComplete();
            await writing;
        }
    }

    private async Task WriteAsync(ChannelReader<(byte[] Bytes, int Count, DateTime Due)> way, Socket from, Socket to)
    {
        try
        {
            await foreach (var (bytes, count, due) in way.ReadAllAsync(end.Token))
            {
                var wait = due - DateTime.UtcNow;
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, end.Token);
                }

                if (count == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(bytes.AsMemory(sent, count - sent), end.Token);
                }

                ArrayPool<byte>.Shared.Return(bytes);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The receiver is gone; the sender learns it by the end of its connection.
            to.Dispose();
            from.Dispose();
        }
    }
}
