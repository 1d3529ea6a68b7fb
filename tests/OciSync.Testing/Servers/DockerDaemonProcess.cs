using System.Diagnostics;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace OciSync.Testing.Servers;

/// <summary>A real dockerd in a temp folder, on a Unix socket, without a network.</summary>
public sealed class DockerDaemonProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Short: the path of a Unix socket has about a hundred characters at most.
    private readonly TempFolder folder = new();
    private readonly StringBuilder log = new();
    private readonly HttpClient client;
    private Process? process;
    private string? certificates;
    private string? settings;
    private string? configuration;
    private string? mirror;

    private DockerDaemonProcess() => client = new HttpClient(new SocketsHttpHandler
    {
        ConnectCallback = async (_, token) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), token);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://docker/v1.41/"),
    };

    /// <summary>Null when dockerd can run here, otherwise what is missing.</summary>
    public static string? WhyMissing => Executable.Find("dockerd") is null
        ? "server missing: dockerd is not installed (Debian: apt-get install --no-install-recommends docker.io)."
        : Environment.UserName == "root" ? null : "dockerd runs only for root.";

    /// <summary>Where it listens, as <c>DOCKER_HOST</c> has it.</summary>
    public string Address => "unix://" + SocketPath;

    /// <summary>Ends when the engine does.</summary>
    public Task Ended => process?.WaitForExitAsync() ?? Task.CompletedTask;

    private string SocketPath => folder["d.sock"];

    /// <summary>Where it listens for clients with a certificate, as <c>DOCKER_HOST</c> has it; null without TLS.</summary>
    public string? TlsAddress { get; private set; }

    /// <summary>Where its containerd listens.</summary>
    public string Containerd => folder["exec/containerd/containerd.sock"];

    /// <summary>Starts one and waits until it answers.</summary>
    public static Task<DockerDaemonProcess> StartAsync() => StartAsync(null);

    /// <summary>The same, with a mirror of Docker Hub.</summary>
    public static Task<DockerDaemonProcess> StartWithMirrorAsync(string mirror) => StartAsync(null, mirror);

    /// <summary>The same, on TCP as well: with the server's certificate of <see cref="Pki.TestPki.WriteDocker"/>, for clients of its authority alone.</summary>
    public static Task<DockerDaemonProcess> StartAsync(string? certificates) => StartAsync(certificates, null);

    private static async Task<DockerDaemonProcess> StartAsync(string? certificates, string? mirror)
    {
        var daemon = new DockerDaemonProcess { certificates = certificates, mirror = mirror };
        try
        {
            await daemon.RunAsync();
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    /// <summary>One with a daemon.json of its own.</summary>
    /// <param name="configuration">The file.</param>
    /// <param name="settings">A folder that it sees as /etc/docker, or null.</param>
    public static async Task<DockerDaemonProcess> StartWithAsync(string configuration, string? settings = null)
    {
        var daemon = new DockerDaemonProcess { configuration = configuration, settings = settings };
        try
        {
            await daemon.RunAsync();
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    /// <summary>The version of the dockerd that would be started; null without one.</summary>
    public static async Task<Version?> FindVersionAsync()
    {
        if (Executable.Find("dockerd") is not { } program)
        {
            return null;
        }

        using var asking = Process.Start(new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true })!;
        var text = await asking.StandardOutput.ReadToEndAsync();
        await asking.WaitForExitAsync();
        return Version.TryParse(text.Split(' ').ElementAtOrDefault(2)?.Split('+', '-', ',')[0], out var version) ? version : null;
    }

    /// <summary>Pulls an image; gives what the engine says.</summary>
    public Task<string> PullAsync(string repository, string tag) =>
        PostAsync($"images/create?fromImage={Uri.EscapeDataString(repository)}&tag={Uri.EscapeDataString(tag)}", string.Empty);

    /// <summary>The id of an image, or null when there is none of this name.</summary>
    public async Task<string?> FindIdAsync(string name)
    {
        using var answer = await client.GetAsync($"images/{name}/json");
        return answer.IsSuccessStatusCode ? JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["Id"]!.GetValue<string>() : null;
    }

    /// <summary>Loads an archive, as <c>docker load</c>; gives what the engine says.</summary>
    public async Task<string> LoadAsync(string path)
    {
        using var content = new StreamContent(File.OpenRead(path));
        content.Headers.ContentType = new("application/x-tar");
        using var answer = await client.PostAsync("images/load?quiet=1", content);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Saves images, as <c>docker save</c>.</summary>
    public async Task SaveAsync(string path, params string[] names)
    {
        using var answer = await client.GetAsync(
            "images/get?" + string.Join('&', names.Select(n => "names=" + Uri.EscapeDataString(n))), HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        await using var file = File.Create(path);
        await answer.Content.CopyToAsync(file);
    }

    /// <summary>Runs a command of an image without a network, and gives what it prints.</summary>
    public async Task<string> RunAsync(string image, params string[] command)
    {
        var request = new JsonObject
        {
            ["Image"] = image,
            ["Cmd"] = new JsonArray([.. command.Select(c => (JsonNode)c)]),
            ["Tty"] = true,
            ["HostConfig"] = new JsonObject { ["NetworkMode"] = "none" },
        };
        var created = JsonNode.Parse(await PostAsync("containers/create", request.ToJsonString()))!;
        var id = created["Id"]?.GetValue<string>() ?? throw new InvalidOperationException(created.ToJsonString());
        var started = await PostAsync($"containers/{id}/start", "{}");
        var waited = await PostAsync($"containers/{id}/wait", "{}");
        var output = await client.GetStringAsync($"containers/{id}/logs?stdout=1&stderr=1");
        return output.Length > 0 ? output : throw new InvalidOperationException($"{started} {waited}");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        if (process is not null)
        {
            if (!process.HasExited)
            {
                // Told to end it ends its containerd as well; killed it would leave that behind.
                using var kill = Process.Start("kill", [process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
                await kill.WaitForExitAsync();
            }

            await process.WaitForExitAsync();
            process.Dispose();
        }

        folder.Dispose();
    }

    private async Task<string> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(path, content);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task RunAsync()
    {
        var program = Executable.Find("dockerd") ?? throw new InvalidOperationException(WhyMissing);
        string[] arguments =
        [
            "--iptables=false", "--ip6tables=false", "--ip-masq=false", "--bridge=none",
            "--data-root", folder["data"], "--exec-root", folder["exec"], "--pidfile", folder["pid"], "--host", Address,
            .. configuration is null ? ["--storage-driver=vfs"] : new[] { "--config-file", configuration },
            .. TlsArguments(),
            .. mirror is null ? [] : new[] { "--registry-mirror", mirror },
        ];
        process = Process.Start(new ProcessStartInfo(settings is null ? program : "unshare", settings is null ? arguments : InOwnSettings(program, arguments))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("dockerd did not start.");
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var start = Stopwatch.StartNew();
        while (!await AnswersAsync())
        {
            if (process.HasExited || start.Elapsed > Patience)
            {
                throw new InvalidOperationException($"dockerd does not answer; it said:\n{log}");
            }

            await Task.Delay(100);
        }
    }

    // Only this process sees the folder there: a copy of /etc takes its place in a namespace of its own.
    private string[] InOwnSettings(string program, string[] arguments) =>
    [
        "--mount", "sh", "-ec", "cp -a /etc \"$0\"; rm -rf \"$0/docker\"; cp -a \"$1\" \"$0/docker\"; mount --bind \"$0\" /etc; shift; exec \"$@\"",
        folder["etc"], settings!, program, .. arguments,
    ];

    private string[] TlsArguments()
    {
        if (certificates is null)
        {
            return [];
        }

        TlsAddress = $"tcp://127.0.0.1:{LoopbackPort.Free()}";
        return
        [
            "--host", TlsAddress, "--tlsverify", "--tlscacert", Path.Combine(certificates, "ca.pem"),
            "--tlscert", Path.Combine(certificates, "server.pem"), "--tlskey", Path.Combine(certificates, "server-key.pem"),
        ];
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await client.GetAsync("info");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
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
