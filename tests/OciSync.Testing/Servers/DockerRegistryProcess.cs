using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OciSync.Testing.Images;
using OciSync.Testing.Pki;
using OciSync.Testing.Registry.Auth;

namespace OciSync.Testing.Servers;

/// <summary>A real docker-registry in a temp folder on a free loopback port.</summary>
public sealed class DockerRegistryProcess : IAsyncDisposable
{
    // The registry ends when our side of the pipe does, even when we are killed.
    private const string EndsWithUs = "exec 3<&0; \"$0\" serve \"$1\" & pid=$!; { read -r line <&3; kill -9 $pid; } >/dev/null 2>&1 & wait $pid";

    private readonly TempFolder folder = new();
    private readonly string? copyOf;
    private readonly bool accessLog;
    private TestPki? pki;
    private Process? process;
    private StreamWriter? log;

    private DockerRegistryProcess(DockerRegistryMode mode, TestCredentials user, string? copyOf, bool accessLog)
    {
        this.copyOf = copyOf;
        this.accessLog = accessLog;
        Mode = mode;
        User = user;
    }

    /// <summary>Null when docker-registry is installed, otherwise what is missing.</summary>
    public static string? WhyMissing => Executable.WhyMissing("docker-registry");

    /// <summary>How it is set up.</summary>
    public DockerRegistryMode Mode { get; }

    /// <summary>Who may log in, where a login is wanted.</summary>
    public TestCredentials User { get; }

    /// <summary>The credentials to use, null where none are wanted.</summary>
    public TestCredentials? Credentials => Mode is DockerRegistryMode.Htpasswd or DockerRegistryMode.Token ? User : null;

    /// <summary>The port.</summary>
    public int Port { get; private set; }

    /// <summary>Host and port.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Where it answers.</summary>
    public Uri BaseUri => new($"{(IsTls ? "https" : "http")}://{Address}/");

    /// <summary>The authority of its certificate as a PEM file; null without TLS.</summary>
    public string? CaPath => IsTls ? folder["pki/ca.crt"] : null;

    /// <summary>Its authority, where it has one; it issues client certificates.</summary>
    public TestPki? Pki => pki;

    private bool IsTls => Mode is DockerRegistryMode.Tls or DockerRegistryMode.TlsClient;

    /// <summary>What the process wrote, the access log among it.</summary>
    public string LogPath => folder["registry.log"];

    /// <summary>What it stores.</summary>
    public string DataPath => folder["data"];

    /// <summary>The token server, in token mode.</summary>
    public JwtTokenServer? Tokens { get; private set; }

    /// <summary>Completes when the process ends by itself.</summary>
    public Task Ended => process?.WaitForExitAsync() ?? Task.CompletedTask;

    /// <summary>Starts one and waits until it answers.</summary>
    /// <param name="mode">How it is set up.</param>
    /// <param name="user">Who may log in.</param>
    /// <param name="copyOf">A folder of another one's data to begin with; it is copied.</param>
    /// <param name="accessLog">Whether it logs requests, which costs it time.</param>
    public static async Task<DockerRegistryProcess> StartAsync(
        DockerRegistryMode mode = DockerRegistryMode.Plain, TestCredentials? user = null, string? copyOf = null, bool accessLog = true)
    {
        var registry = new DockerRegistryProcess(mode, user ?? new TestCredentials("alice", "s3cret"), copyOf, accessLog);
        try
        {
            await registry.RunAsync();
            return registry;
        }
        catch
        {
            await registry.DisposeAsync();
            throw;
        }
    }

    /// <summary>The requests in the access log so far. The registry writes an entry after it has answered.</summary>
    public IReadOnlyList<AccessLogEntry> ReadAccessLog()
    {
        using var stream = new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Select(AccessLogEntry.TryParse).OfType<AccessLogEntry>()];
    }

    /// <summary>
    /// The requests that have been answered by now. An entry is written after its answer, and comes through a pipe: a request of our own, which is
    /// left out, is the last one, and waited for. For registries without TLS.
    /// </summary>
    public async Task<IReadOnlyList<AccessLogEntry>> ReadAccessLogAsync(CancellationToken cancellationToken)
    {
        const string Mark = "/v2/the-log-so-far-";
        var name = Mark + Guid.NewGuid().ToString("N");
        using var client = new HttpClient();
        (await client.GetAsync(new Uri(BaseUri, name + "/tags/list"), cancellationToken)).Dispose();
        while (true)
        {
            var entries = ReadAccessLog();
            if (entries.Any(e => e.Path.StartsWith(name, StringComparison.Ordinal)))
            {
                return [.. entries.Where(e => !e.Path.StartsWith(Mark, StringComparison.Ordinal))];
            }

            await Task.Delay(20, cancellationToken);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            if (!process.HasExited)
            {
                process.StandardInput.Close();
            }

            await process.WaitForExitAsync();
            process.Dispose();
        }

        if (log is not null)
        {
            await log.DisposeAsync();
        }

        if (Tokens is not null)
        {
            await Tokens.DisposeAsync();
        }

        pki?.Dispose();
        folder.Dispose();
    }

    private async Task RunAsync()
    {
        pki = IsTls || Mode == DockerRegistryMode.Token ? TestPki.Create() : null;
        if (Mode == DockerRegistryMode.Token)
        {
            Tokens = await JwtTokenServer.StartAsync(pki!, new AuthOptions
            {
                Users = [new RegistryUser(User.Name, User.Password)],
                AnonymousPull = true,
            });
        }

        Port = LoopbackPort.Free();
        var config = await DockerRegistryConfig.WriteAsync(folder, Mode, Port, User, pki, Tokens?.Realm, accessLog);
        Directory.CreateDirectory(DataPath);
        if (copyOf is not null)
        {
            CopyFolder(copyOf, DataPath);
        }

        log = new StreamWriter(LogPath) { AutoFlush = true };
        var program = Executable.Find("docker-registry") ?? throw new InvalidOperationException(WhyMissing);
        process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", EndsWithUs, program, config])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        }) ?? throw new InvalidOperationException("docker-registry did not start.");
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await WaitUntilReadyAsync();
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (var path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
    }

    private void Write(string? line)
    {
        if (line is not null && log is { } writer)
        {
            lock (writer)
            {
                writer.WriteLine(line);
            }
        }
    }

    private async Task WaitUntilReadyAsync()
    {
        var start = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException exception)
            {
                if (process!.HasExited || start.Elapsed > TimeSpan.FromMinutes(1))
                {
                    throw new InvalidOperationException($"docker-registry does not answer; its log is:\n{ReadLog()}", exception);
                }

                await Task.Delay(20);
            }
        }
    }

    private string ReadLog()
    {
        using var reader = new StreamReader(new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
