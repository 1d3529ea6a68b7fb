using System.Diagnostics;

namespace OciSync.Testing.Servers;

/// <summary>cosign, version 3 or later, which checks bundles; Debian 12 and 13 have none.</summary>
public static class NewCosign
{
    private const string Name = "cosign";

    /// <summary>Null when there is one, otherwise what is missing.</summary>
    public static string? WhyMissing =>
        Executable.Find(Name) is null ? "no cosign on the path: version 3 checks sigstore bundles, and this test asks it." : null;

    /// <summary>Runs it to its end; a run that takes longer than a minute, or is cancelled, is killed.</summary>
    /// <param name="arguments">Command, options and image.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task<ProcessResult> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken = default)
    {
        using var home = new TempFolder();
        var start = new ProcessStartInfo(Executable.Find(Name)!, arguments)
        {
            Environment = { ["HOME"] = home.Path, ["COSIGN_PASSWORD"] = "pw" },
        };
        return await ProcessResult.OfAsync(start, cancellationToken);
    }
}
