using System.Diagnostics;

namespace OciSync.Testing.Servers;

/// <summary>Runs skopeo.</summary>
public static class Skopeo
{
    /// <summary>Null when skopeo is installed, otherwise what is missing.</summary>
    public static string? WhyMissing => Executable.WhyMissing("skopeo");

    /// <summary>Runs skopeo to its end; a run that takes longer than a minute, or is cancelled, is killed.</summary>
    public static async Task<ProcessResult> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        using var home = new TempFolder();
        var start = new ProcessStartInfo("skopeo", ["--insecure-policy", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HOME"] = home.Path, ["XDG_RUNTIME_DIR"] = home.Path },
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("skopeo did not start.");
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
