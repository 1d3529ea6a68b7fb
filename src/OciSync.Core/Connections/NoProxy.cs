using System.Globalization;
using System.Net;
using OciSync.Core.References;

namespace OciSync.Core.Connections;

/// <summary>
/// The list in <c>NO_PROXY</c>, as Go programs (docker, skopeo) read it: <c>*</c>, addresses, CIDR ranges, <c>example.com</c> (itself and all
/// below), <c>.example.com</c> and <c>*.example.com</c> (all below), each with a port or without.
/// </summary>
internal static class NoProxy
{
    private static readonly char[] Separators = [',', ' ', '\t', ';'];

    /// <summary>Whether this host is reached without the proxy.</summary>
    internal static bool Matches(string? list, string host, int port)
    {
        var name = host.Trim('[', ']').TrimEnd('.').ToLowerInvariant();
        var address = IPAddress.TryParse(name, out var parsed) ? Unmap(parsed) : null;
        return (list ?? string.Empty).Split(Separators, StringSplitOptions.RemoveEmptyEntries)
            .Any(entry => MatchesEntry(entry.Trim().ToLowerInvariant(), name, address, port));
    }

    private static bool MatchesEntry(string entry, string host, IPAddress? address, int port)
    {
        if (entry == "*")
        {
            return true;
        }

        if (entry.IndexOf('/') is var slash and > 0)
        {
            return address is not null && InRange(entry.Substring(0, slash), entry.Substring(slash + 1), address);
        }

        var (pattern, wanted) = SplitPort(entry);
        if (wanted >= 0 && wanted != port)
        {
            return false;
        }

        if (IPAddress.TryParse(pattern, out var single))
        {
            return address is not null && Unmap(single).Equals(address);
        }

        pattern = pattern.StartsWith("*.", StringComparison.Ordinal) ? pattern.Substring(1) : pattern;
        return pattern.Length > 0 && address is null
            && (pattern[0] == '.'
                ? host.EndsWith(pattern, StringComparison.Ordinal)
                : host == pattern || host.EndsWith("." + pattern, StringComparison.Ordinal));
    }

    // An address of version 6 has colons of its own; with a port it is in brackets.
    private static (string Pattern, int Port) SplitPort(string entry)
    {
        if (entry.IndexOf(':') != entry.LastIndexOf(':') && entry[0] != '[')
        {
            return (entry, -1);
        }

        var (host, port) = RegistryHost.Split(entry);
        return (host.Trim('[', ']').TrimEnd('.'), port);
    }

    private static bool InRange(string network, string prefix, IPAddress address)
    {
        if (!IPAddress.TryParse(network.Trim('[', ']'), out var start) || !int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out var bits))
        {
            return false;
        }

        var (wanted, actual) = (start.GetAddressBytes(), address.GetAddressBytes());
        if (wanted.Length != actual.Length || bits > wanted.Length * 8)
        {
            return false;
        }

        for (var i = 0; i < bits; i++)
        {
            var mask = 0x80 >> (i % 8);
            if ((wanted[i / 8] & mask) != (actual[i / 8] & mask))
            {
                return false;
            }
        }

        return true;
    }

    private static IPAddress Unmap(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
