using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OciSync.Core.Text;

namespace OciSync.Core.References;

/// <summary>Host names of registries: which part of a name is one, Docker Hub's aliases, loopback.</summary>
internal static class RegistryHost
{
    internal const string DockerHub = "docker.io";
    internal const string DockerHubLibrary = "library/";

    /// <summary>A first path part is a host when it has a dot, a port or a bracket, or is <c>localhost</c>.</summary>
    internal static bool LooksLikeHost(string part) =>
        part.Equals("localhost", StringComparison.OrdinalIgnoreCase) || part.IndexOfAny(['.', ':', '[']) >= 0;

    // Letters beyond ASCII stay as they are: some have an ASCII letter as their lower case (the Kelvin sign has k) and would name
    // another host.
    internal static string Normalize(string host)
    {
        var lower = new string(host.Select(c => c is >= 'A' and <= 'Z' ? (char)(c + ('a' - 'A')) : c).ToArray());
        return lower is "index.docker.io" or "registry-1.docker.io" or "registry.hub.docker.com" ? DockerHub : lower;
    }

    /// <summary>Host and port apart; the port is -1 when there is none. IPv6 hosts keep their brackets.</summary>
    internal static (string Host, int Port) Split(string registry)
    {
        var colon = registry.LastIndexOf(':');
        if (colon <= registry.LastIndexOf(']'))
        {
            return (registry, -1);
        }

        // The platform's reader lets NULs follow a number.
        var digits = registry.Substring(colon + 1);
        var valid = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && digits.All(c => c is >= '0' and <= '9');
        return (registry.Substring(0, colon), valid ? port : 0);
    }

    /// <summary>Whether a URL leads to this machine; its IPv6 host may come without brackets.</summary>
    internal static bool IsLoopback(Uri address) =>
        IsLoopback(address.Host.Contains(":") && address.Host[0] != '[' ? $"[{address.Host}]" : address.Host);

    internal static bool IsLoopback(string registry)
    {
        var host = Split(registry).Host.Trim('[', ']');
        return host == "localhost" || host.EndsWith(".localhost", StringComparison.Ordinal)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }

    internal static string? FindFault(string registry)
    {
        var (host, port) = Split(registry);
        if (port == 0 || port > 65535)
        {
            return $"the port in '{Printable.Text(registry)}' is not a number from 1 to 65535";
        }

        if (host.StartsWith("[", StringComparison.Ordinal))
        {
            return IsBracketedIPv6(host) ? null : $"'{Printable.Text(host)}' is not an IPv6 address in brackets";
        }

        return host.Split('.').All(IsLabel) ? null : $"'{Printable.Text(host)}' is not a host name";
    }

    // Without a zone: it is a name of this machine's only, and no URL takes it as it is.
    private static bool IsBracketedIPv6(string host)
    {
        var inner = host.Substring(1, Math.Max(0, host.Length - 2));
        return host[host.Length - 1] == ']' && inner.All(c => c is >= '0' and <= '9' or >= 'a' and <= 'f' or ':' or '.')
            && IPAddress.TryParse(inner, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[label.Length - 1] != '-'
        && label.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-' or '_');
}
