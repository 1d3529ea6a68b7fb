using System.Diagnostics;

namespace OciSync.Testing.Servers;

/// <summary>
/// Programs of Debian 13 beside an older system: skopeo 1.18 as <c>skopeo-1.18</c> and cosign 2 as <c>cosign-2</c> on the path, or unpacked by
/// <c>tools/debian13.sh</c> where <c>build.sh test -InstallServers</c> puts them.
/// </summary>
public static class Debian13
{
    /// <summary>skopeo, which checks and makes sigstore signatures as well.</summary>
    public const string Skopeo = "skopeo-1.18";

    /// <summary>cosign, which attaches signatures as tags.</summary>
    public const string Cosign = "cosign-2";

    private static string Folder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "ocisync-tests",
        "debian13",
        "bin");

    /// <summary>Null when the programs are there, otherwise what is missing.</summary>
    public static string? WhyMissing(params string[] programs) => programs.FirstOrDefault(p => Find(p) is null) is { } missing
        ? $"server missing: {missing} is neither on the path nor in {Folder} (tools/debian13.sh unpacks it; build.sh test -InstallServers does that)."
        : null;

    /// <summary>The program, or null.</summary>
    public static string? Find(string program) =>
        Executable.Find(program) ?? (Path.Combine(Folder, program.Split('-')[0]) is var unpacked && File.Exists(unpacked) ? unpacked : null);

    /// <summary>Runs one to its end; a run that takes longer than a minute is killed.</summary>
    /// <param name="program">Which.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="home">The home folder, where its settings and keyrings are.</param>
    /// <param name="environment">Further variables.</param>
    public static async Task<ProcessResult> RunAsync(
        string program, IEnumerable<string> arguments, string home, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Find(program)!, arguments)
        {
            Environment =
            {
                ["HOME"] = home,
                ["GNUPGHOME"] = home,
                ["XDG_RUNTIME_DIR"] = home,
                ["XDG_DATA_HOME"] = home,
                ["_CONTAINERS_ROOTLESS_UID"] = "1000",
            },
        };
        environment.ToList().ForEach(e => start.Environment[e.Name] = e.Value);
        return await ProcessResult.OfAsync(start);
    }
}
