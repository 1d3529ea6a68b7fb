using System.Net;

namespace OciSync.Core.Polyfills;

/// <summary>Name resolution; older platforms' can't be cancelled.</summary>
internal static class HostAddresses
{
    internal static Task<IPAddress[]> FindAsync(string host, CancellationToken cancellationToken) =>
#if NET
        Dns.GetHostAddressesAsync(host, cancellationToken);
#else
        Dns.GetHostAddressesAsync(host).JoinAsync(cancellationToken);
#endif
}
