using System.Net;
using System.Net.Sockets;
using OciSync.Core.Connections;
using OciSync.Core.Diagnosis;
using OciSync.Core.Flow;
using OciSync.Core.Logins;
using OciSync.Core.Machine;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Pki;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Faults;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Engine;

/// <summary>Test-OciRegistry's steps with registries that are broken in one way each.</summary>
public sealed class DiagnosisTests
{
    private static readonly string[] Steps = ["Dns", "Proxy", "Connect", "Tls", "Api", "Challenge", "Token", "Pull", "Push"];

    [Theory]
    [InlineData(false, "", "Passed Skipped Passed Warning Passed Passed Passed Skipped Skipped")]
    [InlineData(false, "/a", "Passed Skipped Passed Warning Passed Passed Passed Warning Skipped")]
    [InlineData(false, "/a:1", "Passed Skipped Passed Warning Passed Passed Passed Passed Skipped")]
    [InlineData(true, "/a:1", "Passed Skipped Passed Warning Passed Passed Passed Passed Passed")]
    public async Task A_registry_that_works(bool push, string repository, string expected)
    {
        await using var registry = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(false, new RegistryUser("alice", "s3cret")));
        await registry.AddAsync("a", ImageFactory.Create(), "1");
        var rows = await RunAsync(registry.Address + repository, push, sessions: Run.Login(registry));
        Assert.Equal(expected, string.Join(" ", rows.Select(r => r.Result)));
        Assert.Equal("Connect-OciRegistry", rows.Single(r => r.Step == "Token").CredentialSource);
        Assert.Equal(push ? 1 : 0, registry.Requests.Count("DELETE", "/blobs/uploads/"));
        Assert.Equal((push ? 1 : 0, 0), (registry.Requests.Count("POST", "/blobs/uploads/"), registry.OpenUploads));
        Assert.DoesNotContain("s3cret", string.Join("\n", rows), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_login_where_one_is_wanted()
    {
        foreach (var options in new[] { RegistryOptions.WithBasic(new RegistryUser("a", "b")), RegistryOptions.WithToken(false, new RegistryUser("a", "b")) })
        {
            await using var registry = await EmbeddedRegistry.StartAsync(options);
            await registry.AddAsync("a", ImageFactory.Create(), "1");
            var row = await FailAsync(registry.Address + "/a:1");
            Assert.Equal("OciUnauthorized", row.ErrorId);
            Assert.Contains(row.Step, (string[])["Token", "Pull"]);
            Assert.Equal("none", row.CredentialSource);
            Assert.Contains("-Credential", row.Remedy, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Each_step_is_told_when_it_ends()
    {
        await using var registry = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(false, new RegistryUser("alice", "s3cret")));
        registry.Faults.Add("GET", "/token", FaultAction.StallBeforeHeaders());
        using var stop = new CancellationTokenSource();
        using var engine = Run.Engine(sessions: Run.Login(registry), cancellationToken: stop.Token);
        var rows = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = engine.DiagnoseAsync(
            registry.Address,
            false,
            row =>
            {
                rows.Enqueue(row.Step);
                (row.Step == "Challenge" ? reached : null)?.TrySetResult();
                return Task.CompletedTask;
            },
            stop.Token);
        await reached.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(Steps.TakeWhile(s => s != "Token"), rows);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task An_unknown_name() => Assert.Equal("Dns", (await FailAsync("no-such-host.invalid/a")).Step);

    [Fact]
    public async Task Nobody_listens() => Assert.Equal("Connect", (await FailAsync("127.0.0.1:1")).Step);

    [Fact]
    public async Task A_server_that_takes_the_connection_and_is_silent()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var stop = new CancellationTokenSource();
        var rows = new List<OciRegistryCheck>();
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var engine = Run.Engine(Run.Quick with { MaximumRetryCount = 0, StallTimeout = TimeSpan.FromMinutes(5) }, cancellationToken: stop.Token);
        var run = engine.DiagnoseAsync(
            $"127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}",
            false,
            row =>
            {
                rows.Add(row);
                (row.Step == "Connect" ? connected : null)?.TrySetResult();
                return Task.CompletedTask;
            },
            stop.Token);
        await connected.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal([("Dns", "Passed"), ("Proxy", "Skipped"), ("Connect", "Passed")], rows.Select(r => (r.Step, r.Result)));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);

        var failed = await FailAsync($"127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}", Run.Quick with { StallTimeout = TimeSpan.FromMilliseconds(300) });
        Assert.Equal(("Tls", "OciTimeout"), Of(failed));
    }

    [Fact]
    public async Task No_registry()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        registry.Faults.Add("GET", "/v2/", FaultAction.Respond(404), times: 10);
        Assert.Equal(("Api", "OciProtocolError"), Of(await FailAsync(registry.Address)));
    }

    [Fact]
    public async Task A_server_that_fails()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        registry.Faults.Add("GET", "/v2/", FaultAction.Respond(503), times: 10);
        Assert.Equal(("Api", "OciServerError"), Of(await FailAsync(registry.Address)));
    }

