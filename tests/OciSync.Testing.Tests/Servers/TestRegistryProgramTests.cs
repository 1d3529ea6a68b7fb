using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OciSync.Testing.Servers;

namespace OciSync.Testing.Tests.Servers;

public sealed class TestRegistryProgramTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Serve_seed_check_and_control()
    {
        using var folder = new TempFolder();
        await using var server = await TestRegistryProgram.ServeAsync("--ready-file", folder["ready"], "--dialect", "acr", "--set", "MaxUploadBody=1000000");
        Assert.Equal(server.Address, (string)JsonNode.Parse(await File.ReadAllTextAsync(folder["ready"], Token))!["address"]!);
        Assert.Equal(0, (await RunAsync("seed", server.Address, "--repository", "a", "--tags", "one,two", "--attestation")).ExitCode);
        var (exitCode, output, _) = await RunAsync("check", $"{server.Address}/a:one");
        Assert.Equal(0, exitCode);
        Assert.Contains("sha256:", output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("check", "--equal", $"{server.Address}/a:one", $"{server.Address}/a:two")).ExitCode);

        using var http = new HttpClient { BaseAddress = new Uri($"http://{server.Address}/") };
        var fault = new { method = "GET", pathContains = "/tags/", action = new { kind = "Respond", status = 503 } };
        (await http.PostAsJsonAsync("_control/faults", fault, Token)).EnsureSuccessStatusCode();
        Assert.Equal(503, (int)(await http.GetAsync("v2/a/tags/list", Token)).StatusCode);
        Assert.Equal(200, (int)(await http.GetAsync("v2/a/tags/list", Token)).StatusCode);
        var requests = JsonNode.Parse(await http.GetStringAsync("_control/requests", Token))!.AsArray();
        Assert.Equal(2, requests.Count(request => ((string)request!["path"]!).EndsWith("/tags/list", StringComparison.Ordinal)));
        Assert.Equal(0, (int)JsonNode.Parse(await http.GetStringAsync("_control/state", Token))!["openUploads"]!);
        (await http.PostAsync("_control/stop", null, Token)).EnsureSuccessStatusCode();
        Assert.Equal(0, (await server.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task A_server_ends_with_its_parent()
    {
        await using var parent = await TestRegistryProgram.ServeAsync();
        await using var child = await TestRegistryProgram.ServeAsync("--parent-pid", parent.Pid.ToString(CultureInfo.InvariantCulture));
        parent.Kill();
        Assert.Equal(0, (await child.EndAsync()).ExitCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_real_registry_ends_with_the_program_even_when_that_is_killed()
    {
        Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? "");
        await using var program = await TestRegistryProgram.StartServerAsync("docker-registry", "--no-access-log");
        using var http = new HttpClient { BaseAddress = new Uri($"http://{program.Address}/") };
        (await http.GetAsync("v2/", Token)).EnsureSuccessStatusCode();

        var port = new Uri($"http://{program.Address}/").Port;
        using var connection = new System.Net.Sockets.TcpClient();
        await connection.ConnectAsync(System.Net.IPAddress.Loopback, port, Token);
        program.Kill();

        // A connection that nothing was asked on ends with the process at its other end, and not before.
        try
        {
            Assert.Equal(0, await connection.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        }
        catch (IOException)
        {
            // Reset: it has ended as well.
        }

        Assert.False(IsListening(port));
    }

    [Theory]
    [InlineData("serve", "--nonsense", "1")]
    [InlineData("seed", "127.0.0.1:1", "--set", "other")]
    [InlineData("serve", "--dialect", "martian")]
    [InlineData("nothing")]
    public async Task Wrong_usage_is_2(params string[] arguments)
    {
        var (exitCode, _, error) = await RunAsync(arguments);
        Assert.Equal(2, exitCode);
        Assert.Contains("OciSync.TestRegistry serve", error, StringComparison.Ordinal);
    }

    private static bool IsListening(int port)
    {
        using var client = new System.Net.Sockets.TcpClient();
        try
        {
            client.Connect(System.Net.IPAddress.Loopback, port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        await using var program = TestRegistryProgram.Start(arguments);
        return await program.EndAsync();
    }
}
