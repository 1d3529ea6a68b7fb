using Microsoft.Extensions.Time.Testing;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

public sealed class StopTests
{
    [Theory]
    [InlineData("upload")]
    [InlineData("answer")]
    [InlineData("source")]
    [InlineData("head")]
    public async Task A_stopped_run_ends_at_once_and_leaves_nothing(string where)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = await source.AddSyntheticImageAsync("a", "1", 20 * 1024 * 1024);
        var fault = where switch
        {
            "source" => source.Faults.Add(new Fault
            {
                Method = "GET",
                Predicate = r => r.Path.Value!.Contains("/blobs/", StringComparison.Ordinal) && !image.Blobs.Keys.Any(r.Path.Value.EndsWith),
                Action = FaultAction.StallResponse(100),
            }),
            "head" => destination.Faults.Add("HEAD", "/manifests/", FaultAction.StallBeforeHeaders()),
            "answer" => destination.Faults.Add("PUT", "/blobs/uploads/", FaultAction.StallBeforeHeaders()),
            _ => destination.Faults.Add("PUT", "/blobs/uploads/", FaultAction.StallRequest(100)),
        };
        using var stop = new CancellationTokenSource();

        // No time goes by: whatever a stop waited for, a limit or its own patience, would never come.
        using var engine = Run.Engine(Run.Quick with { Time = new FakeTimeProvider(DateTimeOffset.UtcNow) }, cancellationToken: stop.Token);
        var run = engine.SyncAsync(Run.Request([$"{source.Address}/a:1"], destination.Address), _ => { }, null, stop.Token);
        await fault.Reached.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        // Both uploads are known to the client by then: a session whose address never came can't be cancelled.
        await destination.Requests.WaitForAsync(log => where switch
        {
            "head" => true,
            "source" => log.Count("PUT", "/blobs/uploads/", 201) == 1,
            _ => log.Count("PUT", "/blobs/uploads/") == 2,
        });
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));

        // Kestrel does not look for a closed connection while a body stalls.
        fault.Release();
        await source.Requests.WaitForIdleAsync();
        await destination.Requests.WaitForIdleAsync();
        Assert.Equal(0, destination.OpenUploads);
        Assert.Empty(destination.TagsOf("a"));
        Assert.Equal(0, destination.Requests.Count("PUT", "/manifests/"));
    }
}
