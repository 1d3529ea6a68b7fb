using System.Diagnostics;

namespace OciSync.Testing.Servers;

/// <summary>A real node_exporter on a free loopback port that reads the .prom files of one folder and nothing else.</summary>
public sealed class NodeExporterProcess : IAsyncDisposable
{
    private const string Name = "prometheus-node-exporter";
    private readonly Process _process;

    private NodeExporterProcess(Process process, int port)
    {
        _process = process;
        Address = new Uri($"http://127.0.0.1:{port}/");
    }

    /// <summary>Null when it is installed, otherwise what is missing.</summary>
    public static string? WhyMissing => Executable.WhyMissing(Name);

    /// <summary>Where it is.</summary>
    public Uri Address { get; }

    /// <summary>Starts one, and waits until it answers.</summary>
    public static async Task<NodeExporterProcess> StartAsync(string folder)
    {
        var port = LoopbackPort.Free();
        var process = Process.Start(new ProcessStartInfo(
            Executable.Find(Name) ?? throw new InvalidOperationException(WhyMissing),
            ["--collector.disable-defaults", "--collector.textfile", $"--collector.textfile.directory={folder}",
            $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]))
            ?? throw new InvalidOperationException($"{Name} did not start.");
        var exporter = new NodeExporterProcess(process, port);
        try
        {
            await exporter.WaitAsync();
            return exporter;
        }
        catch
        {
            await exporter.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task WaitAsync()
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        var start = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await client.GetStringAsync(Address);
                return;
            }
            catch (HttpRequestException) when (!_process.HasExited && start.Elapsed < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(20);
            }
        }
    }
}
