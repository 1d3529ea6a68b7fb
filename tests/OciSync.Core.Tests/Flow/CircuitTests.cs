using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry.Faults;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Flow;

public sealed class CircuitTests
{
    [Fact]
    public async Task A_registry_that_dies_does_not_hold_up_the_others()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var alive = await EmbeddedRegistry.StartAsync();
        var dying = await EmbeddedRegistry.StartAsync();
        for (var i = 0; i < 40; i++)
        {
            await source.AddAsync("a" + i, ImageFactory.Create(new ImageSpec { Seed = i + 1 }), "1");
        }

        // By the clock that stands still nobody asks once more whether it is back.
        var options = Run.Quick with { ThrottleLimit = 4, Time = new SetTime() };
        var told = new List<string>();
        var done = 0;
        var outcomes = await Run.SyncAsync(
            Run.Request(Enumerable.Range(0, 40).Select(i => $"{source.Address}/a{i}:1"), alive.Address, dying.Address),
            options,
            confirm: async row =>
            {
                if (row.Destination.StartsWith(dying.Address, StringComparison.Ordinal) && Interlocked.Increment(ref done) == 3)
                {
                    await dying.DisposeAsync();
                }

                return true;
            },
            events: new EngineEvents { Decision = told.AddLocked });

        var rows = outcomes.Select(o => o.Row).ToList();
        Assert.Equal(80, rows.Count);
        Assert.All(rows.Where(r => r.Destination.StartsWith(alive.Address, StringComparison.Ordinal)), r => Assert.Equal("Copied", r.Status));
        var lost = rows.Where(r => r.Destination.StartsWith(dying.Address, StringComparison.Ordinal) && r.Status != "Copied").ToList();
        Assert.True(lost.Count >= 30, $"{lost.Count}");
        Assert.All(lost, r => Assert.Equal("OciConnectionFailed", r.ErrorId));
        Assert.Single(told, t => t.Contains("is down; what is still to be done there fails at once", StringComparison.Ordinal));

        // Without the proof each image waits for attempts of its own. Only those do that were under way when it died.
        var tried = lost.Count(r => r.RetryCount > 0);
        Assert.True(tried <= 4, $"{tried} of {lost.Count} were tried again");
    }

    [Fact]
    public async Task A_token_server_that_is_gone_is_not_asked_for_every_repository()
    {
        await using var source = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(anonymousPull: true));
        await using var destination = await EmbeddedRegistry.StartAsync();
        source.Faults.Add("GET", "/token", FaultAction.CutResponse(0), times: 1000);
        var told = new List<string>();

        var outcomes = await Run.SyncAsync(
            Run.Request(Enumerable.Range(0, 30).Select(i => $"{source.Address}/a{i}:1"), destination.Address),
            Run.Quick with { ThrottleLimit = 1 },
            events: new EngineEvents { Decision = told.AddLocked });

        Assert.Equal(30, outcomes.Count);
        Assert.All(outcomes, o => Assert.Equal("OciConnectionFailed", o.Row.ErrorId));
        Assert.Contains("is down and is not asked again for now", outcomes[^1].Row.Error, StringComparison.Ordinal);
        Assert.Equal(1 + Run.Quick.MaximumRetryCount, source.Requests.Count("GET", "/token"));
        Assert.Single(told, t => t.Contains("is down; what is still to be done there fails at once", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_blob_that_never_comes_says_nothing_of_its_registry()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("bad", ImageFactory.Create(new ImageSpec { Seed = 1 }), "1");
        await source.AddAsync("good", ImageFactory.Create(new ImageSpec { Seed = 2 }), "1");
        source.Faults.Add("GET", "/bad/blobs/", FaultAction.CutResponse(0), times: 1000);

        var rows = (await Run.SyncAsync(
            Run.Request([$"{source.Address}/bad:1", $"{source.Address}/good:1"], destination.Address), Run.Quick with { ThrottleLimit = 1 }))
            .Select(o => (o.Row.Status, o.Row.ErrorId));

        Assert.Equal([("Failed", "OciConnectionFailed"), ("Copied", null)], rows);
    }

    [Fact]
    public void Every_half_minute_one_may_ask_whether_it_is_back()
    {
        var time = new SetTime();
        var told = new List<string>();
        var circuit = new Circuit("r.test", time, told.Add);
        circuit.Check();
        circuit.Open(new OciException(OciErrorKind.CertificateUntrusted, "It is not trusted."));

        var e = Assert.Throws<OciException>(circuit.Check);
        Assert.Equal((OciErrorKind.CertificateUntrusted, false), (e.Kind, e.IsTransient));
        Assert.Contains("'r.test' is down", e.Message, StringComparison.Ordinal);

        time.Now += TimeSpan.FromSeconds(31);
        circuit.Check();
        Assert.Throws<OciException>(circuit.Check);
        circuit.Close();
        circuit.Check();
        Assert.Equal(2, told.Count);
    }

    private sealed class SetTime : TimeProvider
    {
        internal DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
