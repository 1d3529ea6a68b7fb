using System.Net;
using System.Net.Http;
using System.Security.Authentication;
#if NET
using System.Net.Security;
using System.Net.Sockets;
#endif

namespace OciSync.Core.Polyfills;

/// <summary>The platform's HTTP handler, set up alike on each: no redirects, cookies or decompression of its own.</summary>
internal static class HttpHandlers
{
#if NET
    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(30);

    internal static HttpMessageHandler Create(ConnectionChecks checks, IWebProxy proxy) => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = _connectTimeout,
        ConnectCallback = (context, token) => ConnectAsync(context, checks, token),
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

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, ConnectionChecks checks, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            checks.GuardAddress(context.InitialRequestMessage, context.DnsEndPoint.Host, ((IPEndPoint)socket.RemoteEndPoint!).Address);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception)
        {
            socket.Dispose();
            throw;
        }
    }
#else
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
#endif
}
