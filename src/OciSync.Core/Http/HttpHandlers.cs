using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Security.Authentication;
using OciSync.Core.Certificates;
using OciSync.Core.Connections;

namespace OciSync.Core.Http;

/// <summary>The platform's HTTP handler, set up alike on each: no redirects, cookies or decompression of its own.</summary>
internal static class HttpHandlers
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    internal static HttpMessageHandler Create(CertificateCheck check, ProxyChoice proxy)
    {
#if NET
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = ConnectTimeout,
            ConnectCallback = ConnectGuard.ConnectAsync,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            Expect100ContinueTimeout = TimeSpan.FromSeconds(1),
            Proxy = proxy,
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                LocalCertificateSelectionCallback = (_, target, _, server, issuers) => check.Choose(target, server, issuers)!,
                RemoteCertificateValidationCallback = (stream, certificate, chain, errors) =>
                    check.Validate(((SslStream)stream).TargetHostName, certificate, chain, errors),
            },
        };
        return handler;
#else
        _ = ConnectTimeout;
        var handler = new HttpClientHandler
        {
            SslProtocols = SslProtocols.Tls12,
            Proxy = proxy,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxConnectionsPerServer = 64,
            ServerCertificateCustomValidationCallback = (request, certificate, chain, errors) =>
                check.Validate(request.RequestUri.Host, certificate, chain, errors),
        };
        if (check.Client is { } client)
        {
            handler.ClientCertificateOptions = ClientCertificateOption.Manual;
            handler.ClientCertificates.Add(client);
        }

        return handler;
#endif
    }
}
