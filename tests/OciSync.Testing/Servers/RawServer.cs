using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OciSync.Testing.Servers;

/// <summary>A server that says what no web server would: a test writes the bytes of each answer. One request a connection.</summary>
public sealed class RawServer : IAsyncDisposable
{
    private const byte TlsHandshake = 0x16;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ended = new();
    private readonly Func<string, Stream, CancellationToken, Task> answer;
    private readonly List<string> requests = [];
    private readonly List<Task> connections = [];
    private readonly Task serving;

    private readonly string[] greeting;

    private RawServer(Func<string, Stream, CancellationToken, Task> answer, string[] greeting)
    {
        this.answer = answer;
        this.greeting = greeting;
        listener.Start();
        serving = ServeAsync();
    }

    /// <summary>Host and port.</summary>
    public string Address => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>The first lines of the requests, in order.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (requests)
            {
                return [.. requests];
            }
        }
    }

    /// <summary>Starts a server.</summary>
    /// <param name="answer">Is given the head of each request and writes what it likes; an empty 200 for <c>/v2/</c> is written by itself.</param>
    /// <param name="greeting">Headers of that answer to <c>/v2/</c>.</param>
    public static RawServer Start(Func<string, Stream, CancellationToken, Task> answer, params string[] greeting) => new(answer, greeting);

    /// <summary>The bytes of an answer's head, with one header line more in each of <paramref name="headers"/>.</summary>
    public static byte[] Head(int status, params string[] headers) =>
        Encoding.Latin1.GetBytes($"HTTP/1.1 {status} x\r\nConnection: close\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n");

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        listener.Stop();
        await serving;
        Task[] open;
        lock (requests)
        {
            open = [.. connections];
        }

        await Task.WhenAll(open);
        ended.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(ended.Token);
                lock (requests)
                {
                    connections.Add(Task.Run(() => TalkAsync(client)));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            return;
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            var stream = client.GetStream();
            var head = await ReadHeadAsync(stream);
            var line = head.Split("\r\n")[0];
            if (head.Length == 0)
            {
                // A greeting in TLS: this is a plain server, and says so.
                await stream.WriteAsync(Head(400), ended.Token);
                return;
            }

            if (line.StartsWith("GET /v2/ ", StringComparison.Ordinal))
            {
                await stream.WriteAsync(Head(200, ["Content-Length: 0", .. greeting]), ended.Token);
                return;
            }

            lock (requests)
            {
                requests.Add(line);
            }

            await answer(head, stream, ended.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // The client went, or the test is over.
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var buffer = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(buffer, ended.Token) == 1)
        {
            if (head.Length == 0 && buffer[0] == TlsHandshake)
            {
                return string.Empty;
            }

            head.Append((char)buffer[0]);
        }

        return head.ToString();
    }
}
