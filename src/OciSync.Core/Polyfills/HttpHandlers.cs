using System.Net;
using System.Net.Http;
using OciSync.Core.Http;
#if NET
using System.Net.Security;
#endif

namespace OciSync.Core.Polyfills;

/// <summary>The platform's HTTP handler, set up alike on each: no redirects, cookies or decompression of its own.</summary>
internal static class HttpHandlers
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    internal static HttpMessageHandler Create(CertificateCheck check)
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
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) => check.Validate(certificate, chain, errors),
            },
        };
        return handler;
#else
        _ = ConnectTimeout;
        return new HttpClientHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxConnectionsPerServer = 64,
            ServerCertificateCustomValidationCallback = (_, certificate, chain, errors) => check.Validate(certificate, chain, errors),
        };
#endif
    }
}
