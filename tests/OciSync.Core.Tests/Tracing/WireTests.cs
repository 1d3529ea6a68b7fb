using System.Net.Http.Headers;
using System.Text.Json;
using OciSync.Core.Flow;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tracing;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Tracing;

/// <summary>What is told of requests: enough to see what a registry does, and no secret.</summary>
public sealed class WireTests
{
    private const string Password = "s3cret-Passw0rd";
    private const string Signature = "aGVsbG8tc2lnbmF0dXJl";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_whole_run_is_told_line_by_line_and_without_a_secret(bool token)
    {
        RegistryUser[] users = [new("alice", Password)];
        await using var source = await EmbeddedRegistry.StartAsync(token ? RegistryOptions.WithToken(false, users) : RegistryOptions.WithBasic(users));
        await using var destination = await EmbeddedRegistry.StartAsync();
        using var folder = new TempFolder();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        Spoil(source);
        var entries = new List<WireEntry>();
        using (var file = new TraceFile(folder["trace.jsonl"], "Test", new EngineOptions()))
        {
            var events = new EngineEvents
            {
                Decision = text => file.Note("decision", text),
                Request = entry =>
                {
                    file.Write(entry);
                    lock (entries)
                    {
                        entries.Add(entry);
                    }
                },
            };
            var outcomes = await Run.SyncAsync(
                Run.Request([$"{source.Address}/a:1"], destination.Address), sessions: Run.Login(source, "alice", Password), events: events);
            Assert.Null(Assert.Single(outcomes).Row.Error);
        }

        var text = await File.ReadAllTextAsync(folder["trace.jsonl"], TestContext.Current.CancellationToken);
        CheckContent(entries, source, token);
        CheckFile(text, entries.Count);
        CheckSecrets(text + string.Join('\n', entries));
    }

    [Fact]
    public async Task Without_a_listener_nothing_is_made_of_requests()
    {
        Assert.Null(WireTap.For(EngineEvents.None, TimeProvider.System));
        Assert.Null(WireTap.For(null, TimeProvider.System));
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData("https://r.test/v2/a/tags/list?n=5&last=x", "https://r.test/v2/a/tags/list?n=5&last=x")]
    [InlineData("https://user:pw@r.test/x", "https://r.test/x")]
    [InlineData("https://s3.test/b?X-Amz-Signature=abc&X-Amz-Expires=60#part", "https://s3.test/b?X-Amz-Signature=***&X-Amz-Expires=***")]
    [InlineData("/v2/a/manifests/1?abc", "/v2/a/manifests/1?***")]
    [InlineData("https://r.test/a@b?c=d", "https://r.test/a@b?c=***")]
    public void Of_an_address_only_what_is_harmless_is_shown(string address, string shown) => Assert.Equal(shown, WireRedaction.Url(address));

    [Fact]
    public void A_secret_that_is_cut_off_with_a_long_value_is_not_shown()
    {
        var token = string.Concat(Enumerable.Range(0, 400).Select(i => "t0ken" + i));
        var shown = WireRedaction.Header("Server", "You sent " + token, new WireSecrets(new AuthenticationHeaderValue("Bearer", token), null));
        Assert.Equal("You sent ***", shown);
        Assert.Equal(1000, WireRedaction.Header("Server", new string('x', 5000), new WireSecrets(null, null)).Length);
    }

    [Fact]
    public void Requests_of_one_upload_belong_together_although_its_name_is_not_shown()
    {
        var (one, same, other) = (
            WireRedaction.Url("https://r.test/v2/a/blobs/uploads/6f9c?_state=x"), WireRedaction.Url("https://r.test/v2/a/blobs/uploads/6f9c?_state=y"),
            WireRedaction.Url("https://r.test/v2/a/blobs/uploads/6f9d?_state=x"));
        Assert.Equal(one, same);
        Assert.NotEqual(one, other);
        Assert.DoesNotContain("6f9c", one, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_commands_do_not_write_one_file()
    {
        using var folder = new TempFolder();
        using var file = new TraceFile(folder["t"], "One", new EngineOptions());
        Assert.ThrowsAny<IOException>(() => new TraceFile(folder["t"], "Two", new EngineOptions()));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["t"]));
        }
    }

    // A signed redirect of the layer, an answer that repeats the login, one that fails twice.
    private static void Spoil(EmbeddedRegistry source)
    {
        source.Faults.Add(new Fault
        {
            Method = "GET",
            Predicate = r => r.Path.Value!.Contains("/blobs/", StringComparison.Ordinal) && r.Query.Count == 0,
            Action = FaultAction.Redirect("{path}?X-Amz-Signature=" + Signature)
                with { Headers = new Dictionary<string, string> { ["Warning"] = "alice:" + Password } },
            Times = 1000,
        });
        source.Faults.Add("HEAD", "/manifests/", FaultAction.Respond(503), times: 2);
    }

    private static void CheckContent(List<WireEntry> entries, EmbeddedRegistry source, bool token)
    {
        var lines = entries.ConvertAll(e => e.ToString());
        Assert.Contains(lines, l => l.StartsWith($"HEAD http://{source.Address}/v2/a/manifests/1 -> 503 in ", StringComparison.Ordinal));
        Assert.Equal([1, 2, 3], entries.Where(e => e.Method == "HEAD"
            && e.Url.EndsWith("/a/manifests/1", StringComparison.Ordinal)
            && e.Url.Contains(source.Address, StringComparison.Ordinal)).Select(e => e.Attempt).Order());
        Assert.Contains(
            lines, l => l.Contains("; attempt 3;", StringComparison.Ordinal) && l.Contains("Docker-Content-Digest: sha256:", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("?X-Amz-Signature=***", StringComparison.Ordinal) && l.Contains("-> 200", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains($"Authorization: {(token ? "Bearer" : "Basic")} ***", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("PUT ", StringComparison.Ordinal) && l.Contains("/blobs/uploads/~", StringComparison.Ordinal));
        Assert.Equal(token, lines.Exists(l => l.Contains("/token?", StringComparison.Ordinal) && l.Contains("scope=repository", StringComparison.Ordinal)));
    }

    private static void CheckFile(string text, int requests)
    {
        var kinds = text.TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement.GetProperty("kind").GetString()).ToList();
        Assert.Equal("start", kinds[0]);
        Assert.Equal(requests, kinds.Count(k => k == "request"));
        Assert.Equal(
            2,
            text.Split('\n').Count(l => l.Contains("\"kind\":\"decision\"", StringComparison.Ordinal) && l.Contains("Trying again", StringComparison.Ordinal)));
    }

    private static void CheckSecrets(string all)
    {
        var pair = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("alice:" + Password));
        foreach (var secret in new[] { Password, pair.TrimEnd('='), Signature, "_state=" })
        {
            Assert.DoesNotContain(secret.Replace("_state=", "_state=e", StringComparison.Ordinal), all, StringComparison.Ordinal);
        }

        // Tokens, and the names of uploads, are GUIDs without dashes here.
        Assert.DoesNotMatch(
            "(?<![0-9a-f])[0-9a-f]{32}([0-9a-f]{32})?(?![0-9a-f])",
            System.Text.RegularExpressions.Regex.Replace(all, "sha256(:|%3A)[0-9a-f]{64}", string.Empty));
    }
}
