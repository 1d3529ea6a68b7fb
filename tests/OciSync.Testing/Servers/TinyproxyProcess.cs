using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OciSync.Testing.Servers;

/// <summary>A real tinyproxy on a free loopback port that hands requests on to a <see cref="NamingProxy"/>, where names are resolved.</summary>
public sealed class TinyproxyProcess : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private Process? process;

    private TinyproxyProcess()
    {
    }

    /// <summary>Null when tinyproxy is installed, otherwise what is missing.</summary>
    public static string? WhyMissing => Executable.WhyMissing("tinyproxy");

    /// <summary>The port.</summary>
    public int Port { get; private set; }

    /// <summary>Where it is.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>Starts one; with a user and a password it asks for them.</summary>
    public static async Task<TinyproxyProcess> StartAsync(NamingProxy upstream, string? user = null, string? password = null)
    {
        var proxy = new TinyproxyProcess();
        try
        {
            await proxy.RunAsync(upstream, user, password);
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
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

    private async Task RunAsync(NamingProxy upstream, string? user, string? password)
    {
        Port = LoopbackPort.Free();
        var login = user is null ? "" : $"BasicAuth {user} {password}\n";
        await File.WriteAllTextAsync(
            folder["tinyproxy.conf"],
            $"Port {Port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 100\nAllow 127.0.0.1\nLogFile \"{folder["log"]}\"\n{login}Upstream http "
            + $"127.0.0.1:{upstream.Port}\n");
        process = Process.Start(new ProcessStartInfo(
            Executable.Find("tinyproxy") ?? throw new InvalidOperationException(WhyMissing), ["-d", "-c", folder["tinyproxy.conf"]])
        {
            WorkingDirectory = folder.Path,
        }) ?? throw new InvalidOperationException("tinyproxy did not start.");
        var start = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (!process.HasExited && start.Elapsed < TimeSpan.FromMinutes(1))
            {
                await Task.Delay(20);
            }
        }
    }
}
