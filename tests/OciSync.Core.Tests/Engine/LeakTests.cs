using OciSync.Core.Auth;
using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Logins;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Pki;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Faults;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Engine;

/// <summary>A registry that sends its readers elsewhere: no other host ever sees a login, a cookie or a token.</summary>
public sealed class LeakTests
{
    private static readonly RegistryUser Alice = new("alice", "s3cret");

    public static TheoryData<bool, string> Ways => new()
    {
        { false, "127.0.0.1" }, { true, "127.0.0.1" }, { false, "localhost" }, { true, "localhost" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Blobs_on_another_host_or_port_are_read_without_a_login(bool token, string host)
    {
        await using var source = await StartAsync(token);
        await using var other = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "1");
        await other.AddAsync("a", image, "1");
        source.Faults.Add("GET", "/blobs/", Redirect($"http://{host}:{other.Port}{{path}}"), times: 100);

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address), sessions: Run.Login(source));

        Assert.True(row.Status == "Copied", row.Error);
        Assert.Equal(image.Blobs.Count, other.Requests.Count("GET", "/blobs/"));
        AssertNothingOf(other);
        AssertNothingOf(destination);
        Assert.All(source.Requests.Where(null, "/"), r => Assert.Null(r.Cookie));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_redirect_to_http_is_not_followed(bool token)
    {
        using var pki = TestPki.Create();
        using var folder = new TempFolder();
        pki.Write(folder.Path);
        await using var source = await StartAsync(token, pki);
        await using var other = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        source.Faults.Add("GET", "/blobs/", Redirect($"http://{other.Address}{{path}}"), times: 100);
        var sessions = new RegistrySessions();
        sessions.Set(source.Address, new ConnectionSettings { CertificatePath = folder["ca.crt"] }, RegistryCredential.FromPassword("alice", "s3cret"));

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address), sessions: sessions);

        Assert.Equal(("Failed", "OciProtocolError"), (row.Status, row.ErrorId));
        Assert.Contains("from https to http", row.Error, StringComparison.Ordinal);
        Assert.Equal(0, other.Requests.Count(null, "/"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_loop_over_two_hosts_ends_and_leaks_nothing(bool token)
    {
        await using var source = await StartAsync(token);
        await using var other = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "1");
        await other.AddAsync("a", image, "1");
        source.Faults.Add(new Fault
        {
            Method = "GET",
            PathContains = "/blobs/",
            Times = 1000,
            BeforeAuthorization = true,
            Action = Redirect($"http://{other.Address}{{path}}")
        });
        other.Faults.Add("GET", "/blobs/", Redirect($"http://{source.Address}{{path}}"), times: 1000);

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address), sessions: Run.Login(source));

        Assert.Equal(("Failed", "OciProtocolError"), (row.Status, row.ErrorId));
        Assert.True(other.Requests.Count("GET", "/blobs/") > 0);
        AssertNothingOf(other);
    }

    [Fact]
    public async Task A_mirror_on_another_host_sees_no_login()
    {
        using var folder = new TempFolder();
        foreach (var token in new[] { false, true })
        {
            await using var source = await StartAsync(token);
            await using var mirror = await EmbeddedRegistry.StartAsync();
            await using var locked = await StartAsync(token);
            await using var destination = await EmbeddedRegistry.StartAsync();
            await source.AddAsync("a", ImageFactory.Create(), "1");
            await File.WriteAllTextAsync(
                folder["r.conf"],
                $"[[registry]]\nlocation = '{source.Address}'\nmirror = [{{ location = '{locked.Address}' }}, {{ location = '{mirror.Address}' }}]",
                TestContext.Current.CancellationToken);

            var row = await Run.OneAsync(
                Run.Request([$"{source.Address}/a:1"], destination.Address), Run.Quick with { RegistriesConfigPath = folder["r.conf"] }, Run.Login(source));

            Assert.True(row.Status == "Copied", row.Error);
            Assert.True(mirror.Requests.Count(null, "/v2/a/") > 0);
            AssertNothingOf(mirror);
            Assert.All(locked.Requests.Where(null, "/"), r => Assert.NotEqual("Basic", r.AuthorizationScheme));
            Assert.All(locked.Requests.Where(null, "/"), r => Assert.Null(r.User));
        }
    }

    [Theory]
    [InlineData("http", "without TLS")]
    [InlineData("https", "on this machine")]
    public async Task A_lying_realm_is_asked_for_nothing(string scheme, string told)
    {
        using var pki = TestPki.Create();
        using var folder = new TempFolder();
        pki.Write(folder.Path);
        using var certificate = pki.IssueServer("registry.behind.test");
        await using var other = await EmbeddedRegistry.StartAsync(new RegistryOptions { Certificate = scheme == "https" ? pki.ServerCertificate : null });
        await using var source = await EmbeddedRegistry.StartAsync(new RegistryOptions
        {
            Certificate = certificate,
            Auth = new AuthOptions { Mode = AuthMode.Token, Users = [Alice], Realm = $"{scheme}://127.0.0.1:{other.Port}/token" },
        });
        await using var destination = await EmbeddedRegistry.StartAsync();
        await using var proxy = NamingProxy.Start();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        var sessions = new RegistrySessions();
        var settings = new ConnectionSettings { CertificatePath = folder["ca.crt"], Proxy = new ProxySettings { Address = proxy.Address } };
        sessions.Set($"registry.behind.test:{source.Port}", settings, RegistryCredential.FromPassword("alice", "s3cret"));

        var row = await Run.OneAsync(Run.Request([$"registry.behind.test:{source.Port}/a:1"], destination.Address), sessions: sessions);

        Assert.Equal(("Failed", "OciProtocolError"), (row.Status, row.ErrorId));
        Assert.Contains(told, row.Error, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
        Assert.DoesNotContain(proxy.Heads, h => h.Contains(other.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        Assert.All(source.Requests, r => Assert.Null(r.AuthorizationScheme));
    }

    [Fact]
    public async Task The_urls_of_foreign_layers_are_not_asked()
    {
        await using var source = await StartAsync(token: true);
        await using var other = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var layer = new LayerDescriptor(
            "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", "sha256:" + new string('a', 64), 1000, "sha256:" + new string('b', 64))
        {
            Urls = [$"http://{other.Address}/v2/a/blobs/sha256:{new string('a', 64)}"],
        };
        await source.AddAsync("a", ImageFactory.WithForeignLayers(layer), "1");

        await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address), sessions: Run.Login(source));

        Assert.Equal(0, other.Requests.Count(null, "/"));
    }

    private static Task<EmbeddedRegistry> StartAsync(bool token, TestPki? pki = null) => EmbeddedRegistry.StartAsync(
        (token ? RegistryOptions.WithToken(false, Alice) : RegistryOptions.WithBasic(Alice)) with { Certificate = pki?.ServerCertificate });

    // The registry tries to leave a cookie as well.
    private static FaultAction Redirect(string to) =>
        FaultAction.Redirect(to) with { Headers = new Dictionary<string, string> { ["Set-Cookie"] = "session=abc; Path=/" } };

    private static void AssertNothingOf(EmbeddedRegistry other) => Assert.All(other.Requests.Where(null, "/"), r =>
    {
        Assert.Null(r.AuthorizationScheme);
        Assert.Null(r.Cookie);
        Assert.DoesNotContain("token", r.Query, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("s3cret", r.Query, StringComparison.Ordinal);
    });
}
