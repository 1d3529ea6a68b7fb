using System.Diagnostics;

namespace OciSync.Testing.Servers;

/// <summary>A skopeo that checks sigstore signatures, 1.18 or later; Debian 12 has none, so it may be beside the other one, as <c>skopeo-1.18</c>.</summary>
public static class NewSkopeo
{
    private const string Name = "skopeo-1.18";

    /// <summary>Null when there is one, otherwise what is missing.</summary>
    public static string? WhyMissing =>
        Executable.Find(Name) is null
            ? $"no {Name} on the path: the skopeo of Debian 12 can't check sigstore signatures, and this test asks one that can." : null;

    /// <summary>Runs it to its end under a policy of trust; a run that takes longer than a minute, or is cancelled, is killed.</summary>
    /// <param name="policy">The file.</param>
    /// <param name="arguments">Command, options and images.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task<ProcessResult> RunUnderAsync(string policy, IEnumerable<string> arguments, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        using var home = new TempFolder();
        var start = new ProcessStartInfo(Executable.Find(Name)!, ["--policy", policy, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HOME"] = home.Path, ["XDG_RUNTIME_DIR"] = home.Path, ["XDG_DATA_HOME"] = home.Path, ["_CONTAINERS_ROOTLESS_UID"] = "1000" },
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{Name} did not start.");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new ProcessResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}
