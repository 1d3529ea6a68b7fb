using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace OciSync.Core.Polyfills;

/// <summary>What the platform's HTTP handler asks while it connects.</summary>
internal sealed class ConnectionChecks
{
    /// <summary>Our own certificate, or null; for platforms that ask for it once and for all.</summary>
    internal required X509Certificate2? Client { get; init; }

    /// <summary>Our certificate for a connection: by the host, its certificate and the issuers that it names.</summary>
    internal required Func<string, X509Certificate?, string[]?, X509Certificate?> Choose { get; init; }

    /// <summary>Whether a host's certificate is good.</summary>
    internal required Func<string, X509Certificate?, X509Chain?, SslPolicyErrors, bool> Validate { get; init; }

    /// <summary>Throws where a request may not go to the address that its host, or its proxy, turned out to have. Older platforms don't ask.</summary>
    internal required Action<HttpRequestMessage, string, IPAddress> GuardAddress { get; init; }

    /// <summary>A connection to a place that was opened ahead, or null. Older platforms don't ask.</summary>
    internal required Func<DnsEndPoint, CancellationToken, Task<Socket?>> TakeReady { get; init; }
}
