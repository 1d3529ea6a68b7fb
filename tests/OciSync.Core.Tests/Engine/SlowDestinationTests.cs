using OciSync.Core.Flow;
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
        var told = new List<string>();
        var rows = await Run.SyncAsync(
            Run.Request([$"{source.Address}/a:1"], places.Addresses),
            Run.Quick with { StallTimeout = TimeSpan.FromSeconds(2), MaximumRetryCount = 0 },
            events: new EngineEvents { Decision = told.AddLocked });

        Assert.Equal([SyncStatus.Copied, SyncStatus.Failed], rows.Select(r => r.Row.Status).Order());
        Assert.StartsWith(places.Addresses[0], rows.Single(r => r.Row.Status == SyncStatus.Copied).Row.Destination, StringComparison.Ordinal);

        // Only those blobs wait for it that were under way before it was known to stall.
        var waits = told.Where(t => t.StartsWith($"'{places.Addresses[1]}", StringComparison.Ordinal)).ToList();
        Assert.True(waits.Count is > 0 and <= 8, string.Join("\n", told));
    }
}
