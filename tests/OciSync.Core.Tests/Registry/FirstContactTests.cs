using OciSync.Core.Connections;
using OciSync.Core.Flow;
using OciSync.Core.Logins;
using OciSync.Core.Registry;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Registry;

/// <summary>How a registry on this machine is spoken to, when nothing is said of it.</summary>
public sealed class FirstContactTests
{
    private readonly List<string> _told = [];

    [Fact]
    public async Task A_loopback_host_is_asked_in_http_and_once()
    {
        await using var registry = await SeedAsync();
        await ReadAsync(registry);
        Assert.Equal(1, registry.Requests.Count(r => r.Path == "/v2/"));
        Assert.Single(_told, t => t == $"'{registry.Address}' is a loopback host that speaks http: plain http is used.");
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task One_that_is_busy_is_asked_again_and_not_in_https(int status)
    {
        await using var registry = await SeedAsync();
        registry.Faults.Add(new Fault { Predicate = r => r.Path == "/v2/", Action = FaultAction.Respond(status), Times = 2 });
        await ReadAsync(registry);
        Assert.Equal(3, registry.Requests.Count(r => r.Path == "/v2/"));
        Assert.DoesNotContain(_told, t => t.Contains("TLS", StringComparison.Ordinal));
    }

    // What a port for TLS says to http: then TLS is tried, and when that fails as well, http is what is left.
    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(403)]
    public async Task An_answer_that_is_no_registrys_leads_to_https_first(int status)
    {
        await using var registry = await SeedAsync();
        registry.Faults.Add(new Fault { Predicate = r => r.Path == "/v2/", Action = FaultAction.Respond(status), Times = 1 });
        await ReadAsync(registry);
        Assert.Single(_told, t => t == $"'{registry.Address}' does not speak TLS; as it is a loopback host, plain http is used.");
    }

    [Fact]
    public async Task With_a_certificate_setting_https_alone_is_asked()
    {
        await using var registry = await SeedAsync();
        var sessions = new RegistrySessions();
        sessions.Set(registry.Address, new ConnectionSettings { SkipCertificateCheck = true }, null);
        await ReadAsync(registry, sessions);
        Assert.DoesNotContain(_told, t => t.Contains("speaks http", StringComparison.Ordinal));
        Assert.Single(_told, t => t.Contains("does not speak TLS", StringComparison.Ordinal));
    }

    // What a proxy says to a plain request may be its own answer.
    [Fact]
    public async Task Through_a_proxy_https_is_asked_first()
    {
        await using var registry = await SeedAsync();
        await using var proxy = NamingProxy.Start();
        var sessions = new RegistrySessions();
        sessions.Set(registry.Address, new ConnectionSettings { Proxy = new ProxySettings { Address = proxy.Address } }, null);
        await ReadAsync(registry, sessions);
        Assert.StartsWith($"CONNECT {registry.Address} ", proxy.Heads.First(), StringComparison.Ordinal);
    }

    // Without a port, http and https are two servers. Their ports are not for tests: the address of the first question tells it, whoever answers.
    [Fact]
    public async Task Without_a_port_https_is_asked_first()
    {
        var asked = new List<string>();
        await Run.SyncAsync(
            Run.Request(["localhost/a:1"], "localhost/b"),
            Run.Quick with { MaximumRetryCount = 0 },
            events: new EngineEvents { Request = e => asked.AddLocked(e.Url) });
        Assert.StartsWith("https://localhost/v2/", asked[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:5000", true)]
    [InlineData("127.0.0.1:80", true)]
    [InlineData("127.9.9.9:5000", true)]
    [InlineData("[::1]:5000", true)]
    [InlineData("localhost", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("[::1]", false)]
    [InlineData("registry.test:5000", false)]
    [InlineData("10.0.0.1:5000", false)]
    public void A_loopback_host_with_a_port_is_asked_in_http_first(string host, bool isPlainFirst)
    {
        Assert.Equal(isPlainFirst, FirstContact.IsPlainFirst(host, ConnectionSettings.Default));
        Assert.False(FirstContact.IsPlainFirst(host, new ConnectionSettings { SkipCertificateCheck = true }));
    }

    private static async Task<EmbeddedRegistry> SeedAsync()
    {
        var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("a", ImageFactory.Create(), "1");
        return registry;
    }

    private async Task ReadAsync(EmbeddedRegistry registry, RegistrySessions? sessions = null)
    {
        var row = Assert.Single(await Run.SyncAsync(
            Run.Request([$"{registry.Address}/a:1"], $"{registry.Address}/b"),
            events: new EngineEvents { Decision = _told.AddLocked },
            sessions: sessions)).Row;
        Assert.Equal("Copied", row.Status);
    }
}
