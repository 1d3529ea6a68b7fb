using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Flow;
using OciSync.Core.Http;
using OciSync.Core.Logins;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Auth;

/// <summary>Limits for pulls: read, told, and the next login when one is used up.</summary>
public sealed class QuotaTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("ratelimit-limit: 100;w=21600|ratelimit-remaining: 76;w=21600", 100, 76, 6, null)]
    [InlineData("ratelimit-remaining: 0;w=21600", null, 0, 6, null)]
    [InlineData("x-ratelimit-limit: 180|x-ratelimit-remaining: 179|x-ratelimit-reset: 1767229200", 180, 179, null, 3600)]
    [InlineData("ratelimit-remaining: 5|ratelimit-reset: 60", null, 5, null, 60)]
    public void Headers(string headers, int? limit, int remaining, int? hours, int? seconds)
    {
        var quota = Read(headers)!;
        Assert.Equal((limit, (long)remaining), (quota.Limit, quota.Remaining));
        Assert.Equal(hours, quota.Period?.TotalHours);
        Assert.Equal(seconds, (quota.Reset - Now)?.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ratelimit-remaining: many")]
    [InlineData("ratelimit-remaining: -1")]
    [InlineData("ratelimit-limit: 100")]
    public void No_limit(string headers) => Assert.Null(Read(headers));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_next_login_is_used_when_one_is_used_up(bool token)
    {
        RegistryUser[] users = [new("one", "x1"), new("two", "x2")];
        await using var source = await EmbeddedRegistry.StartAsync(token ? RegistryOptions.WithToken(false, users) : RegistryOptions.WithBasic(users));
        await source.AddAsync("a", ImageFactory.Create(), "1");
        await using var destination = await EmbeddedRegistry.StartAsync();
        source.Faults.Add("GET", "/manifests/", FaultAction.Respond(429), times: 1);
        var sessions = new RegistrySessions();
        sessions.SetSeveral(source.Address, new ConnectionSettings(), users.Select(u => RegistryCredential.FromPassword(u.Name, u.Password)).ToList());
        var told = new System.Collections.Concurrent.ConcurrentQueue<string>();

        var outcomes = await Run.SyncAsync(
            Run.Request([$"{source.Address}/a:1"], destination.Address), sessions: sessions, events: new EngineEvents { Decision = told.Enqueue });

        Assert.Equal("Copied", Assert.Single(outcomes).Row.Status);
        Assert.Contains(told, t => t.Contains("quota of 'one' is used up", StringComparison.Ordinal));
        Assert.Equal(["one", "two"], source.Requests.Where(r => r.User is not null).Select(r => r.User!).Distinct());
        Assert.DoesNotContain(told, t => t.StartsWith("Trying again", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("variables")]
    [InlineData("list")]
    public async Task The_accounts_of_a_sync_image_file_are_used_in_turn(string place)
    {
        RegistryUser[] users = [new("one", "x1"), new("two", "x2")];
        await using var hub = await EmbeddedRegistry.StartAsync(RegistryOptions.WithBasic(users));
        await hub.AddAsync("library/a", ImageFactory.Create(), "1");
        await using var destination = await EmbeddedRegistry.StartAsync();
        hub.Faults.Add("GET", "/manifests/", FaultAction.Respond(429), times: 1);
        var environment = new Dictionary<string, string> { ["DOCKER_HUB_USERNAME"] = "one,two", ["DOCKER_HUB_PASSWORD"] = "x1,x2" };
        var accounts = "dockerHub: [{username: one, password: x1}, {username: two, password: x2}]\n";
        var file = Core.SyncFiles.SyncFile.Parse(
            "config.yaml",
            "count: 1\nregexp: nothing\n" + (place == "list" ? accounts : string.Empty) + "images:\n  docker.io: [library/a]\n",
            name => place == "list" ? null : environment.GetValueOrDefault(name)).Require();
        using var folder = new Testing.TempFolder();
        await File.WriteAllTextAsync(
            folder["r.conf"], $"[[registry]]\nprefix = \"docker.io\"\nlocation = \"{hub.Address}\"\ninsecure = true\n", TestContext.Current.CancellationToken);

        using var engine = Run.Engine(
            Run.Quick with { RegistriesConfigPath = folder["r.conf"] }, file.Registries, TestContext.Current.CancellationToken);
        var outcomes = await Run.SyncAsync(engine, Run.Request(["docker.io/library/a:1"], destination.Address));

        Assert.Equal("Copied", Assert.Single(outcomes).Row.Status);
        Assert.Equal(["one", "two"], hub.Requests.Where(r => r.User is not null).Select(r => r.User!).Distinct());
    }

    [Theory]
    [InlineData("one", "pass,word", 1, 0)]
    [InlineData("one,two", "x", 1, 1)]
    [InlineData("one,one", "x,y", 1, 0)]
    public void Names_and_passwords_are_paired(string names, string passwords, int logins, int warnings)
    {
        var environment = new Dictionary<string, string> { ["DOCKER_HUB_USERNAME"] = names, ["DOCKER_HUB_PASSWORD"] = passwords };
        var file = Core.SyncFiles.SyncFile.Parse("config.yaml", "last: 1\nimages:\n  quay.io: [a/b]\n", name => environment.GetValueOrDefault(name)).Require();

        Assert.Equal((logins, warnings), (Assert.Single(file.Registries).Credentials.Count, file.Warnings.Count));
    }

    [Fact]
    public async Task A_refused_upload_says_nothing_of_pulls()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        destination.Faults.Add("POST", "/blobs/uploads/", FaultAction.RetryAfter(429, "3600"), times: 100);
        var sessions = new RegistrySessions();

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address), sessions: sessions);

        Assert.Equal("OciRateLimited", row.ErrorId);
        Assert.Null(sessions.FindQuota(destination.Address));
    }

    [Fact]
    public async Task A_quota_is_remembered_and_told_and_its_end_is_an_error_that_says_so()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        source.Faults.Add("GET", "/manifests/", FaultAction.Respond(429) with
        {
            Headers = new Dictionary<string, string> { ["ratelimit-limit"] = "100;w=21600", ["ratelimit-remaining"] = "0;w=21600", ["Retry-After"] = "3600" },
        }, times: 10);
        var sessions = new RegistrySessions();
        var told = new System.Collections.Concurrent.ConcurrentQueue<string>();

        var outcomes = await Run.SyncAsync(
            Run.Request([$"{source.Address}/a:1"], destination.Address), sessions: sessions, events: new EngineEvents { Decision = told.Enqueue });

        var row = Assert.Single(outcomes).Row;
        Assert.Equal("OciRateLimited", row.ErrorId);
        Assert.Contains("No pulls are left for 'anonymous' in 6 h, anew at ", row.Error, StringComparison.Ordinal);
        Assert.Equal((100, 0), (sessions.FindQuota(source.Address)!.Limit, sessions.FindQuota(source.Address)!.Remaining));
        Assert.Contains(told, t => t.StartsWith($"'{source.Address}': 0 of 100 pulls left in 6 h for 'anonymous', anew at ", StringComparison.Ordinal));
        Assert.InRange(sessions.FindQuota(source.Address)!.Reset!.Value - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(55), TimeSpan.FromHours(1));
        Assert.Equal(1, source.Requests.Count("GET", "/manifests/"));
    }

    [Theory]
    [InlineData("ratelimit-remaining: 0;w=21600", null, " in 6 h")]
    [InlineData("x-ratelimit-remaining: 0|x-ratelimit-reset: 3600", "3600", ", anew at ")]
    public async Task A_pull_that_would_be_refused_is_not_sent(string headers, string? reset, string told)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        for (var i = 0; i < 4; i++)
        {
            await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = i + 1 }), $"{i}");
        }

        // The first refusal tells that nothing is left; the three others are not asked for.
        source.Faults.Add("GET", "/manifests/", FaultAction.Respond(429) with { Headers = Split(headers) }, times: 100);
        var options = Run.Quick with { ThrottleLimit = 1 };
        var before = DateTime.Now;
        var outcomes = await Run.SyncAsync(Run.Request(Enumerable.Range(0, 4).Select(i => $"{source.Address}/a:{i}"), destination.Address), options);

        Assert.All(outcomes, o => Assert.Equal("OciRateLimited", o.Row.ErrorId));
        Assert.Equal(1, source.Requests.Count("GET", "/manifests/"));
        Assert.Equal(4, source.Requests.Count("HEAD", "/manifests/"));
        var held = outcomes.Where(o => o.Row.Error!.Contains("was not asked for: no pulls are left", StringComparison.Ordinal)).ToList();
        Assert.True(held.Count >= 3, string.Join("\n", outcomes.Select(o => o.Row.Error)));
        Assert.All(held, o => Assert.Contains($"for 'anonymous'{told}", o.Row.Error, StringComparison.Ordinal));

        // The hour may have ended meanwhile.
        Assert.Equal(reset is not null, new[] { before, DateTime.Now }.Any(t => held[0].Row.Error!.Contains(
            t.AddHours(1).ToString("yyyy-MM-ddTHH", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_short_limit_is_waited_for_and_a_free_question_that_hears_of_more_lifts_it()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        source.Faults.Add("GET", "/manifests/", FaultAction.Respond(429) with { Headers = Split("x-ratelimit-remaining: 0|x-ratelimit-reset: 1") });
        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address));
        Assert.Equal("Copied", row.Status);
        var asked = source.Requests.Where("GET", "/manifests/");
        Assert.Equal(2, asked.Count);
        Assert.True(asked[1].Start - asked[0].Start > TimeSpan.FromSeconds(0.9), "It should have waited for the limit's end.");

        source.Faults.Add("GET", "/manifests/", FaultAction.Respond(429) with { Headers = Split("ratelimit-remaining: 0;w=21600") });
        source.Faults.Add("HEAD", "/manifests/", FaultAction.Respond(200) with
        {
            Headers = Split(
                $"ratelimit-remaining: 1;w=21600|Docker-Content-Digest: {source.DigestOf("a", "1")}|Content-Type: application/vnd.oci.image.manifest.v1+json"),
        }, times: 10, skip: 1);
        var outcomes = await Run.SyncAsync(Run.Request([$"{source.Address}/a:1"], destination.Address + "/x", destination.Address + "/y"));
        Assert.All(outcomes, o => Assert.Equal("OciRateLimited", o.Row.ErrorId));
        Assert.Equal(3, source.Requests.Count("GET", "/manifests/"));
    }

    [Fact]
    public void Logins_take_turns_and_rest_for_the_period()
    {
        var logins = new[] { "one", "two", "three" }.Select(n => RegistryCredential.FromPassword(n, "x")).ToList();
        var ring = new LoginRing(logins);
        Assert.True(ring.TryAdvance(logins[0], Now));
        Assert.Same(logins[1], ring.Current);
        Assert.True(ring.TryAdvance(logins[0], Now));
        Assert.Same(logins[1], ring.Current);
        Assert.True(ring.TryAdvance(logins[1], Now.AddHours(1)));
        Assert.False(ring.TryAdvance(logins[2], Now.AddHours(2)));
        Assert.True(ring.TryAdvance(logins[2], Now.AddHours(7)));
        Assert.Same(logins[0], ring.Current);
    }

    private static Dictionary<string, string> Split(string headers) =>
        headers.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(h => h.Split(": ")).ToDictionary(h => h[0], h => h[1]);

    private static RegistryQuota? Read(string headers)
    {
        var all = Split(headers);
        return QuotaReader.Read(name => all.GetValueOrDefault(name), "me", Now);
    }
}
