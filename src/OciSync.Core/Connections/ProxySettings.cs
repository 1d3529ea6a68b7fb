using System.Security;

namespace OciSync.Core.Connections;

/// <summary>A proxy and who we are there.</summary>
public sealed record ProxySettings
{
    /// <summary>The proxy's URL, <c>http://host:port</c>; null for the one that environment or system name.</summary>
    public Uri? Address { get; init; }

    /// <summary>The user's name at the proxy, or null.</summary>
    public string? Username { get; init; }

    /// <summary>The user's password at the proxy, or null.</summary>
    public SecureString? Password { get; init; }

    /// <summary>The user of this process is who we are at the proxy (Windows logins).</summary>
    public bool UseDefaultCredentials { get; init; }

    /// <summary>The address without a login that its URL may have.</summary>
    public override string ToString() => Address?.GetComponents(UriComponents.SchemeAndServer, UriFormat.Unescaped) ?? "proxy";
}
