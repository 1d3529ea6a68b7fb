using System.Collections.Concurrent;
using System.Diagnostics;
using OciSync.Core.Rows;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

public sealed class SlowDestinationTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Many_small_blobs_don_t_wait_each_for_a_destination_that_stalls(bool atCommit)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var places = await Places.StartAsync(2);
        var image = ImageFactory.Create(new ImageSpec { Layers = 24, LayerSize = 200_000 });
        await source.AddAsync("a", image, "1");
        places.Registries[1].Faults.Add("PUT", "/blobs/uploads/", atCommit ? FaultAction.StallBeforeHeaders() : FaultAction.StallRequest(1000), times: 1000);
        var rows = new ConcurrentBag<(SyncOutcome Outcome, TimeSpan After)>();
        var clock = Stopwatch.StartNew();
        using var engine = Run.Engine(
            Run.Quick with { StallTimeout = TimeSpan.FromSeconds(2), MaximumRetryCount = 0 }, cancellationToken: TestContext.Current.CancellationToken);

        await engine.SyncAsync(
            Run.Request([$"{source.Address}/a:1"], places.Addresses), o => rows.Add((o, clock.Elapsed)), null, TestContext.Current.CancellationToken);

        var good = rows.Single(r => r.Outcome.Row.Status == SyncStatus.Copied);
        Assert.Single(rows, r => r.Outcome.Row.Status == SyncStatus.Failed);
        Assert.True(good.After < TimeSpan.FromSeconds(8), $"{good.After} for 25 blobs beside a destination that stalls for 2 s each");
    }
}
