using System.Net;
using System.Net.Sockets;

namespace OciSync.Testing.Servers;

/// <summary>
/// A TCP proxy that stands for a long way: every byte arrives so much later, in either direction; a new connection costs a round trip before its first
/// byte sets out. The way is as wide as this machine, or carries so many bytes a second in each direction, for all connections together; and each connection
/// has as much under way as it likes, or no more than a window.
/// </summary>
public sealed class DelayingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly IPEndPoint target;
    private readonly TimeSpan delay;
    private readonly long? window;
    private readonly SharedLink? there;
    private readonly SharedLink? back;
    private readonly Task accepting;
    private readonly SemaphoreSlim accepted = new(0);
    private int connections;

    private DelayingProxy(string target, TimeSpan delay, long? bandwidth, long? window)
    {
        (there, back) = bandwidth is { } width ? (new SharedLink(width), new SharedLink(width)) : (null, null);
        this.target = IPEndPoint.Parse(target);
        this.delay = delay;
        this.window = window;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>Host and port.</summary>
    public string Address => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>How many connections were opened to it so far.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>Waits until so many were.</summary>
    public async Task WaitForConnectionsAsync(int count, TimeSpan patience)
    {
        while (Connections < count)
        {
            if (!await accepted.WaitAsync(patience))
            {
                throw new TimeoutException($"{Connections} connections were opened, and not {count}.");
            }
        }
    }

    /// <summary>Starts one.</summary>
    /// <param name="target">The address it leads to.</param>
    /// <param name="delay">How long a byte takes in one direction.</param>
    /// <param name="bandwidth">Bytes a second in each direction; null for as many as go.</param>
    /// <param name="window">Bytes that each connection may have under way in a direction; null for as many as it likes.</param>
    public static DelayingProxy Start(string target, TimeSpan delay, long? bandwidth = null, long? window = null) => new(target, delay, bandwidth, window);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await accepting;
        end.Dispose();
        accepted.Dispose();
    }

    private async Task AcceptAsync()
    {
        var served = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(end.Token);
                Interlocked.Increment(ref connections);
                accepted.Release();
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
            using var request = new DelayedWay(near.Client, far.Client, delay, window, there);
            using var answer = new DelayedWay(far.Client, near.Client, delay, window, back);
            await Task.WhenAll(request.RunAsync(delay * 2, end.Token), answer.RunAsync(TimeSpan.Zero, end.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One of the two is gone, and so is the connection.
        }
    }
}
