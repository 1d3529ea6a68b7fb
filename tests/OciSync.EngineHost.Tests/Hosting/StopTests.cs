using System.Diagnostics;

namespace OciSync.EngineHost.Tests.Hosting;

public sealed class StopTests
{
    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_stops_the_pipeline_within_a_second_and_runs_finally(string signal, int exitCode)
    {
        // A background job of a shell starts with SIGINT ignored, and its children inherit that.
        var ignored = File.Exists("/proc/self/status")
            ? File.ReadLines("/proc/self/status").First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal)).Split('\t')[1]
            : "0";
        Assert.SkipWhen(signal == "INT" && (Convert.ToUInt64(ignored.Trim(), 16) & 2) != 0, "SIGINT is ignored in this session.");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent by kill.");
        using var folder = new TemporaryFolder();
        var ready = Path.Combine(folder.Path, "ready");
        var script = folder.Write("s.ps1", $"try {{ Set-Content '{ready}' x; Start-Sleep 60 }} finally {{ 'cleaned' }}");
        using var host = HostProcess.Start("-File", script);
        while (!File.Exists(ready))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        var watch = Stopwatch.StartNew();
        using (var kill = Process.Start("kill", ["-" + signal, host.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var result = await host.ResultAsync();
        Assert.Equal(exitCode, result.ExitCode);
        Assert.InRange(watch.ElapsedMilliseconds, 0, 2000);
    }
}
