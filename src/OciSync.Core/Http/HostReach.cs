using System.Net;
using OciSync.Core.References;

namespace OciSync.Core.Http;

/// <summary>How far a host reaches, by its name's addresses.</summary>
internal static class HostReach
{
    /// <param name="host">A name or address.</param>
    /// <param name="innermost">Of several addresses the innermost counts; else the outermost.</param>
    /// <param name="resolve">Finds addresses. A name that only a proxy can resolve counts as public.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    internal static async Task<AddressReach> FindAsync(
        string host, bool innermost, Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var literal))
        {
            return AddressReaches.Of(literal);
        }

        if (RegistryHost.IsLoopback(host))
        {
            return AddressReach.Loopback;
        }

        try
        {
            var reaches = (await resolve(host, cancellationToken).ConfigureAwait(false)).Select(AddressReaches.Of).ToList();
            return reaches.Count == 0 ? AddressReach.Public : innermost ? reaches.Min() : reaches.Max();
        }
        catch (System.Net.Sockets.SocketException)
        {
            return AddressReach.Public;
        }
    }

    internal static string Describe(AddressReach reach) => reach switch
    {
        AddressReach.Loopback => "on this machine",
        AddressReach.LinkLocal => "at a link-local address",
        _ => "in a private network",
    };
}
