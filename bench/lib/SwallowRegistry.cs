using System;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

/// <summary>
/// A registry that takes all that is pushed and keeps nothing, at as little cost as the system lets it: what is measured is who pushes. It has no image
/// and no blob, whoever asks, and a thread for each connection.
/// </summary>
public sealed class SwallowRegistry : IDisposable
{
    // Linux throws away what is received with this flag (tcp(7), MSG_TRUNC), without a copy.
    private static readonly SocketFlags Away = RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? SocketFlags.Truncated : SocketFlags.None;

    private readonly TcpListener _listener = new TcpListener(IPAddress.Loopback, 0);

    /// <summary>Listens on a free port.</summary>
    public SwallowRegistry()
    {
        _listener.Start(512);
        new Thread(Listen) { IsBackground = true }.Start();
    }

    /// <summary>127.0.0.1 and the port.</summary>
    public string Address { get { return _listener.LocalEndpoint.ToString(); } }

    /// <summary>Takes no more connections; those that are open end with their clients.</summary>
    public void Dispose()
    {
        _listener.Stop();
    }

    private void Listen()
    {
        try
        {
            while (true)
            {
                var socket = _listener.AcceptSocket();
                new Thread(() => Serve(socket), 256 * 1024) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // It was stopped.
        }
    }

    private static void Serve(Socket socket)
    {
        var buffer = new byte[16 * 1024];
        var filled = 0;
        try
        {
            using (socket)
            {
                socket.NoDelay = true;
                while (Receive(socket, buffer, ref filled, out var end))
                {
                    var head = Encoding.ASCII.GetString(buffer, 0, end);
                    if (head.IndexOf("100-continue", StringComparison.OrdinalIgnoreCase) > 0)
                    {
                        socket.Send(Encoding.ASCII.GetBytes("HTTP/1.1 100 Continue\r\n\r\n"));
                    }

                    var rest = Throw(socket, buffer, end + 4, filled, LengthOf(head));
                    Buffer.BlockCopy(buffer, filled - rest, buffer, 0, rest);
                    filled = rest;
                    socket.Send(Encoding.ASCII.GetBytes("HTTP/1.1 " + AnswerTo(head.Substring(0, head.IndexOf("\r\n", StringComparison.Ordinal)))));
                }
            }
        }
        catch (SocketException)
        {
            // The client has gone.
        }
    }

    // Until the end of a request's head is there; false when the client has ended, or speaks TLS.
    private static bool Receive(Socket socket, byte[] buffer, ref int filled, out int end)
    {
        while ((end = Encoding.ASCII.GetString(buffer, 0, filled).IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
        {
            var read = socket.Receive(buffer, filled, buffer.Length - filled, SocketFlags.None);
            filled += read;
            if (buffer[0] == 0x16)
            {
                socket.Send(Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
                return false;
            }

            if (read == 0)
            {
                return false;
            }
        }

        return true;
    }

    // Throws a body away; gives how many bytes behind it are in the buffer.
    private static int Throw(Socket socket, byte[] buffer, int start, int filled, long length)
    {
        var left = length - (filled - start);
        while (left > 0)
        {
            var read = socket.Receive(buffer, 0, (int)Math.Min(buffer.Length, left), Away);
            left -= read > 0 ? read : throw new SocketException((int)SocketError.ConnectionReset);
        }

        return left == 0 ? 0 : (int)-left;
    }

    private static long LengthOf(string head)
    {
        var at = head.IndexOf("\r\nContent-Length:", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return 0;
        }

        var value = head.Substring(at + 17).Split('\r')[0];
        return long.Parse(value, CultureInfo.InvariantCulture);
    }

    private static string AnswerTo(string line)
    {
        var method = line.Split(' ')[0];
        var path = line.Split(' ')[1];
        const string Nothing = "Content-Length: 0\r\n\r\n";
        switch (method)
        {
            case "POST":
                return "202 Accepted\r\nLocation: " + path.Split('?')[0].TrimEnd('/') + "/1\r\n" + Nothing;
            case "PUT":
                return "201 Created\r\nLocation: " + path.Split('?')[0] + "\r\n" + Nothing;
            case "GET" when path == "/v2/":
                return "200 OK\r\nContent-Length: 2\r\n\r\n{}";
            default:
                return "404 Not Found\r\n" + Nothing;
        }
    }
}
