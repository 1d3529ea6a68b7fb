using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Security.Authentication;
using OciSync.Core.Certificates;
using OciSync.Core.Connections;

#if NET
#endif

namespace OciSync.Core.Http;

/// <summary>The platform's HTTP handler, set up alike on each: no redirects, cookies or decompression of its own.</summary>
internal static class HttpHandlers
{
    /// <summary>Whether the platform tells that a server asked for a certificate of ours.</summary>
#if NET
    internal const bool TellsOfClientCertificates = true;
#else
    internal const bool TellsOfClientCertificates = false;
#endif

#if NET
    internal static HttpMessageHandler Create(CertificateCheck check, ProxyChoice proxy) =>
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(30),
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
#else
    internal static HttpMessageHandler Create(CertificateCheck check, ProxyChoice proxy)
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
                check.Validate(request.RequestUri.Host, certificate, chain, errors),
        };
        if (check.Client is { } client)
        {
            handler.ClientCertificateOptions = ClientCertificateOption.Manual;
            handler.ClientCertificates.Add(client);
        }

        return handler;
    }
#endif
}