    [Fact]
    public async Task An_untrusted_certificate_is_shown_with_its_issuer()
    {
        using var pki = TestPki.Create();
        using var folder = new TempFolder();
        pki.Write(folder.Path);
        await using var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions { Certificate = pki.ServerCertificate });
        var row = await FailAsync(registry.Address);
        Assert.Equal(("Tls", "OciCertificateUntrusted"), Of(row));
        Assert.Contains("issuer CN=OciSync test CA", row.Detail, StringComparison.Ordinal);
        Assert.Contains("certs.d", row.Remedy, StringComparison.Ordinal);

        var sessions = new RegistrySessions();
        sessions.Set(registry.Address, new ConnectionSettings { CertificatePath = folder["ca.crt"] }, null);
        var tls = (await RunAsync(registry.Address, sessions: sessions)).Single(r => r.Step == "Tls");
        Assert.Equal("Passed", tls.Result);
        Assert.Contains("subject CN=localhost, issuer CN=OciSync test CA, valid until ", tls.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "Proxy", "OciProxyUnauthorized")]
    [InlineData(false, "Proxy", "OciConnectionFailed")]
    public async Task A_proxy_is_not_the_registry(bool locked, string step, string id)
    {
        await using var proxy = NamingProxy.Start(locked ? "gate:0pen" : null);
        await using var registry = await EmbeddedRegistry.StartAsync();
        var name = locked ? $"registry.behind.test:{registry.Port}" : "registry.behind.test:1";
        var options = Run.Quick with { Places = new MachinePlaces { Variable = v => v == "HTTPS_PROXY" ? proxy.Address.ToString() : null } };
        Assert.Equal((step, id), Of(await FailAsync(name, options)));
    }

    [Fact]
    public async Task A_repository_that_may_not_be_written()
    {
        await using var registry = await EmbeddedRegistry.StartAsync(
            RegistryOptions.WithToken(true, new RegistryUser("alice", "s3cret") { CanPush = false }));
        await registry.AddAsync("a", ImageFactory.Create(), "1");
        Assert.Equal(("Push", "OciForbidden"), Of(await FailAsync(registry.Address + "/a:1", push: true, sessions: Run.Login(registry))));
        Assert.Equal(("Pull", "OciManifestUnknown"), Of(await FailAsync(registry.Address + "/a:nope", sessions: Run.Login(registry))));
    }

    private static (string Step, string? Id) Of(OciRegistryCheck row) => (row.Step, row.ErrorId);

    private static async Task<OciRegistryCheck> FailAsync(string name, EngineOptions? options = null, bool push = false, RegistrySessions? sessions = null)
    {
        var rows = await RunAsync(name, push, options, sessions);
        var failed = Assert.Single(rows, r => r.Result == "Failed");
        Assert.All(rows.SkipWhile(r => r != failed).Skip(1), r => Assert.Equal("Skipped", r.Result));
        return failed;
    }

    private static async Task<List<OciRegistryCheck>> RunAsync(string name, bool push = false, EngineOptions? options = null, RegistrySessions? sessions = null)
    {
        using var engine = Run.Engine(
            (options ?? Run.Quick) with { MaximumRetryCount = 0 }, sessions, cancellationToken: TestContext.Current.CancellationToken);
        var rows = new List<OciRegistryCheck>();
        await engine.DiagnoseAsync(
            name,
            push,
            row =>
            {
                rows.Add(row);
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(Steps, rows.Select(r => r.Step));
        return rows;
    }
}
