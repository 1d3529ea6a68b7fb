using System.Globalization;
using System.Runtime.InteropServices;

namespace OciSync.Core.Machine;

/// <summary>
/// What this machine says from outside: environment variables, and the folders where settings of containers' tools are. It is handed in,
/// so that a test stands in a world of its own.
/// </summary>
internal sealed record MachinePlaces
{
    /// <summary>An environment variable, or null.</summary>
    internal Func<string, string?> Variable { get; init; } = static _ => null;

    /// <summary>The folder of the user's containers settings, or null.</summary>
    internal string? UserFolder { get; init; }

    /// <summary>The folders of the machine's containers settings; the first that has a file wins.</summary>
    internal IReadOnlyList<string> SystemFolders { get; init; } = [];

    /// <summary>The user's number, 0 for root; null where there are none. Some of the machine's settings are for root alone, or for the others.</summary>
    internal int? UserId { get; init; }

    /// <summary>Docker's own folder of the machine, or null.</summary>
    internal string? DockerFolder { get; init; }

    /// <summary>The folder for what may be deleted at any time, or null.</summary>
    internal string? CacheFolder { get; init; }

    /// <summary>The system has a proxy setting beside the environment's.</summary>
    internal bool HasSystemProxy { get; init; }

    /// <summary>
    /// The folders of a kind of setting in one of the machine's folders, least first (containers-config(5), "Search Locations"): for all, then
    /// for root, or for the others and for this one of them. <c>registries.conf.d</c> gives <c>registries.rootless.conf.d/1000</c>.
    /// </summary>
    /// <param name="system">One of <see cref="SystemFolders"/>.</param>
    /// <param name="name">The kind, such as <c>registries</c>.</param>
    /// <param name="extension">What follows, such as <c>.conf.d</c>.</param>
    internal IEnumerable<string> DropInFolders(string system, string name, string extension)
    {
        yield return Path.Combine(system, name + extension);
        if (UserId == 0)
        {
            yield return Path.Combine(system, name + ".rootful" + extension);
        }
        else if (UserId is { } id)
        {
            var rootless = Path.Combine(system, name + ".rootless" + extension);
            yield return rootless;
            yield return Path.Combine(rootless, id.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Environment, folders and files of this machine, as the process sees them now.</summary>
    internal static MachinePlaces Current()
    {
        var isWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
        var variable = (string name) => Environment.GetEnvironmentVariable(name);
        return isWindows ? ForWindows(variable) : ForUnix(variable);
    }

    private static MachinePlaces ForWindows(Func<string, string?> variable)
    {
        var programData = Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData);
        return new MachinePlaces
        {
            Variable = variable,
            UserFolder = Below(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "containers"),
            SystemFolders = Below(programData, "containers") is { } folder ? [folder] : [],
            DockerFolder = Below(programData, "docker"),
            CacheFolder = Below(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), Path.Combine("OciSync", "cache")),
            HasSystemProxy = true,
        };
    }

    private static MachinePlaces ForUnix(Func<string, string?> variable)
    {
        var config = variable("XDG_CONFIG_HOME") is { Length: > 0 } xdg
            ? xdg
            : Below(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        return new MachinePlaces
        {
            Variable = variable,
            UserFolder = Below(config, "containers"),
            SystemFolders = ["/etc/containers", "/usr/share/containers"],
            UserId = UnixUser.FindId(),
            DockerFolder = "/etc/docker",
            CacheFolder = Below(CacheOf(variable), "OciSync"),
        };
    }

    private static string? CacheOf(Func<string, string?> variable)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return variable("XDG_CACHE_HOME") is { Length: > 0 } xdg ? xdg
            : Below(home, RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? Path.Combine("Library", "Caches") : ".cache");
    }

    private static string? Below(string? folder, string name) => string.IsNullOrEmpty(folder) ? null : Path.Combine(folder!, name);
}
