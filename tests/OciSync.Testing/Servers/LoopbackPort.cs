using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OciSync.Testing.Servers;

/// <summary>
/// Ports for programs that have to be told one. They are none of those that the system gives to connections and to servers which take any
/// (from 32,768 on with Linux, from 49,152 with others): so nobody gets the port between the look and the program's start, or one on which
/// nobody is to listen.
/// </summary>
public static class LoopbackPort
{
    private const int First = 12_000;
    private const int End = 32_000;

    private static readonly ConcurrentDictionary<int, bool> given = new();

    /// <summary>One on which nobody listens, and which this process was not given before.</summary>
    public static int Free()
    {
        for (var i = 0; i < 1000; i++)
        {
            var port = Random.Shared.Next(First, End);
            if (IsFree(port) && given.TryAdd(port, true))
            {
                return port;
            }
        }

        throw new InvalidOperationException("There is no free port on 127.0.0.1.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
