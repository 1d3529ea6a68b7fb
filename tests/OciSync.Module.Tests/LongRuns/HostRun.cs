using System.Diagnostics;
using System.Globalization;

namespace OciSync.Module.Tests.LongRuns;

/// <summary>
/// PowerShell in a process of its own that imports the module and runs commands: one that can be killed or told to stop. It is <c>dotnet pwsh.dll</c>:
/// the shim of the .NET tool would be a process before it, and signals would end there.
/// </summary>
internal sealed class HostRun : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private HostRun(string commands)
    {
        var start = new ProcessStartInfo(
            "dotnet", [Paths.Get("PowerShell"), "-NoProfile", "-NonInteractive", "-Command", $"Import-Module '{Paths.Manifest}'\n{commands}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment.Remove("GITHUB_ACTIONS");
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    internal int Id => _process.Id;

    internal Task Ended => _process.WaitForExitAsync();

    internal static HostRun Start(string commands) => new(commands);

    /// <summary>Runs commands to their end and gives what they wrote; errors fail the test.</summary>
    internal static async Task<string> RunAsync(string commands, int minutes = 2)
    {
        using var run = Start(commands);
        await run.Ended.WaitAsync(TimeSpan.FromMinutes(minutes), TestContext.Current.CancellationToken);
        var (output, errors) = await run.TextAsync();
        Assert.True(errors.Length == 0, errors);
        return output;
    }

    /// <summary>What it wrote, after its end.</summary>
    internal async Task<(string Output, string Errors)> TextAsync() => (await _output, (await _errors).Trim());

    /// <summary>SIGKILL, or its like.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await Ended;
    }

    /// <summary>Ctrl+C, or where this session's children are deaf to it, the signal for the end; gives the seconds until the process has ended.</summary>
    internal async Task<double> StopAsync()
    {
        var clock = Stopwatch.StartNew();
        using (var kill = Process.Start("kill", [IsDeafToInterrupts() ? "-TERM" : "-INT", Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await Ended.WaitAsync(TimeSpan.FromSeconds(30));
        return clock.Elapsed.TotalSeconds;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    // A background job of a shell starts with SIGINT ignored, and its children inherit that.
    private static bool IsDeafToInterrupts() =>
        File.Exists("/proc/self/status")
        && (Convert.ToUInt64(
            File.ReadLines("/proc/self/status").First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal)).Split('\t')[1].Trim(), 16) & 2) != 0;
}
