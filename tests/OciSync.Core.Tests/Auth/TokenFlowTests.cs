using OciSync.Core.Auth;
using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Logins;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Http;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Auth;

/// <summary>How tokens are asked for, kept and renewed.</summary>
public sealed class TokenFlowTests
{
    private static readonly RegistryUser Alice = new("alice", "s3cret");

    // Tokens end by it, and not while a busy machine has a request on its way.
    private readonly LeapingClock _clock = new();

    [Theory]
    [InlineData("token", true)]
    [InlineData("access_token", true)]
    [InlineData("token", false)]
    public async Task Answers_of_all_shapes(string property, bool tellLifetime)
    {
        await using var registry = await StartAsync(new AuthOptions { TokenProperty = property, TellLifetime = tellLifetime });
        await using var source = await SourceAsync();
        Assert.Equal("Copied", (await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], registry.Address), sessions: Run.Login(registry))).Status);
    }

    [Theory]
    [InlineData(true, "GET")]
    [InlineData(false, "GET")]
    public async Task A_password_goes_by_the_older_form_whatever_else_there_is(bool post, string method)
    {
        await using var registry = await StartAsync(new AuthOptions { OAuthPost = post });
        using var engine = Run.Engine(sessions: Run.Login(registry), cancellationToken: TestContext.Current.CancellationToken);
        await engine.CheckLoginAsync(registry.Address, TestContext.Current.CancellationToken);
        Assert.All(registry.Tokens.Requests, r => Assert.Equal(method, r.Method));
    }

    [Fact]
    public async Task A_password_goes_by_the_form_where_there_is_no_other_way()
    {
        await using var registry = await StartAsync(new AuthOptions());
        registry.Faults.Add("GET", "/token", FaultAction.Respond(404), times: 10);
        using var engine = Run.Engine(sessions: Run.Login(registry), cancellationToken: TestContext.Current.CancellationToken);
        await engine.CheckLoginAsync(registry.Address, TestContext.Current.CancellationToken);
        Assert.Equal("password", Assert.Single(registry.Tokens.Requests).GrantType);
    }

    [Fact]
    public async Task An_identity_token_goes_by_the_form_and_else_by_the_older_way()
    {
        await using var registry = await StartAsync(new AuthOptions());
        var refresh = await GetRefreshTokenAsync(registry);
        registry.Tokens.ClearRequests();
        var sessions = new RegistrySessions();
        sessions.Set(registry.Address, new ConnectionSettings(), RegistryCredential.FromIdentityToken(refresh, "alice"));
        using (var engine = Run.Engine(sessions: sessions, cancellationToken: TestContext.Current.CancellationToken))
        {
            await engine.CheckLoginAsync(registry.Address, TestContext.Current.CancellationToken);
        }

        Assert.Equal(("POST", "refresh_token"), (Assert.Single(registry.Tokens.Requests).Method, registry.Tokens.Requests[0].GrantType));

        await using var old = await StartAsync(new AuthOptions { OAuthPost = false });
        sessions.Set(old.Address, new ConnectionSettings(), RegistryCredential.FromIdentityToken("s3cret", "alice"));
        using var second = Run.Engine(sessions: sessions, cancellationToken: TestContext.Current.CancellationToken);
        await second.CheckLoginAsync(old.Address, TestContext.Current.CancellationToken);
        Assert.Equal(["POST", "GET"], old.Tokens.Requests.Select(r => r.Method));
    }

    [Fact]
    public async Task A_registry_token_is_sent_as_it_is()
    {
        await using var registry = await StartAsync(new AuthOptions());
        await registry.AddAsync("a", ImageFactory.Create(), "1");
        var token = await GetAsync(registry, "alice:s3cret", "repository:a:pull", "token");
        registry.Tokens.ClearRequests();
        var sessions = new RegistrySessions();
        sessions.Set(registry.Address, new ConnectionSettings(), RegistryCredential.FromRegistryToken(token));
        await using var destination = await EmbeddedRegistry.StartAsync();
        Assert.Equal("Copied", (await Run.OneAsync(Run.Request([$"{registry.Address}/a:1"], destination.Address), sessions: sessions)).Status);
        Assert.Empty(registry.Tokens.Requests);

        sessions.Set(registry.Address, new ConnectionSettings(), RegistryCredential.FromRegistryToken("wr0ng"));
        var row = await Run.OneAsync(Run.Request([$"{registry.Address}/a:1"], destination.Address + "/x"), sessions: sessions);
        Assert.Equal(("Failed", "OciUnauthorized"), (row.Status, row.ErrorId));
        Assert.DoesNotContain("wr0ng", row.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_short_life_is_believed_and_no_request_is_refused()
    {
        var brief = new AuthOptions { TokenLifetime = TimeSpan.FromSeconds(2), Time = _clock };
        await using var source = await StartAsync(brief with { AnonymousPull = true });
        await using var registry = await StartAsync(brief);
        var images = ImageFactory.Family(60, sharedSize: 20_000);
        for (var i = 0; i < images.Count; i++)
        {
            await source.AddAsync("a", images[i], $"1.{i}");
        }

        LetRequestsTakeTime(registry, TimeSpan.FromMilliseconds(20));
        var outcomes = await Run.SyncAsync(
            Run.Request(Enumerable.Range(0, 60).Select(i => $"{source.Address}/a:1.{i}"), registry.Address),
            Run.Quick with { Time = _clock, ThrottleLimit = 1 }, sessions: Run.Login(registry));

        Assert.All(outcomes, o => Assert.Equal("Copied", o.Row.Status));
        foreach (var one in new[] { source, registry })
        {
            Assert.True(one.Tokens.Requests.Count > 2, "The tokens should have been renewed.");
            Assert.DoesNotContain(one.Requests, r => r.Status == 401 && r.Path != "/v2/");
        }
    }

    [Fact]
    public async Task A_long_run_on_short_tokens_meets_no_401()
    {
        // bench/token-life.ps1 does the same with 1 GB, by the clock on the wall.
        var auth = new AuthOptions { Mode = AuthMode.Token, Users = [Alice], TokenLifetime = TimeSpan.FromSeconds(2), Time = _clock };
        var options = new RegistryOptions { Auth = auth, DiscardBlobsAbove = 1_000_000 };
        await using var source = await EmbeddedRegistry.StartAsync(options);
        await using var destination = await EmbeddedRegistry.StartAsync(options);
        var images = ImageFactory.Family(200, sharedSize: 5_000);
        for (var i = 0; i < images.Count; i++)
        {
            await source.AddAsync("team/a", images[i], $"1.{i}");
        }

        // The large blob is on its way until all others are there.
        await source.AddSyntheticImageAsync("team/large", "1", 20_000_000);
        var large = destination.Faults.Add(
            new Fault { Predicate = r => r.ContentLength > 1_000_000 || r.Method == "PATCH", Action = FaultAction.StallRequest(500_000) });
        LetRequestsTakeTime(destination, TimeSpan.FromMilliseconds(4));
        var sessions = Run.Login(source);
        sessions.Set(destination.Address, new ConnectionSettings(), RegistryCredential.FromPassword("alice", "s3cret"));
        var told = new System.Collections.Concurrent.ConcurrentQueue<string>();

        var running = Run.SyncAsync(
            Run.Request(
                Enumerable.Range(0, 200).Select(i => $"{source.Address}/team/a:1.{i}").Prepend($"{source.Address}/team/large:1"), destination.Address + "/to"),
            Run.Quick with { Time = _clock },
            sessions: sessions,
            events: new EngineEvents { Decision = told.Enqueue, Warning = told.Enqueue });
        await large.Reached.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await destination.Requests.WaitForAsync(log => log.Count("PUT", "/manifests/", 201) == 200, TimeSpan.FromMinutes(1));
        large.Release();
        var outcomes = await running;

        Assert.Equal(201, outcomes.Count);
        Assert.All(outcomes, o => Assert.True(o.Row.Status == "Copied", o.Row.Error));
        Assert.True(outcomes.Max(o => o.Row.Duration) > auth.TokenLifetime + auth.TokenLifetime, "The large blob should have outlived its tokens.");
        Assert.DoesNotContain(told, t => t.NamesStatus(401) || t.StartsWith("Trying again", StringComparison.Ordinal));
        foreach (var registry in new[] { source, destination })
        {
            Assert.True(registry.Tokens.Requests.Count(r => r.Scopes.Any(s =>
                s.Contains("team/a:", StringComparison.Ordinal) || s.Contains("to/a:", StringComparison.Ordinal))) > 1, "The tokens should have been renewed.");

            // A token that ends on its way is renewed unseen; that has to be rare.
            var refused = registry.Requests.Where(r => r.Status == 401 && r.Path != "/v2/").ToList();
            Assert.True(refused.Count <= 2, string.Join("\n", refused));
        }
    }

    [Fact]
    public async Task The_right_to_push_is_asked_for_before_a_body_is_sent()
    {
        await using var source = await SourceAsync();
        await using var registry = await StartAsync(new AuthOptions { AnonymousPull = true });
        await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], registry.Address), sessions: Run.Login(registry));
        Assert.DoesNotContain(registry.Requests, r => r.Method is "PUT" or "PATCH" && r.Status == 401);
        Assert.All(registry.Tokens.Requests, r => Assert.True(r.Scopes.Count <= 2, "A token is for one repository, and one more to mount from."));
    }

    [Fact]
    public async Task A_token_that_ends_during_an_upload_is_renewed_for_what_follows()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddSyntheticImageAsync("a", "1", 3_000_000);
        var auth = new AuthOptions { TokenLifetime = TimeSpan.FromSeconds(1), Time = _clock };
        await using var registry = await StartAsync(auth);
        var upload = registry.Faults.Add(
            new Fault { Method = "PUT", Predicate = r => r.ContentLength > 1_000_000, Action = FaultAction.StallRequest(100_000) });
        var running = Run.OneAsync(
            Run.Request([$"{source.Address}/a:1"], registry.Address), Run.Quick with { Time = _clock }, sessions: Run.Login(registry));

        // Only it is on its way.
        await upload.Reached.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await registry.Requests.WaitForAsync(log => log.Active == 1 && log.Count("PUT", "/blobs/", 201) == 1, TimeSpan.FromMinutes(1));
        _clock.Advance(auth.TokenLifetime * 3);
        var before = registry.Tokens.Requests.Count;
        upload.Release();

        Assert.Equal("Copied", (await running).Status);
        Assert.DoesNotContain(registry.Requests, r => r.Status == 401 && r.Path != "/v2/");
        Assert.True(registry.Tokens.Requests.Count > before, "The token should have been renewed.");
    }

    [Fact]
    public async Task Of_Basic_and_Bearer_Bearer_is_taken()
    {
        await using var registry = await StartAsync(new AuthOptions());
        registry.Faults.Add(new Fault
        {
            Method = "GET",
            PathContains = "/v2/",
            BeforeAuthorization = true,
            Action = FaultAction.Respond(401) with
            {
                Headers = new Dictionary<string, string>
                {
                    ["WWW-Authenticate"] = $"Basic realm=\"x\", Bearer realm=\"http://{registry.Address}/token\",service=\"registry.test\"",
                },
            },
        });
        using var engine = Run.Engine(sessions: Run.Login(registry), cancellationToken: TestContext.Current.CancellationToken);
        await engine.CheckLoginAsync(registry.Address, TestContext.Current.CancellationToken);
        Assert.Equal("alice", Assert.Single(registry.Tokens.Requests).User);
        Assert.DoesNotContain(registry.Requests, r => r.Path == "/v2/" && r.AuthorizationScheme == "Basic");
    }

    [Fact]
    public async Task A_token_server_that_sends_us_on_takes_no_login_along()
    {
        await using var other = await EmbeddedRegistry.StartAsync();
        await using var registry = await StartAsync(new AuthOptions());
        registry.Faults.Add("GET", "/token", FaultAction.Redirect($"http://{other.Address}{{path}}"), times: 10);
        using var engine = Run.Engine(sessions: Run.Login(registry), cancellationToken: TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<OciException>(() => engine.CheckLoginAsync(registry.Address, TestContext.Current.CancellationToken));
        Assert.NotEmpty(other.Requests);
        Assert.All(other.Requests, r => Assert.True(r.AuthorizationScheme is null && !r.Query.Contains("s3cret", StringComparison.Ordinal), r.ToString()));
    }

    // Each arrives so much later than it set out, and a few at a time.
    private void LetRequestsTakeTime(EmbeddedRegistry registry, TimeSpan each) => registry.Faults.Add(new Fault
    {
        BeforeAuthorization = true,
        Times = 0,
        Action = FaultAction.Delay(TimeSpan.Zero),
        Predicate = _ =>
        {
            _clock.Advance(each);
            return false;
        },
    });

    private static async Task<EmbeddedRegistry> StartAsync(AuthOptions options) =>
        await EmbeddedRegistry.StartAsync(new RegistryOptions { Auth = options with { Mode = AuthMode.Token, Users = [Alice] } });

    private static async Task<EmbeddedRegistry> SourceAsync()
    {
        var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        return source;
    }

    private static Task<string> GetRefreshTokenAsync(EmbeddedRegistry registry) => GetAsync(registry, "alice:s3cret", string.Empty, "refresh_token");

    private static async Task<string> GetAsync(EmbeddedRegistry registry, string user, string scope, string property)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new("Basic", AuthHome.Encode(user));
        var text = await client.GetStringAsync(
            new Uri(registry.BaseUri, $"/token?service=registry.test&scope={scope}"), TestContext.Current.CancellationToken);
        using var document = System.Text.Json.JsonDocument.Parse(text);
        return document.RootElement.GetProperty(property).GetString()!;
    }
}
