using System.Net;
using System.Net.Sockets;

namespace OciSync.Core.Http;

/// <summary>How far addresses reach.</summary>
internal static class AddressReaches
{
    internal static AddressReach Of(IPAddress address)
    {
        var actual = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = actual.GetAddressBytes();
        if (IPAddress.IsLoopback(actual) || bytes.All(b => b == 0))
        {
            return AddressReach.Loopback;
        }

        return actual.AddressFamily == AddressFamily.InterNetwork ? OfIPv4(bytes)
            : actual.IsIPv6LinkLocal ? AddressReach.LinkLocal
            : (bytes[0] & 0xFE) == 0xFC || actual.IsIPv6SiteLocal ? AddressReach.Private
            : AddressReach.Public;
    }

    private static AddressReach OfIPv4(byte[] bytes) => (bytes[0], bytes[1]) switch
    {
        (0, _) => AddressReach.Loopback,
        (169, 254) => AddressReach.LinkLocal,
        (10, _) or (192, 168) or (172, >= 16 and <= 31) or (100, >= 64 and <= 127) => AddressReach.Private,
        _ => AddressReach.Public,
    };
}
