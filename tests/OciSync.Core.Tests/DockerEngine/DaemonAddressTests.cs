using System.Net.Sockets;
using System.Net;
using System.Text;
using OciSync.Core.DockerEngine;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Machine;
using OciSync.Core.Rows;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;

namespace OciSync.Core.Tests.DockerEngine;

/// <summary>Addresses of Docker engines, as Docker's own client reads them.</summary>
public sealed class DaemonAddressTests : IDisposable
{
    private readonly TempFolder _home = new();
    private readonly Dictionary<string, string> _variables = [];

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("tcp://engine.test", false, "tcp://engine.test:2375")]
    [InlineData("tcp://engine.test", true, "tcp://engine.test:2376")]
    [InlineData("tcp://[::1]", false, "tcp://[::1]:2375")]
    [InlineData("tcp://engine.test:80", true, "tcp://engine.test:80")]
    [InlineData("engine.test:2375", false, "tcp://engine.test:2375")]
    [InlineData("tcp://engine.test:1/base", false, "tcp://engine.test:1/base")]
    [InlineData("tcp://engine.test:1/base/", false, "tcp://engine.test:1/base")]
    [InlineData("http://engine.test:1/base", false, "http://engine.test:1/base")]
    [InlineData("https://engine.test:1/a/b", false, "https://engine.test:1/a/b")]
    public void A_port_that_is_not_written_is_Docker_s_and_a_path_is_a_folder(string text, bool tls, string address)
    {
        var place = DaemonAddress.Find(Options(text) with { DaemonCertificateDirectory = tls ? _home.Path : null });
        Assert.Equal(address, place.Text);
        Assert.Equal(address + "/", place.Endpoint.AbsoluteUri);
        Assert.Equal(tls || text.StartsWith("https", StringComparison.Ordinal), place.IsTls);
    }

    [Theory]
    [InlineData("DOCKER_CERT_PATH", "certs")]
    [InlineData("DOCKER_CONFIG", "config")]
    [InlineData(null, ".docker")]
    public void TLS_that_the_environment_asks_for_has_Docker_s_folders(string? variable, string folder)
    {
        _variables["DOCKER_TLS_VERIFY"] = "1";
        if (variable is not null)
        {
            _variables[variable] = _home[folder];
        }

        var place = DaemonAddress.Find(Options("tcp://engine.test"));
        Assert.Equal((true, _home[folder], 2376), (place.IsTls, place.CertificateFolder, place.Endpoint.Port));
    }

    [Fact]
    public async Task TLS_that_is_asked_for_is_never_plain_http()
    {
        _variables["DOCKER_TLS_VERIFY"] = "1";
        using var engine = new TcpListener(IPAddress.Loopback, 0);
        engine.Start();
        var address = engine.LocalEndpoint.ToString();

        // Without a single certificate in Docker's folder, with a folder that is misspelt, and by a scheme that can't have TLS.
        var none = await CopyAsync(Options("tcp://" + address));
        Assert.Equal(("Failed", "OciConfigurationInvalid"), (none.Status, none.ErrorId));
        Assert.Contains(_home[".docker"], none.Error, StringComparison.Ordinal);
        var misspelt = await CopyAsync(Options("tcp://" + address) with { DaemonCertificateDirectory = _home["misspelt"] });
        Assert.Equal("OciConfigurationInvalid", misspelt.ErrorId);
        var plain = await CopyAsync(Options("http://" + address));
        Assert.Equal("OciReferenceInvalid", plain.ErrorId);
        Assert.Contains("is plain http", plain.Error, StringComparison.Ordinal);
        Assert.False(engine.Pending());
    }

    [Theory]
    [InlineData("tcp", "")]
    [InlineData("tcp", "/base")]
    [InlineData("http", "/base/deeper/")]
    public async Task Requests_go_below_the_path_of_the_address(string scheme, string path)
    {
        using var engine = new TcpListener(IPAddress.Loopback, 0);
        engine.Start();
        var lines = await ServeAsync(engine.Server, () => CopyAsync(Options($"{scheme}://{engine.LocalEndpoint}{path}")));
        Assert.NotEmpty(lines);
        Assert.All(lines, l => Assert.StartsWith($"GET {path.TrimEnd('/')}/", l, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("my+docker.sock")]
    [InlineData("with a space.sock")]
    [InlineData("100%25.sock")]
    [InlineData("Ä_é.sock")]
    public async Task A_socket_may_have_any_name(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix sockets are asked for elsewhere.");
        using var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        engine.Bind(new UnixDomainSocketEndPoint(_home[name]));
        engine.Listen();
        if (ThisBuild.Framework.StartsWith(".NETStandard", StringComparison.Ordinal))
        {
            var refused = await CopyAsync(Options("unix://" + _home[name]));
            Assert.Equal("OciConnectionFailed", refused.ErrorId);
            return;
        }

        OciSyncResult? row = null;
        var lines = await ServeAsync(engine, async () => row = await CopyAsync(Options("unix://" + _home[name])));
        Assert.NotEmpty(lines);
        Assert.Equal("OciManifestUnknown", row!.ErrorId);
    }

    [Fact]
    public async Task A_socket_that_is_missing_is_called_so()
    {
        var row = await CopyAsync(Options("unix://" + _home["none.sock"]));
        Assert.Equal("OciConnectionFailed", row.ErrorId);
        Assert.Contains($"there is no socket '{_home["none.sock"]}'", row.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ssh://me@engine.test")]
    [InlineData("ssh://me:s3cret@engine.test")]
    [InlineData("unix://relative.sock")]
    [InlineData("tcp://")]
    [InlineData("/var/run/docker.sock")]
    public void What_is_no_address_is_refused_with_those_that_are(string text)
    {
        var failure = Assert.Throws<OciException>(() => DaemonAddress.Find(Options(text)));
        Assert.Equal(OciErrorKind.ReferenceInvalid, failure.Kind);
        Assert.Contains("unix:///path", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", failure.Message, StringComparison.Ordinal);
    }

    private EngineOptions Options(string host) => Run.Quick with
    {
        DaemonHost = host,
        Environment = new UserEnvironment(_variables.GetValueOrDefault, _home.Path, OperatingSystem.IsWindows(), OperatingSystem.IsLinux()),
    };

    private Task<OciSyncResult> CopyAsync(EngineOptions options) => Run.OneAsync(Carry.Request("docker-daemon:a:1", "dir:" + _home["d"]), options);

    // The first lines of all requests until the copy has ended; the answers are those of an engine that has no image, and doesn't say what it is.
    private static async Task<List<string>> ServeAsync(Socket listener, Func<Task> copy)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var copying = copy().ContinueWith(_ => ended.Cancel(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        var lines = new List<string>();
        try
        {
            while (true)
            {
                using var connection = await listener.AcceptAsync(ended.Token);
                var buffer = new byte[4096];
                var read = await connection.ReceiveAsync(buffer, ended.Token);
                var body = """{"message":"no such image"}""";
                await connection.SendAsync(
                    Encoding.ASCII.GetBytes(
                        $"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"),
                    ended.Token);
                lines.Add(Encoding.ASCII.GetString(buffer, 0, read).Split('\r')[0]);
            }
        }
        catch (OperationCanceledException)
        {
            // The copy has ended.
            await copying;
            return lines;
        }
    }
}
