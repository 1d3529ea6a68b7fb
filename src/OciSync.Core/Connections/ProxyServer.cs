using System.Net;
using OciSync.Core.Errors;

namespace OciSync.Core.Connections;

/// <summary>A proxy's address without the login that its URL may have, the login, and where the setting comes from.</summary>
internal sealed record ProxyServer(Uri Address, string Source)
{
    internal ICredentials? Login { get; init; }

    /// <summary>Reads a URL; <c>host:port</c> is one of http. A fault never shows the text: it may hold a password.</summary>
    internal static ProxyServer Parse(string text, string source)
    {
        var url = text.Contains("://") ? text : "http://" + text;
        return Uri.TryCreate(url.Trim(), UriKind.Absolute, out var uri)
            && uri.Host.Length > 0
            && uri.Scheme is "http" or "https" or "socks4" or "socks4a" or "socks5"
            ? Create(uri!, source)
            : throw new OciException(OciErrorKind.ConfigurationInvalid, $"{source} does not hold the URL of a proxy; it is written as http://host:port.");
    }

    internal static ProxyServer Create(Uri uri, string source)
    {
        var address = new UriBuilder(uri.Scheme, uri.Host, uri.Port).Uri;
        if (uri.UserInfo.Length == 0)
        {
            return new ProxyServer(address, source);
        }

        var colon = uri.UserInfo.IndexOf(':');
        var user = Uri.UnescapeDataString(colon < 0 ? uri.UserInfo : uri.UserInfo.Substring(0, colon));
        var password = colon < 0 ? string.Empty : Uri.UnescapeDataString(uri.UserInfo.Substring(colon + 1));
        return new ProxyServer(address, source) { Login = new NetworkCredential(user, password) };
    }

    /// <summary>Address and source; no login.</summary>
    public override string ToString() => $"'{Address.GetComponents(UriComponents.SchemeAndServer, UriFormat.Unescaped)}' ({Source})";
}
