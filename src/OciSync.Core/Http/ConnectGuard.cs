using System.Net;
using System.Net.Http;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Http;

/// <summary>
/// Refuses a connection that leads further inside than a request may go, by the address that is really connected. Older platforms don't
/// show it: there the names are resolved and checked beforehand, and nothing else.
/// </summary>
internal static class ConnectGuard
{
    private static readonly RequestNote<AddressReach> _innermost = new("OciSync.InnermostReach");

    internal static void Set(HttpRequestMessage request, AddressReach innermost) => _innermost.Set(request, innermost);

    /// <summary>Sets it where nothing narrower is set.</summary>
    internal static void SetDefault(HttpRequestMessage request, AddressReach innermost) =>
        _innermost.Set(request, _innermost.Find(request) ?? innermost);

    /// <summary>What holds for a request holds for where it is redirected.</summary>
    internal static void Copy(HttpRequestMessage from, HttpRequestMessage to)
    {
        if (_innermost.Find(from) is { } innermost)
        {
            _innermost.Set(to, innermost);
        }
    }

    /// <summary>Looks at the address that was connected for a request; a proxy may be anywhere, as it is not the host that was asked for.</summary>
    /// <exception cref="OciException">It is further inside than the request may go.</exception>
    internal static void Check(HttpRequestMessage request, string host, IPAddress address)
    {
        if (_innermost.Find(request) is { } innermost
            && string.Equals(host, request.RequestUri!.IdnHost, StringComparison.OrdinalIgnoreCase)
            && AddressReaches.Of(address) < innermost)
        {
            throw new OciException(
                OciErrorKind.ProtocolError,
                $"'{RegistryUris.Redact(request.RequestUri)}', which a registry named, turned out to be at {address}, "
                + "further inside than the registry; nothing was sent there.");
        }
    }
}
