using System.Net.Http;
using System.Security.Cryptography.X509Certificates;
using Docker.DotNet.Handler.Abstractions;
#if NET
using System.Net.Security;
#endif

namespace OciSync.Core.Polyfills;

/// <summary>The TLS of a Docker engine: its authority alone is trusted, and our certificate is shown.</summary>
internal sealed class DaemonTls(X509Certificate2Collection authorities, X509Certificate2? client) : IAuthProvider
{
    public bool TlsEnabled => true;

    public HttpMessageHandler ConfigureHandler(HttpMessageHandler handler)
    {
#if NET
        if (handler is SocketsHttpHandler sockets)
        {
            sockets.SslOptions.ClientCertificates = client is null ? null : [client];
            sockets.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(certificate, chain, errors);
            return handler;
        }
#endif
        _ = (authorities, client);
        throw new PlatformNotSupportedException("This version of PowerShell can't reach a Docker engine by TLS; use PowerShell 7");
    }

#if NET
    private bool IsTrusted(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || chain is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        if (authorities.Count == 0)
        {
            return errors == SslPolicyErrors.None;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(authorities);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        return own.Build((X509Certificate2)certificate);
    }
#endif
}
