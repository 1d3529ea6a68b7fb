using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Net.Http;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Pki;
using OciSync.Testing.Servers;

namespace OciSync.Module.Tests.Serving;

/// <summary>The server's cmdlets in a runspace, and who it answers.</summary>
public sealed class ServerTests : IDisposable
{
    private readonly TestImage _image = ImageFactory.Create();
    private readonly ServedLayout _layout;
    private readonly Session _session = Session.WithModule();

    public ServerTests() => _layout = new ServedLayout(("docker.io/library/x:1", _image));

    private CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kestrel_is_loaded_with_the_first_server_and_not_before_it()
    {
        var before = await LongRuns.HostRun.RunAsync("""
            Get-OciRegistryServer
            function Count { @([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object FullName -like 'Microsoft.AspNetCore*').Count }
            $before = Count
            $null = Start-OciRegistryServer $HOME -Port 0 -ErrorAction SilentlyContinue
            "$before $((Count) -gt 0)"
            """.Replace("$HOME", $"'{_layout.Root}'", StringComparison.Ordinal));
        Assert.Equal("0 True", before.Trim());
    }

    [Fact]
    public async Task A_server_is_started_listed_and_stopped()
    {
        var server = Start();
        Assert.Equal($"http://127.0.0.1:{Port(server)}/", server.Properties["Uri"].Value.ToString());
        using var client = new HttpClient { BaseAddress = (Uri)server.Properties["Uri"].Value };

        // To the end of the connection: the whole answer may be here before the server has noted it.
        var answer = await RawClient.GetAsync(Port(server), "/v2/library/x/manifests/1", Token);
        Assert.EndsWith("\r\n\r\n" + System.Text.Encoding.Latin1.GetString(_image.Root.Bytes), answer, StringComparison.Ordinal);
        Assert.Equal([1L, 1, 0L, (long)_image.Root.Bytes.Length], _session.Run(
            "$s = Get-OciRegistryServer; $s.Requests; $s.Images; $s.Failures; $s.BytesSent"));
        Assert.Equal(["/v2/library/x/manifests/1"], _session.Run("(Get-OciRegistryServer).Log.Path"));
        (await client.GetAsync("v2/", Token)).Dispose();
        Assert.Empty(_session.Run("Get-OciRegistryServer | Stop-OciRegistryServer; Get-OciRegistryServer"));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("v2/", Token));
        Assert.Equal(false, server.Properties["IsRunning"].Value);
    }

    [Fact]
    public async Task Servers_end_with_their_runspace()
    {
        using var other = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        other.Open();
        using (var shell = PowerShell.Create(other))
        {
            var port = LoopbackPort.Free();
            shell.AddScript("Import-Module $args[0]; (Start-OciRegistryServer $args[1] -Port $args[2]).Port")
                .AddArgument(Paths.Manifest).AddArgument(_layout.Root).AddArgument(port);
            Assert.Equal(port, (int)shell.Invoke()[0].BaseObject);
            Assert.Contains("200 OK", await RawClient.GetAsync(port, "/v2/", Token), StringComparison.Ordinal);
            Assert.Empty(_session.Run("Get-OciRegistryServer"));
            other.Close();
            await Assert.ThrowsAnyAsync<SocketException>(() => RawClient.GetAsync(port, "/v2/", Token));
        }
    }

    [Fact]
    public async Task Waiting_ends_with_Ctrl_C_and_so_does_the_server()
    {
        using var own = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        own.Open();
        using var shell = PowerShell.Create(own);
        var port = LoopbackPort.Free();
        shell.AddScript("Import-Module $args[0]; Start-OciRegistryServer $args[1] -Port $args[2] -Wait")
            .AddArgument(Paths.Manifest).AddArgument(_layout.Root).AddArgument(port);
        var output = new PSDataCollection<PSObject>();
        var running = shell.BeginInvoke<PSObject, PSObject>(null, output);
        for (var i = 0; output.Count == 0; i++)
        {
            Assert.True(i < 1500 && !running.IsCompleted, string.Join('\n', shell.Streams.Error.ReadAll()) + shell.InvocationStateInfo.Reason);
            await Task.Delay(20, Token);
        }

        Assert.Contains("200 OK", await RawClient.GetAsync(port, "/v2/", Token), StringComparison.Ordinal);
        await shell.StopAsync(null, null).WaitAsync(TimeSpan.FromSeconds(20), Token);
        await Assert.ThrowsAnyAsync<SocketException>(() => RawClient.GetAsync(port, "/v2/", Token));
    }

    [Fact]
    public void What_everyone_could_read_is_refused_unless_it_is_said()
    {
        Assert.Equal(
            ["OciListenRefused"],
            _session.Run("try { Start-OciRegistryServer $args[0] -Address * -Port 0 } catch { ($_.FullyQualifiedErrorId -split ',')[0] }", _layout.Root));
        Assert.Equal([true], _session.Run("(Start-OciRegistryServer $args[0] -Address 0.0.0.0 -Port 0 -AllowAnonymous).IsRunning", _layout.Root));
    }

    // As a TimeSpan 30 would be three microseconds, and 60s, which PowerShell reads as a number of 16 bits, six.
    [Theory]
    [InlineData("30", "OciChoiceInvalid")]
    [InlineData("60s", "True")]
    [InlineData("1d12h", "True")]
    [InlineData("0:15", "True")]
    [InlineData("([timespan]::FromMinutes(5))", "True")]
    public void A_lifetime_of_tags_is_a_number_with_its_unit(string text, string outcome) => Assert.Equal(
        [outcome],
        _session.Run(
            $"try {{ \"$((Start-OciRegistryServer $args[0] -Port 0 -TagLifetime {text}).IsRunning)\" }} catch {{ ($_.FullyQualifiedErrorId -split ',')[0] }}",
            _layout.Root));

    [Fact]
    public void A_port_that_is_taken_says_so()
    {
        var port = Port(Start());
        var text = Assert.Single(_session.Run("try { Start-OciRegistryServer $args[0] -Port $args[1] } catch { $_.ToString() }", _layout.Root, port));
        Assert.Contains("another -Port", text!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_need_one_of_the_logins_and_no_secret_is_in_the_log()
    {
        var server = Start("-ClientCredential ([pscredential]::new('alice', [Net.NetworkCredential]::new('', 's3cret').SecurePassword))");
        var right = "Authorization: Basic YWxpY2U6czNjcmV0\r\n";
        Assert.Contains("401 Unauthorized", await RawClient.GetAsync(Port(server), "/v2/", Token), StringComparison.Ordinal);
        Assert.Contains("200 OK", await RawClient.GetAsync(Port(server), "/v2/?token=s3cret", Token, more: right), StringComparison.Ordinal);
        var shown = string.Concat(_session.Run("(Get-OciRegistryServer).Log | ForEach-Object { \"$_\"; $_.psobject.Properties.Value }"));
        Assert.Contains("/v2/", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("YWxpY2U6czNjcmV0", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pfx")]
    [InlineData("pem")]
    public async Task Https_with_a_certificate_from_a_file(string kind)
    {
        using var pki = TestPki.Create();
        pki.Write(_layout["pki"]);
        var certificate = pki.ServerCertificate;
        File.WriteAllBytes(_layout["server.pfx"], certificate.Export(X509ContentType.Pkcs12, "pässword"));
        File.WriteAllText(_layout["server.pem"], certificate.ExportCertificatePem());
        var key = (System.Security.Cryptography.AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(_layout["server.key"], key.ExportPkcs8PrivateKeyPem());
        var server = Start(kind == "pfx"
            ? $"-CertificatePath '{_layout["server.pfx"]}' -CertificatePassword ([Net.NetworkCredential]::new('', 'pässword').SecurePassword)"
            : $"-CertificatePath '{_layout["server.pem"]}' -CertificateKeyPath '{_layout["server.key"]}'");
        Assert.StartsWith("https://", server.Properties["Uri"].Value.ToString(), StringComparison.Ordinal);
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, seen, _, _) => seen!.Thumbprint == certificate.Thumbprint };
        using var client = new HttpClient(handler);
        Assert.Equal(_image.Root.Bytes, await client.GetByteArrayAsync(server.Properties["Uri"].Value + "v2/library/x/manifests/1", Token));
        Assert.DoesNotContain("200 OK", await RawClient.GetAsync(Port(server), "/v2/", Token), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_can_t_be_used_says_what_to_do()
    {
        File.WriteAllText(_layout["x.pfx"], "nonsense");
        const string Script = "try { Start-OciRegistryServer $args[0] -Port 0 -CertificatePath $args[1] } catch { $_.ToString() }";
        var text = Assert.Single(_session.Run(Script, _layout.Root, _layout["x.pfx"]));
        Assert.Contains("-CertificatePassword", text!.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _session.Run("Stop-OciRegistryServer -TimeoutSec 0");
        _session.Dispose();
        _layout.Dispose();
    }

    private PSObject Start(string options = "") =>
        PSObject.AsPSObject(Assert.Single(_session.Run($"Start-OciRegistryServer $args[0] -Port 0 {options}", _layout.Root))!);

    private static int Port(PSObject server) => (int)server.Properties["Port"].Value;
}
