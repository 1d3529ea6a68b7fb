using System.Net.Sockets;
using System.Text;

namespace OciSync.Module.Tests.Serving;

/// <summary>Sends bytes as they are, and reads until the server has closed the connection.</summary>
internal static class RawClient
{
    internal static async Task<string> SendAsync(int port, string text, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, cancellationToken);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(text), cancellationToken);
        }
        catch (IOException)
        {
            // The server has had enough: what it said is read all the same.
        }

        return await ReadAsync(stream, cancellationToken);
    }

    internal static async Task<string> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        try
        {
            await stream.CopyToAsync(all, cancellationToken);
        }
        catch (IOException)
        {
            // A reset: what came before it counts.
        }

        return Encoding.Latin1.GetString(all.ToArray());
    }

    internal static Task<string> GetAsync(int port, string target, CancellationToken cancellationToken, string host = "localhost", string more = "") =>
        SendAsync(port, $"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n", cancellationToken);
}
