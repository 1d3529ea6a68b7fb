using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
#if NET
using System.Net.Security;
#endif

namespace OciSync.Core.Polyfills;

/// <summary>The platform's HTTP handler, set up alike on each: no redirects, cookies or decompression of its own.</summary>
internal static class HttpHandlers
{
#if NET
    /// <summary>A handler can be on a stream in place of a connection.</summary>
    internal static readonly bool TakesStreams = true;

    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(30);

    internal static HttpMessageHandler Create(ConnectionChecks checks, IWebProxy proxy) => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = _connectTimeout,
        // Tracing ids would be a header and a handler more for each request.
        ActivityHeadersPropagator = null,
        // An async ValueTask could not be compiled ahead (Polyfills/AsyncTaskMethodBuilder).
        ConnectCallback = (context, token) => new ValueTask<Stream>(ConnectAsync(context, checks, token)),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        Expect100ContinueTimeout = TimeSpan.FromSeconds(1),
        Proxy = proxy,
        SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            LocalCertificateSelectionCallback = (_, target, _, server, issuers) => checks.Choose(target, server, issuers)!,
            RemoteCertificateValidationCallback = (stream, certificate, chain, errors) =>
                checks.Validate(((SslStream)stream).TargetHostName, certificate, chain, errors),
        },
    };

    /// <summary>The same handler on a stream in place of a connection.</summary>
    /// <exception cref="PlatformNotSupportedException">There is no such thing (<see cref="TakesStreams"/>).</exception>
    internal static HttpMessageHandler CreateOn(Stream stream, ConnectionChecks checks, IWebProxy proxy)
    {
        var handler = (SocketsHttpHandler)Create(checks, proxy);
        handler.ConnectCallback = (_, _) => new ValueTask<Stream>(stream);
        return handler;
    }

    /// <summary>Connects to a name or address.</summary>
    /// <exception cref="PlatformNotSupportedException">The handler opens its own connections (<see cref="TakesStreams"/>).</exception>
    internal static async Task<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // An address needs no resolver.
            EndPoint place = IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);
            await socket.ConnectAsync(place, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch (Exception)
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, ConnectionChecks checks, CancellationToken cancellationToken)
    {
        var place = context.DnsEndPoint;
        var socket = await checks.TakeReady(place, cancellationToken).ConfigureAwait(false)
            ?? await ConnectAsync(place.Host, place.Port, cancellationToken).ConfigureAwait(false);
        try
        {
            checks.GuardAddress(context.InitialRequestMessage, place.Host, ((IPEndPoint)socket.RemoteEndPoint!).Address);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception)
        {
            socket.Dispose();
            throw;
        }
    }
#else
    internal static readonly bool TakesStreams = false;

    internal static HttpMessageHandler Create(ConnectionChecks checks, IWebProxy proxy)
    {
        var handler = new HttpClientHandler
        {
            SslProtocols = SslProtocols.Tls12,
            Proxy = proxy,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxConnectionsPerServer = 64,
            ServerCertificateCustomValidationCallback = (request, certificate, chain, errors) =>
                checks.Validate(request.RequestUri.Host, certificate, chain, errors),
        };
        if (checks.Client is { } client)
        {
            handler.ClientCertificateOptions = ClientCertificateOption.Manual;
            handler.ClientCertificates.Add(client);
        }

        return handler;
    }

    internal static HttpMessageHandler CreateOn(Stream stream, ConnectionChecks checks, IWebProxy proxy) => throw new PlatformNotSupportedException();

    internal static Task<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken) => throw new PlatformNotSupportedException();
#endif
}
