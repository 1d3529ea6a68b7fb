using OciSync.Core.Flow;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Registry;

/// <summary>
/// A large blob of a registry that is far away comes in several parts at a time where the copy waits for it. The source here answers slowly, which is how
/// distance shows, and gives each body so many bytes a second, as a connection over a long way does.
/// </summary>
public sealed class PartedReadTests
{
    private const int PartSize = 128 * 1024;
    private const long BlobSize = 40L * PartSize + 17;
    private const long PerSecond = 1024 * 1024;

    private static readonly EngineOptions Options = Run.Quick with { PartSize = PartSize, FarConnectionsPerRegistry = 32 };

    [Fact]
    public async Task A_blob_that_the_copy_waits_for_comes_in_parts_and_in_order()
    {
        await using var source = await StartAsync(PerSecond);
        await using var place = await EmbeddedRegistry.StartAsync();
        await CopyAsync(source, place, Options);

        var ranges = Ranges(source).Select(Parse).OrderBy(r => r.From).ToList();
        Assert.True(ranges.Count > 10, $"{ranges.Count} parts");

        // They follow one another without a gap and each is asked for once, to the blob's last byte.
        Assert.Equal(ranges.Skip(1).Select(r => r.From), ranges.SkipLast(1).Select(r => r.To + 1));
        Assert.Equal(BlobSize - 1, ranges[^1].To);
        Assert.All(ranges.SkipLast(1), r => Assert.Equal(PartSize, r.To - r.From + 1));
    }

    [Fact]
    public async Task A_registry_near_by_and_one_that_gives_faster_than_the_destination_takes_are_read_in_one_stream()
    {
        await using var near = await EmbeddedRegistry.StartAsync(new RegistryOptions { BytesPerSecond = 4 * PerSecond });
        await near.AddSyntheticImageAsync("a", "1", BlobSize);
        await using var far = await StartAsync(null);
        await using var place = await EmbeddedRegistry.StartAsync(new RegistryOptions { BytesPerSecond = 4 * PerSecond });
        await CopyAsync(near, place, Options, "near");
        await CopyAsync(far, place, Options, "far");
        Assert.Empty(Ranges(near));
        Assert.Empty(Ranges(far));
    }

    // Six parts of 32 KiB, each asked for over 60 ms, come slower than a stream of 4 MB a second.
    [Fact]
    public async Task A_stream_that_is_as_fast_as_parts_would_be_is_left_alone()
    {
        await using var source = await StartAsync(4 * PerSecond);
        await using var place = await EmbeddedRegistry.StartAsync();
        await CopyAsync(source, place, Options with { PartSize = 32 * 1024 });
        Assert.Empty(Ranges(source));
    }

    [Fact]
    public async Task What_is_no_part_is_not_taken_for_one_and_the_stream_goes_on()
    {
        await using var source = await StartAsync(2 * PerSecond);
        await using var place = await EmbeddedRegistry.StartAsync();
        source.Faults.Add(new Fault
        {
            Predicate = r => r.Headers.ContainsKey("Range"),
            Times = int.MaxValue,
            Action = new FaultAction { Kind = FaultKind.Respond, Status = 200, Body = "Welcome to this hotel" },
        });
        var row = await CopyAsync(source, place, Options);
        Assert.Equal(0, row.RetryCount);
        Assert.InRange(Ranges(source).Count, 1, 2);

        // The last bytes are counted when they have been sent.
        await source.Requests.WaitForIdleAsync();
        Assert.Single(source.Requests.Where("GET", "/blobs/"), r => r.BytesOut == BlobSize);
    }

    [Fact]
    public async Task A_part_that_breaks_in_the_middle_is_gone_on_with_where_it_broke()
    {
        await using var source = await StartAsync(PerSecond);
        await using var place = await EmbeddedRegistry.StartAsync();
        var cut = source.Faults.Add(new Fault
        {
            Predicate = r => r.Headers.Range.ToString() is { Length: > 0 } range && !range.EndsWith('-'),
            Skip = 4,
            Action = FaultAction.CutResponse(PartSize / 2),
        });
        var row = await CopyAsync(source, place, Options);
        Assert.Equal((1, 1), (cut.Hits, row.RetryCount));
        Assert.Contains(Ranges(source), r => r.EndsWith('-'));
    }

