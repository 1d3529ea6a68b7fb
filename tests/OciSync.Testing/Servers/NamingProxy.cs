using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OciSync.Testing.Servers;

/// <summary>
/// A small http proxy on loopback: tunnels (CONNECT) and plain requests. All names lead to 127.0.0.1 here, as if it were the proxy's DNS;
/// a login may be asked for.
/// </summary>
public sealed class NamingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<string> heads = new();
    private readonly string? login;

    private NamingProxy(string? login) => this.login = login;

    /// <summary>The port.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Where it is.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>The request lines and headers it was asked with.</summary>
    public IReadOnlyCollection<string> Heads => heads;

    /// <summary>Starts one; with a login (user:password) requests without it are answered 407.</summary>
    public static NamingProxy Start(string? login = null)
    {
        var proxy = new NamingProxy(login);
        proxy.listener.Start();
        _ = proxy.AcceptAsync();
        return proxy;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var disposed = client;
        try
        {
            var stream = client.GetStream();
            while (await ReadHeadAsync(stream) is { } head && await AnswerAsync(head, stream))
            {
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client or the server went.
        }
    }

    // True when the connection is to be read on.
    private async Task<bool> AnswerAsync(string head, NetworkStream client)
    {
        heads.Enqueue(head);
        var line = head.Split("\r\n")[0].Split(' ');
        if (login is not null
            && !head.Contains("Proxy-Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(login)), StringComparison.OrdinalIgnoreCase))
        {
            await WriteAsync(client, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"gate\"\r\nContent-Length: 0\r\n\r\n");
            return true;
        }

        var isTunnel = line[0] == "CONNECT";
        var target = new Uri(isTunnel ? "http://" + line[1] : line[1]);
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, target.Port, stop.Token);
        }
        catch (SocketException)
        {
            await WriteAsync(client, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
            return true;
        }

        var upstream = server.GetStream();
        if (isTunnel)
        {
            await WriteAsync(client, "HTTP/1.1 200 Connection established\r\n\r\n");
        }
        else
        {
            await WriteAsync(upstream, Forward(head, line, target));
        }

        await Task.WhenAny(client.CopyToAsync(upstream, stop.Token), upstream.CopyToAsync(client, stop.Token));
        return false;
    }

    // One request a connection, without what is for the proxy alone.
    private static string Forward(string head, string[] line, Uri target)
    {
        var headers = head.Split("\r\n").Skip(1)
            .Where(h => !h.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase) && !h.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase));
        return $"{line[0]} {target.PathAndQuery} HTTP/1.1\r\nConnection: close\r\n{string.Join("\r\n", headers)}";
    }

    private async Task<string?> ReadHeadAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var buffer = new byte[1];
        while (await stream.ReadAsync(buffer, stop.Token) == 1)
        {
            head.Add(buffer[0]);
            if (buffer[0] == '\n' && head.Count >= 4 && head[^3] == '\n')
            {
                return Encoding.ASCII.GetString([.. head]);
            }
        }

        return null;
    }

    private async Task WriteAsync(NetworkStream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text), stop.Token);
}
