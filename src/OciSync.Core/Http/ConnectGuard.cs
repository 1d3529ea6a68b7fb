using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using OciSync.Core.Connections;
using OciSync.Core.Errors;

namespace OciSync.Core.Http;

/// <summary>
/// Refuses a connection that leads further inside than a request may go, by the address that is really connected. Older platforms don't
/// show it: there the names are resolved and checked beforehand, and nothing else.
/// </summary>
internal static class ConnectGuard
{
#if NET
    private static readonly HttpRequestOptionsKey<AddressReach> Key = new("OciSync.InnermostReach");
#endif

    internal static void Set(HttpRequestMessage request, AddressReach innermost)
    {
#if NET
        request.Options.Set(Key, innermost);
#else
        _ = (request, innermost);
#endif
    }

    /// <summary>Sets it where nothing narrower is set.</summary>
    internal static void SetDefault(HttpRequestMessage request, AddressReach innermost)
    {
#if NET
        if (!request.Options.TryGetValue(Key, out _))
        {
            request.Options.Set(Key, innermost);
        }
#else
        _ = (request, innermost);
#endif
    }

    /// <summary>What holds for a request holds for where it is redirected.</summary>
    internal static void Copy(HttpRequestMessage from, HttpRequestMessage to)
    {
#if NET
        if (from.Options.TryGetValue(Key, out var innermost))
        {
            to.Options.Set(Key, innermost);
        }
#else
        _ = (from, to);
#endif
    }

#if NET
    internal static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            Check(context, ((IPEndPoint)socket.RemoteEndPoint!).Address);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception)
        {
            socket.Dispose();
            throw;
        }
    }

    // A proxy may be anywhere; it is not the host that was asked for.
    private static void Check(SocketsHttpConnectionContext context, IPAddress address)
    {
        var request = context.InitialRequestMessage;
        if (request.Options.TryGetValue(Key, out var innermost)
            && string.Equals(context.DnsEndPoint.Host, request.RequestUri!.IdnHost, StringComparison.OrdinalIgnoreCase)
            && AddressReaches.Of(address) < innermost)
        {
            throw new OciException(
                OciErrorKind.ProtocolError,
                $"'{RegistryUris.Redact(request.RequestUri)}', which a registry named, turned out to be at {address}, further inside than the registry; nothing was sent there.");
        }
    }
#endif
}
