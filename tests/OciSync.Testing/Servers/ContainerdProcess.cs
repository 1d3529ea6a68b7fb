using System.Diagnostics;
using System.Text;

namespace OciSync.Testing.Servers;

/// <summary>A real containerd in a temp folder, asked by its own ctr.</summary>
public sealed class ContainerdProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder folder = new();
    private readonly StringBuilder log = new();
    private Process? process;

    private ContainerdProcess()
    {
    }

    /// <summary>Null when containerd can run here, otherwise what is missing.</summary>
    public static string? WhyMissing => Executable.Find("containerd") is null || Executable.Find("ctr") is null
        ? "server missing: containerd is not installed (Debian: apt-get install --no-install-recommends docker.io)."
        : Environment.UserName == "root" ? null : "containerd runs only for root.";

    /// <summary>Starts one and waits until it answers.</summary>
    public static async Task<ContainerdProcess> StartAsync()
    {
        var containerd = new ContainerdProcess();
        try
        {
            await containerd.RunAsync();
            return containerd;
        }
        catch
        {
            await containerd.DisposeAsync();
            throw;
        }
    }

    /// <summary>Pulls an image as <c>ctr images pull</c> does, and forgets it with all its content.</summary>
    /// <param name="hosts">The tree of hosts.toml.</param>
    /// <param name="image">The whole name.</param>
    public async Task<ProcessResult> PullAsync(string hosts, string image)
    {
        var result = await AskAsync("images", "pull", "--snapshotter", "native", "--hosts-dir", hosts, image);
        await AskAsync("images", "rm", "--sync", image);
        return result;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            await process.WaitForExitAsync();
            process.Dispose();
        }

        folder.Dispose();
    }

    private async Task RunAsync()
    {
        // Unpacked without mounts, as a test may run in a container; 2.x says so in a place of its own.
        await File.WriteAllTextAsync(folder["config.toml"], """
            version = 2
            [[plugins."io.containerd.transfer.v1.local".unpack_config]]
            platform = "linux"
            snapshotter = "native"
            """);
        process = Process.Start(new ProcessStartInfo(
            Executable.Find("containerd") ?? throw new InvalidOperationException(WhyMissing),
            ["--config", folder["config.toml"], "--root", folder["root"], "--state", folder["state"], "--address", folder["c.sock"]])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("containerd did not start.");
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var start = Stopwatch.StartNew();
        while ((await AskAsync("version")).ExitCode != 0)
        {
            if (process.HasExited || start.Elapsed > Patience)
            {
                throw new InvalidOperationException($"containerd does not answer; it said:\n{log}");
            }

            await Task.Delay(100);
        }
    }

    private async Task<ProcessResult> AskAsync(params string[] arguments)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var asking = Process.Start(new ProcessStartInfo("ctr", ["--address", folder["c.sock"], .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("ctr did not start.");
        try
        {
            var output = asking.StandardOutput.ReadToEndAsync(limit.Token);
            var error = asking.StandardError.ReadToEndAsync(limit.Token);
            await asking.WaitForExitAsync(limit.Token);
            return new ProcessResult(asking.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            asking.Kill();
            throw;
        }
    }

    private void Keep(string? line)
    {
        lock (log)
        {
            log.AppendLine(line);
        }
    }
}
