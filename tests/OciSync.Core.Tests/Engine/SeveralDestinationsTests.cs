using Microsoft.Extensions.Time.Testing;
using OciSync.Core.Flow;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

public sealed class SeveralDestinationsTests
{
    private const int Big = 24 * 1024 * 1024;

    [Fact]
    public async Task The_source_serves_every_blob_once()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var places = await Places.StartAsync(3);
        var image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, LayerSize = 300_000 });
        await source.AddAsync("a", image, "1");

        var outcomes = await Run.SyncAsync(Run.Request([$"{source.Address}/a:1"], places.Addresses), Run.Patient);

        Assert.All(outcomes, o => Assert.Equal(("Copied", image.Blobs.Count), (o.Row.Status, o.Row.SourceReads)));
        Assert.Equal(image.Blobs.Count, source.Requests.Count("GET", "/blobs/"));
        Assert.Equal(image.Manifests.Count, source.Requests.Count("GET", "/manifests/"));
        Assert.All(places.Registries, r => Assert.Equal(image.Digest, r.DigestOf("a", "1")));
    }

    [Fact]
    public async Task Only_those_that_lack_a_blob_get_it()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var places = await Places.StartAsync(2);
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "1");
        await places.Registries[0].AddAsync("a", image, "other");

        var outcomes = await Run.SyncAsync(Run.Request([$"{source.Address}/a:1"], places.Addresses), Run.Patient);

        Assert.Equal([0L, image.Blobs.Values.Sum(b => (long)b.Length)], outcomes.Select(o => o.Row.BytesCopied).Order());
        Assert.Equal(0, places.Registries[0].Requests.Count("POST"));
    }

    [Fact]
    public async Task One_that_stalls_is_left_behind_and_served_later()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var places = await Places.StartAsync(3);
        var image = await source.AddSyntheticImageAsync("a", "1", Big);
        var stall = places.Registries[1].Faults.Add(BigPut(FaultAction.StallRequest(64 * 1024)));

        // The others' patience ends when the buffers are full of what the stalled one lacks, and never again.
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var options = Run.Quick with { StallTimeout = TimeSpan.FromHours(1), Time = time };
        var told = new List<string>();
        var finished = new List<string>();
        var events = new EngineEvents { Decision = told.AddLocked };
        using var engine = Run.Engine(options, events: events, cancellationToken: TestContext.Current.CancellationToken);
        var run = engine.SyncAsync(
            Run.Request([$"{source.Address}/a:1"], places.Addresses),
            outcome =>
            {
                lock (finished)
                {
                    finished.Add(outcome.Row.Destination + " " + outcome.Row.Status + " " + outcome.Row.SourceReads);
                }
            },
            null,
            TestContext.Current.CancellationToken);
        while (!run.IsCompleted && !told.AnyLocked(t => t.Contains("holds up the others", StringComparison.Ordinal)))
        {
            if (stall.Reached.IsCompleted && HasMuch(places.Registries[0]) && HasMuch(places.Registries[2]))
            {
                time.Advance(TimeSpan.FromSeconds(2));
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await run.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(1, stall.Hits);
        Assert.Equal($"{places.Addresses[1]}/a:1 Copied 3", finished[^1]);
        Assert.Equal(new[] { $"{places.Addresses[0]}/a:1 Copied 2", $"{places.Addresses[2]}/a:1 Copied 2" }.Order(), finished.Take(2).Order());

        // The last bytes are counted when they have been sent.
        await source.Requests.WaitForIdleAsync();
        Assert.Equal(2, source.Requests.Where("GET", "/blobs/").Count(r => r.BytesOut >= Big));
        Assert.All(places.Registries, r => Assert.Equal((image.Digest, 0), (r.DigestOf("a", "1"), r.OpenUploads)));
    }

    [Fact]
    public async Task One_that_refuses_does_not_disturb_the_others()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var places = await Places.StartAsync(3);
        var image = await source.AddSyntheticImageAsync("a", "1", Big);
        places.Registries[0].Faults.Add("POST", "/blobs/uploads/", FaultAction.Respond(403, "DENIED", "not yours"), times: 100);
        places.Registries[1].Faults.Add(BigPut(FaultAction.CutRequest(1024 * 1024)));

        var outcomes = await Run.SyncAsync(Run.Request([$"{source.Address}/a:1"], places.Addresses));

        var rows = places.Addresses.Select(a => outcomes.Single(o => o.Row.Destination.StartsWith(a, StringComparison.Ordinal)).Row).ToList();
        Assert.Equal(["Failed", "Copied", "Copied"], rows.Select(r => r.Status));
        Assert.Equal("OciForbidden", rows[0].ErrorId);
        Assert.True(rows[1].RetryCount > 0);
        Assert.Equal(0, rows[2].RetryCount);
        Assert.Equal(image.Digest, places.Registries[2].DigestOf("a", "1"));
    }

    [Fact]
    public async Task A_source_that_breaks_goes_on_where_it_broke_for_all()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var places = await Places.StartAsync(2);
        var image = await source.AddSyntheticImageAsync("a", "1", Big);
        source.Faults.Add(new Fault
        {
            Method = "GET",
            Predicate = r => r.Path.Value!.Contains("/blobs/", StringComparison.Ordinal) && !image.Blobs.ContainsKey(r.Path.Value.Split('/')[^1]),
            Action = FaultAction.CutResponse(5 * 1024 * 1024),
        });

        var outcomes = await Run.SyncAsync(Run.Request([$"{source.Address}/a:1"], places.Addresses));

        Assert.All(outcomes, o => Assert.Equal("Copied", o.Row.Status));
        var resumed = Assert.Single(source.Requests.Where("GET", "/blobs/", 206));
        Assert.StartsWith("bytes=", resumed.Range, StringComparison.Ordinal);
        Assert.All(places.Registries, r => Assert.Equal(2, r.Requests.Count("PUT", "/blobs/uploads/", 201)));
        Assert.All(places.Registries, r => Assert.Equal(image.Digest, r.DigestOf("a", "1")));
    }

    [Fact]
    public async Task Two_places_in_one_registry_share_by_mount()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "1");

        var outcomes = await Run.SyncAsync(Run.Request([$"{source.Address}/a:1"], registry.Address + "/x", registry.Address + "/y"), Run.Patient);

        var total = image.Blobs.Values.Sum(b => (long)b.Length);
        Assert.Equal((total, total), (outcomes.Sum(o => o.Row.BytesCopied), outcomes.Sum(o => o.Row.BytesMounted)));
        Assert.All(outcomes, o => Assert.Equal("Copied", o.Row.Status));
    }

    private static bool HasMuch(EmbeddedRegistry registry) => registry.Requests.Where("PUT", "/blobs/uploads/").Any(r => r.BytesIn >= Big / 3);

    // The small blobs pass: the fault is for the one that takes time.
    private static Fault BigPut(FaultAction action) =>
        new() { Method = "PUT", Predicate = r => r.ContentLength == Big, Action = action };
}
