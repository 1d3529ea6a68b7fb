using System.Diagnostics;

namespace OciSync.EngineHost.Tests;

/// <summary>The host as a program of its own.</summary>
internal sealed class HostProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private HostProcess(IEnumerable<string> arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "OciSync.EngineHost.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment.Remove("COLUMNS");
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public static HostProcess Start(params string[] arguments) => new(arguments);

    public static async Task<HostResult> RunAsync(params string[] arguments)
    {
        using var host = Start(arguments);
        return await host.ResultAsync();
    }

    public static Task<HostResult> CommandAsync(string text) => RunAsync("-NoProfile", "-Command", text);

    public static async Task<HostResult> FileAsync(string text, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        return await RunAsync(["-NoProfile", "-File", folder.Write("script.ps1", text), .. arguments]);
    }

    public async Task<HostResult> ResultAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new HostResult(_process.ExitCode, await _output, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