    [Fact]
    public async Task No_more_connections_are_used_than_are_allowed()
    {
        await using var source = await StartAsync(2 * PerSecond);
        await using var place = await EmbeddedRegistry.StartAsync();
        var (most, now) = (0, 0);
        source.Faults.Add(new Fault
        {
            Method = "GET", PathContains = "/blobs/", Times = 0, Action = FaultAction.Delay(TimeSpan.Zero), Predicate = _ =>
            {
                now = source.ActiveRequests;
                most = Math.Max(most, now);
                return false;
            },
        });
        await CopyAsync(source, place, Options with { MaxConnectionsPerRegistry = 3, FarConnectionsPerRegistry = null });
        Assert.NotEmpty(Ranges(source));
        Assert.InRange(most, 2, 3);
    }

    [Fact]
    public async Task A_stop_ends_the_parts_that_are_under_way()
    {
        await using var source = await StartAsync(PerSecond);
        await using var place = await EmbeddedRegistry.StartAsync();
        var stalled = source.Faults.Add(new Fault
        {
            Predicate = r => r.Headers.ContainsKey("Range"), Times = int.MaxValue, Action = FaultAction.StallResponse(PartSize / 2),
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var engine = Run.Engine(Options, cancellationToken: stop.Token);
        var running = engine.SyncAsync(Run.Request([$"{source.Address}/a:1"], place.Address), _ => { }, null, stop.Token);
        await stalled.Reached.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await source.Requests.WaitForIdleAsync();
        Assert.Equal(0, place.OpenUploads);
    }

    [Fact]
    public async Task Several_large_blobs_at_a_time_come_in_one_stream_each()
    {
        // None is sent before all were asked for.
        var begun = new Fault { Method = "GET", PathContains = "/several/blobs/", Times = int.MaxValue, Action = FaultAction.StallBeforeHeaders() };
        await using var source = await StartAsync(2 * PerSecond, begun);
        await source.AddSyntheticImageAsync("several", "1", BlobSize, BlobSize + 1, BlobSize + 2, BlobSize + 3);
        await using var place = await EmbeddedRegistry.StartAsync();
        var running = Run.OneAsync(Run.Request([$"{source.Address}/several:1"], place.Address), Options);
        await source.Requests.WaitForAsync(log => log.Count("GET", "/several/blobs/") == 5);
        begun.Release();
        Assert.Equal("Copied", (await running).Status);
        Assert.Empty(Ranges(source));
    }

    // Every question takes a while, and a body comes at so many bytes a second.
    private static async Task<EmbeddedRegistry> StartAsync(long? perSecond, Fault? first = null)
    {
        var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions { BytesPerSecond = perSecond });
        await registry.AddSyntheticImageAsync("a", "1", BlobSize);
        if (first is not null)
        {
            registry.Faults.Add(first);
        }

        registry.Faults.Add(new Fault
        {
            Predicate = r => !r.Headers.ContainsKey("Range"), Times = int.MaxValue, Action = FaultAction.Delay(TimeSpan.FromMilliseconds(60)),
        });
        return registry;
    }

    private static async Task<Core.Rows.OciSyncResult> CopyAsync(EmbeddedRegistry source, EmbeddedRegistry place, EngineOptions options, string below = "b")
    {
        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], $"{place.Address}/{below}"), options);
        Assert.Equal(("Copied", null), (row.Status, row.Error));
        return row;
    }

    private static List<string> Ranges(EmbeddedRegistry registry) => [.. registry.Requests.Select(r => r.Range).OfType<string>()];

    private static (long From, long To) Parse(string range)
    {
        var parts = range["bytes=".Length..].Split('-');
        return (
            long.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture),
            long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}
