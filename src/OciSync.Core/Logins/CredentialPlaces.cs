using System.Globalization;
using OciSync.Core.AuthFiles;
using OciSync.Core.Machine;

namespace OciSync.Core.Logins;

/// <summary>
/// Where logins are kept in files, first place first: containers-auth.json(5), then docker's. A file that is named with
/// <c>-AuthFilePath</c> or <c>REGISTRY_AUTH_FILE</c> is the only one.
/// </summary>
internal static class CredentialPlaces
{
    internal const string AuthFileVariable = "REGISTRY_AUTH_FILE";

    /// <summary>The file that is the only one, or null.</summary>
    internal static string? FindExclusive(UserEnvironment environment, string? authFilePath) =>
        authFilePath is { Length: > 0 } ? authFilePath : environment.Find(AuthFileVariable);

    internal static IReadOnlyList<AuthFilePlace> Find(UserEnvironment environment, string? authFilePath)
    {
        if (FindExclusive(environment, authFilePath) is { } only)
        {
            return [new AuthFilePlace(only) { IsRequired = authFilePath is { Length: > 0 } }];
        }

        var config = environment.Find("XDG_CONFIG_HOME") ?? Path.Combine(environment.Home, ".config");
        var places = new List<AuthFilePlace>
        {
            new(Path.Combine(environment.IsLinux ? RuntimeFolder(environment) : Path.Combine(environment.Home, ".config", "containers"), "auth.json")),
            new(Path.Combine(config, "containers", "auth.json")),
            new(FindDockerConfig(environment)),
            new(Path.Combine(environment.Home, ".dockercfg")) { IsLegacy = true },
        };
        return places.GroupBy(p => p.Path, StringComparer.Ordinal).Select(g => g.First()).ToList();
    }

    /// <summary>The file that a login is stored in.</summary>
    internal static string FindTarget(UserEnvironment environment, string? authFilePath) =>
        FindExclusive(environment, authFilePath) ?? FindDockerConfig(environment);

    private static string FindDockerConfig(UserEnvironment environment) =>
        Path.Combine(environment.Find("DOCKER_CONFIG") ?? Path.Combine(environment.Home, ".docker"), "config.json");

    private static string RuntimeFolder(UserEnvironment environment) =>
        environment.Find("XDG_RUNTIME_DIR") is { } folder
            ? Path.Combine(folder, "containers")
            : "/run/containers/" + (UnixUser.FindId() ?? 0).ToString(CultureInfo.InvariantCulture);
}
