using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using OciSync.Core.Flow;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

public sealed class LimitTests : IAsyncLifetime
{
    private EmbeddedRegistry _source = null!;
    private EmbeddedRegistry _destination = null!;

    public async ValueTask InitializeAsync()
    {
        _source = await EmbeddedRegistry.StartAsync();
        _destination = await EmbeddedRegistry.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _destination.DisposeAsync();
    }

    [Fact]
    public async Task An_image_that_takes_too_long_fails_and_the_others_arrive()
    {
        await SeedAsync(3);
        var stall = _destination.Faults.Add("PUT", "/slow/blobs/uploads/", FaultAction.StallRequest(10), times: 100);
        var time = new FakeTimeProvider();
        var options = Run.Quick with { Time = time, ImageTimeout = TimeSpan.FromMilliseconds(600) };
        using var engine = Run.Engine(options, cancellationToken: TestContext.Current.CancellationToken);
        var rows = new ConcurrentQueue<OciSyncResult>();
        var others = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // The time is over when the others have arrived, however long they took.
        var run = engine.SyncAsync(
            Request(3),
            outcome =>
            {
                rows.Enqueue(outcome.Row);
                _ = rows.Count == 2 && others.TrySetResult();
            },
            null,
            TestContext.Current.CancellationToken);
        await Task.WhenAll(others.Task, stall.Reached).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        time.Advance(options.ImageTimeout.Value);
        await run;

        var slow = rows.Single(r => r.Destination.Contains("/slow", StringComparison.Ordinal));
        Assert.Equal(("Failed", "OciTimeout"), (slow.Status, slow.ErrorId));
        Assert.Contains("-ImageTimeoutSec", slow.Error!, StringComparison.Ordinal);
        Assert.All(rows.Where(r => r != slow), r => Assert.Equal("Copied", r.Status));
        _destination.Faults.Clear();
        await _destination.Requests.WaitForIdleAsync();
        Assert.Equal(0, _destination.OpenUploads);
    }

    [Fact]
    public async Task A_run_that_takes_too_long_gives_every_image_its_row()
    {
        await SeedAsync(20);
        _destination.Faults.Add("PUT", "/slow/blobs/uploads/", FaultAction.StallRequest(10), times: 100);

        var rows = (await Run.SyncAsync(Request(20), Run.Quick with { RunTimeout = TimeSpan.FromMilliseconds(1200), ThrottleLimit = 1 }))
            .Select(o => o.Row).ToList();

        Assert.Equal(20, rows.Count);
        Assert.All(rows, r => Assert.True(r.Status == "Copied" || r is { Status: "Failed", ErrorId: "OciTimeout" }, r.ToString()));
        Assert.Contains(rows, r => r.Error?.Contains("-RunTimeoutSec", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Every_wait_is_told_and_counted_those_for_the_first_contact_and_tokens_too()
    {
        await using var guarded = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(anonymousPull: true));
        await guarded.AddAsync("a", ImageFactory.Create(), "1");
        guarded.Faults.Add(new Fault { PathContains = "/token", Action = FaultAction.Respond(503), Times = 2, BeforeAuthorization = true });
        guarded.Faults.Add(new Fault { Predicate = r => r.Path == "/v2/", Action = FaultAction.Respond(503), Times = 1, BeforeAuthorization = true });
        _destination.Faults.Add("HEAD", "/manifests/", FaultAction.Respond(502));
        var told = new List<string>();
        var events = new EngineEvents { Decision = told.AddLocked };

        var row = Assert.Single(await Run.SyncAsync(Run.Request([$"{guarded.Address}/a:1"], _destination.Address), events: events)).Row;

        Assert.Equal(("Copied", 4), (row.Status, row.RetryCount));
        Assert.Equal(4, told.Count(t => t.StartsWith("Trying again in", StringComparison.Ordinal)));
    }

    private async Task SeedAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _source.AddAsync(NameOf(i), ImageFactory.Create(new ImageSpec { Seed = i + 1, LayerSize = 300_000 }), "1");
        }
    }

    private static string NameOf(int i) => i == 1 ? "slow" : "a" + i;

    private SyncRequest Request(int count) =>
        Run.Request(Enumerable.Range(0, count).Select(i => $"{_source.Address}/{NameOf(i)}:1"), _destination.Address);
}
