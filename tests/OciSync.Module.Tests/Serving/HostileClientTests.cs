using System.Net.Sockets;
using System.Text;
using OciSync.Testing.Images;

namespace OciSync.Module.Tests.Serving;

/// <summary>What clients may send that mean no good, or go away: over a socket, byte for byte.</summary>
public sealed class HostileClientTests : IDisposable
{
    private readonly TestImage _image = ImageFactory.Create();
    private readonly ServedLayout _layout;
    private readonly Session _session = Session.WithModule();
    private readonly string _large;
    private readonly int _port;

    public HostileClientTests()
    {
        _layout = new ServedLayout(("x:1", _image));
        File.WriteAllText(_layout["secret"], "top-secret");
        _large = _layout.AddBlob(64 * 1024 * 1024);
        _port = (int)_session.Run("(Start-OciRegistryServer $args[0] -Port 0 -MaximumConnection 300).Port", _layout.Root)[0]!;
    }

    private CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v2/../../secret")]
    [InlineData("/v2/../secret")]
    [InlineData("/v2/x/blobs/../../../secret")]
    [InlineData("/v2/x/blobs/..%2f..%2f..%2fsecret")]
    [InlineData("/v2/x/blobs/%2e%2e/%2e%2e/secret")]
    [InlineData("/v2/x/blobs/sha256:../../../secret")]
    [InlineData("/v2/x/manifests/../../../secret")]
    [InlineData("/v2/%2e%2e%2fsecret/manifests/1")]
    [InlineData("/v2/x\\..\\..\\secret/manifests/1")]
    [InlineData("//secret")]
    [InlineData("/etc/passwd")]
    [InlineData("/index.json")]
    [InlineData("/oci-layout")]
    [InlineData("file:///etc/passwd")]
    public async Task Nothing_outside_of_the_images_is_read(string target)
    {
        var answer = await RawClient.GetAsync(_port, target, Token);
        Assert.Matches("^HTTP/1.1 (404|400) ", answer);
        Assert.DoesNotContain("top-secret", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("imageLayoutVersion", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example:80")]
    public async Task A_page_that_made_its_name_lead_here_gets_nothing(string host)
    {
        var answer = await RawClient.GetAsync(_port, "/v2/_catalog", Token, host, "Origin: http://evil.example\r\n");
        Assert.StartsWith("HTTP/1.1 421 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("repositories", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Access-Control", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("GET /v2/?x={0} HTTP/1.1\r\nHost: localhost\r\n\r\n", 20_000)]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: localhost\r\nX: {0}\r\n\r\n", 200_000)]
    [InlineData("GET /v2/ HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n\r\n", 0)]
    [InlineData("GET /v2/ HTTP/1.1\r\n\r\n", 0)]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\r\n\r\n", 0)]
    public async Task What_is_too_large_or_no_request_is_refused_and_the_connection_closed(string request, int size)
    {
        var answer = await RawClient.SendAsync(_port, request.Replace("{0}", new string('a', size), StringComparison.Ordinal), Token);
        Assert.Matches("^(HTTP/1.1 (400|414|431) |$)", answer);
        Assert.StartsWith("HTTP/1.1 200", await RawClient.GetAsync(_port, "/v2/", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_is_refused_without_taking_its_body()
    {
        var answer = await RawClient.SendAsync(
            _port, "POST /v2/x/blobs/uploads/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\nabc", Token);
        Assert.StartsWith("HTTP/1.1 405 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_doesn_t_come_is_not_waited_for_for_ever()
    {
        // The server closes after ten seconds; the test's own limit is that of the run.
        var answer = await RawClient.SendAsync(_port, "GET /v2/ HTTP/1.1\r\nHost: local", Token).WaitAsync(TimeSpan.FromMinutes(2), Token);
        Assert.Matches("^(HTTP/1.1 408 |$)", answer);
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_closed_and_the_others_go_on()
    {
        var clients = new List<TcpClient>();
        try
        {
            // One that is served, and a thousand that say nothing.
            using var first = new TcpClient();
            await first.ConnectAsync("127.0.0.1", _port, Token);
            var stream = first.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes("GET /v2/ HTTP/1.1\r\nHost: localhost\r\n\r\n"), Token);
            Assert.True(await stream.ReadAsync(new byte[100], Token) > 0);
            for (var i = 0; i < 1000; i++)
            {
                var client = new TcpClient();
                clients.Add(client);
                await client.ConnectAsync("127.0.0.1", _port, Token);
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes("GET /v2/x/tags/list HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), Token);
            Assert.Contains("\"tags\":[\"1\"]", await RawClient.ReadAsync(stream, Token), StringComparison.Ordinal);
        }
        finally
        {
            clients.ForEach(c => c.Dispose());
        }

        for (var i = 0; ; i++)
        {
            try
            {
                Assert.StartsWith("HTTP/1.1 200", await RawClient.GetAsync(_port, "/v2/", Token), StringComparison.Ordinal);
                return;
            }
            catch (Exception e) when (i < 100 && e is SocketException or Xunit.Sdk.StartsWithException)
            {
                // The server has still to notice that they went.
                await Task.Delay(50, Token);
            }
        }
    }

    [Fact]
    public async Task Clients_that_go_away_in_the_middle_are_everyday()
    {
        var size = new FileInfo(_layout.BlobPath(_large)).Length;
        for (var i = 0; i < 20; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _port, Token);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /v2/x/blobs/{_large} HTTP/1.1\r\nHost: localhost\r\nRange: bytes={i}-\r\n\r\n"), Token);
            Assert.True(await stream.ReadAsync(new byte[1000], Token) > 0);
            client.LingerState = new LingerOption(true, 0);
        }

        var answer = await RawClient.GetAsync(_port, "/v2/x/blobs/" + _large, Token);
        Assert.EndsWith("\0", answer, StringComparison.Ordinal);
        Assert.True(answer.Length > size);
        Assert.Equal([0L], _session.Run("(Get-OciRegistryServer).Failures"));
    }

    [Fact]
    public async Task A_blob_that_turns_out_damaged_cuts_the_connection()
    {
        var file = _layout.BlobPath(_large);
        using (var stream = new FileStream(file, FileMode.Open))
        {
            stream.WriteByte(2);
        }

        var size = new FileInfo(file).Length;
        var answer = await RawClient.GetAsync(_port, "/v2/x/blobs/" + _large, Token);
        var head = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        Assert.Contains("Content-Length: " + size, answer[..Math.Max(head, 0)], StringComparison.Ordinal);
        Assert.True(answer.Length - head < size);
        Assert.StartsWith("HTTP/1.1 404", await RawClient.GetAsync(_port, "/v2/x/blobs/" + _large, Token), StringComparison.Ordinal);
        Assert.Contains("other content", _session.Run("(Get-OciRegistryServer).Log.Error")[0]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_lines_have_nothing_that_a_terminal_acts_on()
    {
        await RawClient.GetAsync(_port, "/v2/x%1b[31m/\u001b[31m", Token, more: "User-Agent: a\u009b31mb\r\n");
        await RawClient.GetAsync(_port, "/v2/", Token, more: "User-Agent: a\u00adb\tc\r\n");
        var lines = string.Concat(_session.Run("(Get-OciRegistryServer).Log | ForEach-Object { \"$_\" }"));
        Assert.DoesNotContain(lines, char.IsControl);
    }

    public void Dispose()
    {
        _session.Run("Stop-OciRegistryServer -TimeoutSec 0");
        _session.Dispose();
        _layout.Dispose();
    }
}
