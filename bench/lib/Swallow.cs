using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

/// <summary>Clients that take answers as cheaply as the system lets them, and keep nothing: what is measured is the server.</summary>
public static class Swallow
{
    // Linux throws away what is received with this flag (tcp(7), MSG_TRUNC), without a copy.
    private static readonly SocketFlags Away = RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? SocketFlags.Truncated : SocketFlags.None;

    /// <summary>So many clients at once, each with a connection of its own: the seconds until each has the whole answer.</summary>
    public static double[] Get(int port, string path, int clients)
    {
        var seconds = new double[clients];
        var failure = default(Exception);
        var clock = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, clients).Select(i => new Thread(() =>
        {
            try
            {
                using (var socket = Connect(port))
                {
                    Ask(socket, port, path, new byte[1 << 20]);
                    seconds[i] = clock.Elapsed.TotalSeconds;
                }
            }
            catch (Exception e)
            {
                failure = e;
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        return failure == null ? seconds : throw new InvalidOperationException(failure.Message, failure);
    }

    /// <summary>Answers a second, one after the other on each of so many connections.</summary>
    public static double Rate(int port, string path, int connections, double seconds)
    {
        long count = 0;
        var failure = default(Exception);
        var clock = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, connections).Select(i => new Thread(() =>
        {
            try
            {
                using (var socket = Connect(port))
                {
                    var buffer = new byte[1 << 16];
                    while (clock.Elapsed.TotalSeconds < seconds)
                    {
                        Ask(socket, port, path, buffer);
                        Interlocked.Increment(ref count);
                    }
                }
            }
            catch (Exception e)
            {
                failure = e;
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        return failure == null ? count / clock.Elapsed.TotalSeconds : throw new InvalidOperationException(failure.Message, failure);
    }

    private static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    private static void Ask(Socket socket, int port, string path, byte[] buffer)
    {
        socket.Send(Encoding.ASCII.GetBytes("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n"));
        var filled = 0;
        int end;
        do
        {
            var read = socket.Receive(buffer, filled, buffer.Length - filled, SocketFlags.None);
            filled += read > 0 ? read : throw new InvalidOperationException("The connection ended in the head of an answer.");
            end = Encoding.ASCII.GetString(buffer, 0, Math.Min(filled, 8192)).IndexOf("\r\n\r\n", StringComparison.Ordinal);
        }
        while (end < 0);
        var head = Encoding.ASCII.GetString(buffer, 0, end);
        var length = head.Split('\n').First(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Split(':')[1].Trim();
        var left = long.Parse(length, CultureInfo.InvariantCulture) - (filled - end - 4);
        if (head.Split(' ')[1] != "200")
        {
            throw new InvalidOperationException(head.Split('\r')[0] + " for " + path);
        }

        while (left > 0)
        {
            var read = socket.Receive(buffer, 0, (int)Math.Min(buffer.Length, left), Away);
            left -= read > 0 ? read : throw new InvalidOperationException("The connection ended " + left + " bytes too early.");
        }
    }
}
