using System.Diagnostics;

namespace OciSync.Testing.Servers;

/// <summary>Runs skopeo.</summary>
public static class Skopeo
{
    /// <summary>Null when skopeo is installed, otherwise what is missing.</summary>
    public static string? WhyMissing => Executable.WhyMissing("skopeo");

    /// <summary>The version that is installed.</summary>
    public static async Task<Version> GetVersionAsync(CancellationToken cancellationToken = default)
    {
        var result = await RunAsync(["--version"], cancellationToken: cancellationToken);
        return Version.Parse(result.Output.Trim().Split(' ')[^1].Split('-')[0]);
    }

    /// <summary>Runs skopeo to its end; a run that takes longer than a minute, or is cancelled, is killed.</summary>
    /// <param name="arguments">Command, options and images.</param>
    /// <param name="home">Where skopeo keeps its cache of blob locations, for runs that are to know of each other.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static Task<ProcessResult> RunAsync(
        IEnumerable<string> arguments, TempFolder? home = null, CancellationToken cancellationToken = default) =>
        RunAsync(["--insecure-policy"], arguments, home, cancellationToken);

    /// <summary>The same under a policy of trust, which it obeys.</summary>
    /// <param name="policy">The file.</param>
    /// <param name="arguments">Command, options and images.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static Task<ProcessResult> RunUnderAsync(string policy, IEnumerable<string> arguments, CancellationToken cancellationToken = default) =>
        RunAsync(["--policy", policy], arguments, null, cancellationToken);

    private static async Task<ProcessResult> RunAsync(
        IEnumerable<string> trust, IEnumerable<string> arguments, TempFolder? home, CancellationToken cancellationToken)
    {
        using var own = home is null ? new TempFolder() : null;
        var folder = (home ?? own)!.Path;
        var start = new ProcessStartInfo("skopeo", [.. trust, .. arguments])
        {
            Environment =
            {
                ["HOME"] = folder,
                ["XDG_RUNTIME_DIR"] = folder,
                ["XDG_DATA_HOME"] = folder,
                // As root it would keep its cache below /var/lib, whatever HOME is.
                ["_CONTAINERS_ROOTLESS_UID"] = "1000",
            },
        };
        return await ProcessResult.OfAsync(start, cancellationToken);
    }
}
