using System.Net;
using System.Net.NetworkInformation;
using OciSync.Core.Certificates;

namespace OciSync.Core.Serving;

/// <summary>The names under which a server is asked.</summary>
internal static class ServerNames
{
    /// <summary>The names that a <c>Host</c> header may have: this machine's, the certificate's, and those that were given.</summary>
    internal static IReadOnlyList<string> All(RegistryServerSettings settings)
    {
        var names = settings.HostNames.ToList();
        names.AddRange(settings.Certificate is { } certificate ? CertificateNames.Of(certificate) : []);
        if (!settings.IsLoopback)
        {
            names.AddRange(OfThisMachine());
        }

        return names;
    }

    /// <summary>The address that users are told.</summary>
    internal static Uri UriOf(RegistryServerSettings settings, int port)
    {
        var isAny = settings.Address.Equals(IPAddress.Any) || settings.Address.Equals(IPAddress.IPv6Any);
        var host = isAny ? OfThisMachine()[0] : settings.Address.ToString();
        return new UriBuilder(settings.Certificate is null ? "http" : "https", host, port).Uri;
    }

    private static string[] OfThisMachine()
    {
        var name = Environment.MachineName.ToLowerInvariant();
        try
        {
            var global = IPGlobalProperties.GetIPGlobalProperties();
            return global.DomainName.Length == 0 ? [global.HostName, name] : [global.HostName + "." + global.DomainName, global.HostName, name];
        }
        catch (NetworkInformationException)
        {
            // Then its short name alone.
            return [name];
        }
    }
}
