using System.Net;
using OciSync.Core.References;

namespace OciSync.Core.Http;

/// <summary>Where a redirect may lead, and with what.</summary>
internal static class RedirectRules
{
    internal const int MaxRedirects = 8;

    internal static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    /// <summary>The method stays, and so does a body (RFC 9110, 15.4.8 and 15.4.9).</summary>
    internal static bool KeepsBody(HttpStatusCode status) => (int)status is 307 or 308;

    /// <summary>Says why a redirect isn't followed, or null when it may be.</summary>
    internal static string? FindFault(Uri from, Uri to)
    {
        if (to.Scheme is not ("http" or "https"))
        {
            return $"it leads to the scheme '{to.Scheme}'";
        }

        if (from.Scheme == "https" && to.Scheme == "http")
        {
            return "it leads from https to http";
        }

        return IsLocal(to) && !IsLocal(from) ? "it leads from a public host to a local one" : null;
    }

    /// <summary>Credentials stay only where scheme, host and port stay.</summary>
    internal static bool KeepsAuthorization(Uri from, Uri to) =>
        from.Scheme == to.Scheme && from.Port == to.Port && string.Equals(from.Host, to.Host, StringComparison.OrdinalIgnoreCase);

    internal static bool IsLocal(Uri uri) =>
        RegistryHost.IsLoopback(uri)
        || (IPAddress.TryParse(uri.Host, out var address) && IsLinkLocal(address));

    private static bool IsLinkLocal(IPAddress address) =>
        address.IsIPv6LinkLocal || (address.GetAddressBytes() is { Length: 4 } bytes && bytes[0] == 169 && bytes[1] == 254);
}
