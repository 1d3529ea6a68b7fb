using System.Globalization;
using System.Net;
using System.Text;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Http;
using OciSync.Core.References;
using OciSync.Core.Tags;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Hostile;

/// <summary>Registries that are made to hurt: an answer without an end, lists without an end, names that are commands to a terminal.</summary>
public sealed class HostileRegistryTests
{
    private const string Escape = "\u001b]0;owned\u0007\u001b[2J";

    [Fact]
    public async Task Ten_million_tags_on_one_page_are_not_read()
    {
        await using var server = RawServer.Start(async (_, stream, token) =>
        {
            await stream.WriteAsync(RawServer.Head(200, "Content-Type: application/json"), token);
            await stream.WriteAsync("{\"tags\":[\"0\""u8.ToArray(), token);
            var chunk = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 10_000).Select(i => $",\"v{i:D7}\"")));
            for (var i = 0; i < 1000; i++)
            {
                await stream.WriteAsync(chunk, token);
            }
        });
        await RefuseListAsync(server.Address, OciErrorKind.ProtocolError, "more than 67108864 bytes");
    }

    [Fact]
    public void A_page_of_more_names_than_are_taken()
    {
        var names = new List<string>();
        var page = Encoding.ASCII.GetBytes("{\"tags\":[" + string.Join(",", Enumerable.Repeat("\"a\"", 1_000_001)) + "]}");
        var failure = Assert.Throws<OciException>(() => Registry_NamePage(page, names));
        Assert.Contains("more than 1,000,000 entries", failure.Message.Replace(".", ",", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(1_000_000, names.Count);
    }

    [Fact]
    public async Task Pages_without_an_end()
    {
        var page = 0;
        await using var server = RawServer.Start((_, stream, token) => WriteAsync(
            stream, 200, """{"tags":["a"]}""", token, $"Link: </v2/a/tags/list?last={Interlocked.Increment(ref page)}>; rel=\"next\""));
        Assert.Equal(10_000, new EngineOptions().LongestList);
        var options = Run.Quick with { MaximumRetryCount = 0, LongestList = 300 };
        await RefuseListAsync(server.Address, OciErrorKind.ProtocolError, "does not end", options);
        Assert.Equal(300, page);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/v2/a/tags/list?last=x")]
    [InlineData("//127.0.0.1:{0}/v2/a/tags/list?last=x")]
    [InlineData("http://127.0.0.1:{0}//127.0.0.1:{0}/v2/a/tags/list?last=x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://169.254.169.254//127.0.0.1:{0}/latest")]
    public async Task A_next_page_elsewhere_is_asked_for_at_home(string link)
    {
        await using var other = await EmbeddedRegistry.StartAsync();
        var target = link.Replace("{0}", other.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        source.Faults.Add("GET", "/tags/list", Respond(200, """{"tags":["0"]}""", ("Link", $"<{target}>; rel=\"next\"")), times: 1);
        using var engine = Run.Engine(Run.Quick with { MaximumRetryCount = 0 }, cancellationToken: TestContext.Current.CancellationToken);
        try
        {
            await engine.ListTagsAsync(ImageReference.Parse(source.Address + "/a"), TestContext.Current.CancellationToken);
        }
        catch (OciException e)
        {
            Assert.Contains(e.Kind, new[] { OciErrorKind.ManifestUnknown, OciErrorKind.RepositoryUnknown, OciErrorKind.ProtocolError });
        }

        Assert.Equal(0, other.Requests.Count(null, "/"));
    }

    [Fact]
    public async Task Names_that_are_commands_to_a_terminal_or_paths_are_left_out_and_shown_harmless()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        var bad =
            $$"""["1","{{Escape.Replace("\u001b", "\\u001b", StringComparison.Ordinal).Replace("\u0007", "\\u0007", StringComparison.Ordinal)}}","../../etc/passwd","a/b","..","\u202egnp.exe"]""";
        source.Faults.Add("GET", "/tags/list", Respond(200, $$"""{"tags":{{bad}}}"""), times: 10);
        source.Faults.Add("GET", "/_catalog", Respond(200, $$"""{"repositories":{{bad.Replace("\"1\"", "\"a\"", StringComparison.Ordinal)}}}"""), times: 10);
        var told = new List<string>();
        using var engine = Run.Engine(
            events: new EngineEvents { Decision = told.AddLocked, Warning = told.AddLocked }, cancellationToken: TestContext.Current.CancellationToken);

        var list = await engine.ChooseTagsAsync(
            ImageReference.Parse(source.Address + "/a"), new TagSelector(new TagChoice()), TestContext.Current.CancellationToken);
        var repositories = await engine.ListRepositoriesAsync(source.Address, [], [], TestContext.Current.CancellationToken);

        Assert.Equal("1", Assert.Single(list.All).Tag);
        Assert.Equal(["a", "a/b"], repositories.Select(r => r.Repository));
        Assert.True(list.Remarks.Count >= 4 && told.Count >= 3, "what is left out is told");
        Assert.DoesNotContain(list.Remarks.Concat(told).SelectMany(t => t), c => char.IsControl(c) || c == '\u202e');
    }

    [Theory]
    [InlineData("x\u001b[31m\u009b2J", "text/plain")]
    [InlineData("""{"errors":[{"code":"<\u001b[2J","message":"\u202e\u0007"}]}""", "application/json")]
    [InlineData("""{"errors":[{"code":"\ud800","message":"m"}]}""", "application/json")]
    public async Task A_refusal_in_terminal_codes_is_shown_harmless(string body, string type)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        source.Faults.Add("GET", "/tags/list", Respond(403, body) with { ContentType = type }, times: 10);
        await RefuseListAsync(source.Address, OciErrorKind.Forbidden, "HTTP 403");
    }

    [Fact]
    public async Task Headers_of_megabytes()
    {
        await using var server = RawServer.Start((_, stream, token) =>
            stream.WriteAsync(RawServer.Head(200, "X-Long: " + new string('x', 8_000_000)), token).AsTask());
        await RefuseListAsync(server.Address, OciErrorKind.ProtocolError, "more headers");
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(404, OciErrorKind.ManifestUnknown)]
    [InlineData(403, OciErrorKind.Forbidden)]
    public async Task A_refusal_of_gigabytes_is_still_that_refusal(int status, OciErrorKind kind)
    {
        long sent = 0;
        await using var server = RawServer.Start(async (_, stream, token) =>
        {
            await stream.WriteAsync(RawServer.Head(status, "Content-Type: text/plain"), token);
            var chunk = new byte[1_000_000];
            for (; sent < 4_000_000_000; sent += chunk.Length)
            {
                await stream.WriteAsync(chunk, token);
            }
        });
        await RefuseListAsync(server.Address, kind, $"HTTP {status}");
        Assert.True(sent < 50_000_000, $"{sent} bytes were taken");
    }

    [Fact]
    public async Task A_server_that_sends_a_byte_now_and_then_holds_nobody_up()
    {
        // A list that comes to its end is no failure of time: an end is far behind what is waited for.
        await using var server = RawServer.Start(async (_, stream, token) =>
        {
            await stream.WriteAsync(RawServer.Head(200, "Content-Type: application/json"), token);
            for (var i = 0; i < 600; i++)
            {
                await stream.WriteAsync(" "u8.ToArray(), token);
                await Task.Delay(50, token);
            }

            await stream.WriteAsync("""{"name":"a","tags":[]}"""u8.ToArray(), token);
        });
        await RefuseListAsync(
            server.Address, OciErrorKind.Timeout, "-StallTimeoutSec", Run.Quick with { MaximumRetryCount = 0, StallTimeout = TimeSpan.FromSeconds(0.5) });
    }

    [Fact]
    public async Task A_challenge_of_ten_thousand_parameters()
    {
        var challenge = "Bearer " + string.Join(",", Enumerable.Range(0, 10_000).Select(i => $"a{i}=b"));
        await using var server = RawServer.Start((_, stream, token) => WriteAsync(
            stream, 401, "{}", token, [.. challenge.Chunk(50_000).Select(c => "WWW-Authenticate: " + new string(c))]));
        var failure = await FailListAsync(server.Address);
        Assert.Contains(failure.Kind, new[] { OciErrorKind.Unauthorized, OciErrorKind.ProtocolError });
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("GET")]
    public async Task A_digest_header_that_lies(string method)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        source.Faults.Add(method, "/manifests/", FaultAction.WrongDigestHeader(), times: 100);
        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address));
        Assert.Equal("Failed", row.Status);
        Assert.Contains(row.ErrorId, new[] { "OciDigestMismatch", "OciManifestUnknown" });
        Assert.Null(destination.DigestOf("a", "1"));
    }

    [Fact]
    public async Task An_answer_for_another_digest_than_was_asked_for()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "1");
        var other = ImageFactory.Create(new ImageSpec { Seed = 5 });
        source.Faults.Add(
            "GET", "/manifests/", Respond(200, Encoding.UTF8.GetString(other.Root.Bytes)) with { ContentType = other.Root.MediaType }, times: 100);
        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a@{image.Digest}"], destination.Address));
        Assert.Equal(("Failed", "OciDigestMismatch"), (row.Status, row.ErrorId));
    }

    [Fact]
    public async Task A_redirect_to_a_name_that_leads_inside_is_not_followed()
    {
        Assert.SkipWhen(ThisBuild.Framework.StartsWith(".NETStandard", StringComparison.Ordinal), "older platforms don't show the address");
        var name = Dns.GetHostName().ToLowerInvariant();
        var addresses = await Dns.GetHostAddressesAsync(name, System.Net.Sockets.AddressFamily.InterNetwork, TestContext.Current.CancellationToken);
        Assert.SkipUnless(addresses.Contains(IPAddress.Loopback), "This machine's name does not lead to 127.0.0.1.");
        await using var inside = await EmbeddedRegistry.StartAsync();
        var options = Run.Quick with { Resolve = (_, _) => Task.FromResult(new[] { IPAddress.Parse("203.0.113.7") }) };
        using var transport = new HttpTransport("registry.test", new ConnectionSettings(), false, options);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{name}:{inside.Port}/v2/");

        var failure = await Assert.ThrowsAsync<OciException>(() => transport.SendAsync(request, TestContext.Current.CancellationToken));

        Assert.Equal(OciErrorKind.ProtocolError, failure.Kind);
        Assert.Contains("further inside", failure.Message, StringComparison.Ordinal);
        Assert.Empty(inside.Requests);
    }

    private static void Registry_NamePage(byte[] page, List<string> names) => Core.Registry.NamePage.Read(page, "tags", names, "r.test/a");

    private static FaultAction Respond(int status, string body, params (string Name, string Value)[] headers) => new()
    {
        Kind = FaultKind.Respond,
        Status = status,
        Body = body,
        ContentType = "application/json",
        Headers = headers.ToDictionary(h => h.Name, h => h.Value),
    };

    private static Task WriteAsync(Stream stream, int status, string body, CancellationToken token, params string[] headers) =>
        stream.WriteAsync((byte[])[.. RawServer.Head(status, [$"Content-Length: {body.Length}", .. headers]), .. Encoding.UTF8.GetBytes(body)], token).AsTask();

    private static async Task RefuseListAsync(string address, OciErrorKind kind, string text, EngineOptions? options = null)
    {
        var failure = await FailListAsync(address, options);
        Assert.True(failure.Kind == kind, failure.ToString());
        Assert.Contains(text, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(failure.Message, c => char.IsControl(c) || c == '\u202e');
    }

    private static async Task<OciException> FailListAsync(string address, EngineOptions? options = null)
    {
        using var engine = Run.Engine(options ?? Run.Quick with { MaximumRetryCount = 0 }, cancellationToken: TestContext.Current.CancellationToken);
        return await Assert.ThrowsAsync<OciException>(() => engine.ListTagsAsync(ImageReference.Parse(address + "/a"), TestContext.Current.CancellationToken));
    }
}
