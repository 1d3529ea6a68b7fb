using System.Security.Cryptography.X509Certificates;
using OciSync.Core.Certificates;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Logins;
using OciSync.Core.Machine;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Pki;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Engine;

/// <summary>Certificates of both sides; each refusal says what to do.</summary>
public sealed class TlsTests : IDisposable
{
    // Its keys take longer to make than the rest of most tests; nobody changes them.
    private static readonly TestPki Pki = TestPki.Create();

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("user")]
    [InlineData("etc")]
    [InlineData("docker")]
    public async Task An_authority_in_certs_d(string place)
    {
        await using var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions { Certificate = Pki.ServerCertificate });
        Assert.Equal(OciErrorKind.CertificateUntrusted, (await FailAsync(registry.Address)).Kind);
        Pki.Write(_folder["ca"]);
        Directory.CreateDirectory(_folder[$"{place}/certs.d/{registry.Address}"]);
        File.Copy(_folder["ca/ca.crt"], _folder[$"{place}/certs.d/{registry.Address}/ca.crt"]);
        await CheckAsync(registry.Address);
    }

    [Theory]
    [InlineData("expired", "expired or not valid yet", "clock")]
    [InlineData("name", "is for another host name", "Use the name")]
    [InlineData("untrusted", "is not trusted", "-CertificatePath")]
    public async Task A_bad_certificate_is_explained(string what, string fault, string remedy)
    {
        Pki.Write(_folder["ca"]);
        using var other = TestPki.Create();
        using var certificate = what switch
        {
            "expired" => Pki.IssueServer("localhost", DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddDays(-10)),
            "name" => Pki.IssueServer("other.test"),
            _ => other.IssueServer("localhost"),
        };
        await using var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions { Certificate = certificate });
        var failure = await FailAsync($"localhost:{registry.Port}", new ConnectionSettings { CertificatePath = _folder["ca/ca.crt"] });
        Assert.Equal(OciErrorKind.CertificateUntrusted, failure.Kind);
        Assert.Contains(fault, failure.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_certificate_is_asked_for(bool real)
    {
        Assert.SkipWhen(real && DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? string.Empty);
        await using var docker = real ? await DockerRegistryProcess.StartAsync(DockerRegistryMode.TlsClient) : null;
        await using var embedded = real
            ? null
            : await EmbeddedRegistry.StartAsync(new RegistryOptions { Certificate = Pki.ServerCertificate, ClientAuthority = Pki.Authority, Http2 = false });
        var (pki, address) = docker is null ? (Pki, embedded!.Address) : (docker.Pki!, docker.Address);
        pki.Write(_folder["ca"]);
        var settings = new ConnectionSettings { CertificatePath = _folder["ca/ca.crt"] };

        var failure = await FailAsync(address, settings);
        Assert.True(failure.Kind == OciErrorKind.ClientCertificateRefused, failure.ToString());
        Assert.Contains("-ClientCertificatePath", failure.Message, StringComparison.Ordinal);

        using var stranger = TestPki.Create();
        using var wrong = stranger.IssueClient("mallory");
        failure = await FailAsync(address, settings with { ClientCertificatePath = WritePfx("wrong.pfx", wrong) });
        Assert.True(failure.Kind == OciErrorKind.ClientCertificateRefused, failure.ToString());
        Assert.Contains("CN=mallory", failure.Message, StringComparison.Ordinal);

        using var client = pki.IssueClient("alice");
        await CheckAsync(address, settings with { ClientCertificatePath = WritePfx("right.pfx", client) });

        TestPki.WriteClient(_folder["pair"], "client", client);
        File.Copy(_folder["ca/ca.crt"], _folder["pair/ca.crt"]);
        var folder = new ConnectionSettings { CertificateDirectory = _folder["pair"] };
        var pair = settings with { ClientCertificatePath = _folder["pair/client.cert"], ClientKeyPath = _folder["pair/client.key"] };
        foreach (var way in new[] { folder, pair })
        {
            if (ThisBuild.Framework.StartsWith(".NETStandard", StringComparison.Ordinal))
            {
                Assert.Contains("PFX", (await FailAsync(address, way)).Message, StringComparison.Ordinal);
            }
            else
            {
                await CheckAsync(address, way);
            }
        }
    }

    [Fact]
    public async Task A_pfx_password_is_used_and_a_wrong_one_refused()
    {
        await using var registry = await EmbeddedRegistry.StartAsync(
            new RegistryOptions { Certificate = Pki.ServerCertificate, ClientAuthority = Pki.Authority, Http2 = false });
        Pki.Write(_folder["ca"]);
        using var client = Pki.IssueClient("alice");
        await File.WriteAllBytesAsync(_folder["c.pfx"], client.Export(X509ContentType.Pfx, "s3cret"), TestContext.Current.CancellationToken);
        var settings = new ConnectionSettings { CertificatePath = _folder["ca/ca.crt"], ClientCertificatePath = _folder["c.pfx"] };
        var failure = await FailAsync(registry.Address, settings);
        Assert.Equal(OciErrorKind.ConfigurationInvalid, failure.Kind);
        Assert.Contains("-ClientCertificatePassword", failure.Message, StringComparison.Ordinal);
        await CheckAsync(registry.Address, settings with { ClientCertificatePassword = new System.Net.NetworkCredential("", "s3cret").SecurePassword });
    }

    [Theory]
    [InlineData("c.cert", "c.key", "key")]
    [InlineData("c.key", "c.cert", "certificate")]
    public async Task A_half_pair_in_certs_d_is_named(string there, string missing, string what)
    {
        Directory.CreateDirectory(_folder["user/certs.d/registry.test"]);
        await File.WriteAllTextAsync(_folder["user/certs.d/registry.test/" + there], "x", TestContext.Current.CancellationToken);
        var failure = await FailAsync("registry.test");
        Assert.Equal(OciErrorKind.ConfigurationInvalid, failure.Kind);
        Assert.Contains(_folder["user/certs.d/registry.test/" + missing], failure.Message, StringComparison.Ordinal);
        Assert.Contains(what, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_file_in_certs_d_is_named()
    {
        Directory.CreateDirectory(_folder["user/certs.d/registry.test"]);
        await File.WriteAllTextAsync(_folder["user/certs.d/registry.test/ca.crt"], "no certificate", TestContext.Current.CancellationToken);
        var failure = await FailAsync("registry.test");
        Assert.Equal(OciErrorKind.ConfigurationInvalid, failure.Kind);
        Assert.Contains("ca.crt", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thumbprint_is_for_windows()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "This machine has a certificate store.");
        var failure = await FailAsync("registry.test", new ConnectionSettings { ClientCertificateThumbprint = "00" });
        Assert.Contains("Windows only", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "wants a client certificate")]
    [InlineData("alice", "refused the client certificate (CN=alice)")]
    public async Task A_client_certificate_that_nginx_asks_for_in_a_page(string? client, string told)
    {
        await using var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions { Certificate = Pki.ServerCertificate });
        var said = client is null ? "No required SSL certificate was sent" : "The SSL certificate error";
        registry.Faults.Add(new Fault
        {
            Times = 10,
            BeforeAuthorization = true,
            Action = FaultAction.Respond(400) with
            {
                ContentType = "text/html",
                Body =
                    $"<html>\r\n<head><title>400 {said}</title></head>\r\n<body>\r\n<center><h1>400 Bad "
                    + $"Request</h1></center>\r\n<center>{said}</center>\r\n<hr><center>nginx/1.24.0</center>\r\n</body>\r\n</html>\r\n",
            },
        });
        Pki.Write(_folder["ca"]);
        var settings = new ConnectionSettings { CertificatePath = _folder["ca/ca.crt"] };
        using var certificate = Pki.IssueClient("alice");
        var failure = await FailAsync(registry.Address, client is null ? settings : settings with { ClientCertificatePath = WritePfx("c.pfx", certificate) });
        Assert.Equal(OciErrorKind.ClientCertificateRefused, failure.Kind);
        Assert.Contains(told, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("skip")]
    [InlineData("insecure")]
    public async Task That_a_registry_s_certificate_is_not_checked_holds_for_its_own_host(string way)
    {
        await using var source = await EmbeddedRegistry.StartAsync(new RegistryOptions { Certificate = Pki.ServerCertificate });
        await using var other = await EmbeddedRegistry.StartAsync(new RegistryOptions { Certificate = Pki.ServerCertificate });
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "1");
        await other.AddAsync("a", image, "1");
        await File.WriteAllTextAsync(
            _folder["r.conf"],
            $"[[registry]]\nlocation = '{source.Address}'\ninsecure = {(way == "insecure" ? "true" : "false")}",
            TestContext.Current.CancellationToken);
        var sessions = new RegistrySessions();
        sessions.Set(source.Address, new ConnectionSettings { SkipCertificateCheck = way == "skip" }, null);
        var options = Run.Quick with { RegistriesConfigPath = _folder["r.conf"] };
        Assert.Equal("Copied", (await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address + "/x"), options, sessions)).Status);

        source.Faults.Add("GET", "/blobs/", FaultAction.Redirect($"https://localhost:{other.Port}{{path}}"), times: 100);
        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address + "/y"), options, sessions);
        Assert.True(row.ErrorId == "OciCertificateUntrusted", row.Error);
        Assert.Contains($"'localhost', where '{source.Address}' sends us", row.Error, StringComparison.Ordinal);
        Assert.Equal(0, other.Requests.Count(null, "/"));
    }

    [Fact]
    public void Our_certificate_is_for_the_registry_alone()
    {
        using var client = Pki.IssueClient("alice");
        var identity = TlsIdentity.Load(
            "registry.test:5000", new ConnectionSettings { ClientCertificatePath = WritePfx("c.pfx", client) }, new MachinePlaces());
        var check = new CertificateCheck("registry.test:5000", false, identity);
        Assert.Equal(client.Subject, check.Choose("registry.test", null, null)?.Subject);
        Assert.Null(check.Choose("storage.test", null, null));
    }

    private string WritePfx(string name, X509Certificate2 certificate)
    {
        File.WriteAllBytes(_folder[name], certificate.Export(X509ContentType.Pfx));
        return _folder[name];
    }

    private async Task CheckAsync(string address, ConnectionSettings? settings = null)
    {
        var sessions = new RegistrySessions();
        sessions.Set(address, settings ?? ConnectionSettings.Default, null);
        var options = Run.Quick with
        {
            MaximumRetryCount = 0,
            Places = new MachinePlaces { UserFolder = _folder["user"], SystemFolders = [_folder["etc"]], DockerFolder = _folder["docker"] },
        };
        using var engine = Run.Engine(options, sessions, cancellationToken: TestContext.Current.CancellationToken);
        await engine.CheckLoginAsync(address, TestContext.Current.CancellationToken);
    }

    private Task<OciException> FailAsync(string address, ConnectionSettings? settings = null) =>
        Assert.ThrowsAsync<OciException>(() => CheckAsync(address, settings));
}
