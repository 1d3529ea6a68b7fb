using OciSync.Core.Connections;
using OciSync.Core.Logins;
using OciSync.Core.Machine;
using OciSync.Core.References;

namespace OciSync.Core.MirrorFiles;

/// <summary>Which registries speak http, as far as this session and this machine know without asking them.</summary>
public static class PlainHosts
{
    /// <summary>What the session said of the registry, else registries.conf; a loopback host has no certificate as a rule.</summary>
    /// <exception cref="Errors.OciException">registries.conf can't be read.</exception>
    public static Func<string, bool> Of(RegistrySessions sessions)
    {
        var config = RegistriesConfig.Load(MachinePlaces.Current(), null);
        return host => sessions.Find(host) is { } session ? session.Settings.PlainHttp : config.IsInsecure(host) || RegistryHost.IsLoopback(host);
    }

    /// <summary>A name of this machine for itself.</summary>
    public static bool IsLoopback(string host) => RegistryHost.IsLoopback(host);
}
