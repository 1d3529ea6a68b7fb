using System.Diagnostics;
using System.Text.Json.Nodes;

namespace OciSync.Testing.Tests.Servers;

/// <summary>Runs the OciSync.TestRegistry program that was built beside the tests.</summary>
internal sealed class TestRegistryProgram : IAsyncDisposable
{
    private readonly Process process;

    private TestRegistryProgram(Process process) => this.process = process;

    internal JsonNode Ready { get; private set; } = null!;

    internal string Address => (string)Ready["address"]!;

    internal int Pid => process.Id;

    internal static TestRegistryProgram Start(params string[] arguments)
    {
        var here = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        var path = Path.Combine(here.Replace("OciSync.Testing.Tests", "OciSync.TestRegistry"), "OciSync.TestRegistry.dll");
        var start = new ProcessStartInfo("dotnet", [path, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        return new TestRegistryProgram(Process.Start(start) ?? throw new InvalidOperationException("The program did not start."));
    }

    internal static Task<TestRegistryProgram> ServeAsync(params string[] arguments) => StartServerAsync(["serve", .. arguments]);

    internal static async Task<TestRegistryProgram> StartServerAsync(params string[] arguments)
    {
        var program = Start(arguments);
        var line = await program.process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        program.Ready = JsonNode.Parse(line ?? "{}")!;
        return program;
    }

    internal async Task<(int ExitCode, string Output, string Error)> EndAsync()
    {
        var token = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(token);
        var error = process.StandardError.ReadToEndAsync(token);
        await process.WaitForExitAsync(token).WaitAsync(TimeSpan.FromMinutes(1), token);
        return (process.ExitCode, await output, await error);
    }

    internal void Kill() => process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync();
        process.Dispose();
    }
}
