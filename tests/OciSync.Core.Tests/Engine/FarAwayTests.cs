using OciSync.Core.Flow;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

/// <summary>How many images are under way at a time: more where answers take long, and fewer when a registry wants less.</summary>
public sealed class FarAwayTests
{
    [Theory]
    [InlineData(null, 2)]
    [InlineData(6, 6)]
    public async Task More_images_are_under_way_where_answers_take_long(int? far, int most)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        for (var i = 0; i < 30; i++)
        {
            await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = i }), $"1.{i}");
        }

        // Answers take a while, and manifests don't come at all before it is seen for how many is asked.
        source.Faults.Add(new Fault { Method = "HEAD", Times = int.MaxValue, Action = FaultAction.Delay(TimeSpan.FromMilliseconds(60)) });
        var manifests = source.Faults.Add(
            new Fault { Method = "GET", PathContains = "/manifests/", Times = int.MaxValue, Action = FaultAction.StallBeforeHeaders() });
        var request = Run.Request(Enumerable.Range(0, 30).Select(i => $"{source.Address}/a:1.{i}"), destination.Address);
        var running = Run.SyncAsync(request, new EngineOptions { ThrottleLimit = 2, FarThrottleLimit = far });
        await source.Requests.WaitForAsync(log => log.Count("GET", "/manifests/") == most && log.Active == most);
        manifests.Release();

        var outcomes = await running;
        Assert.All(outcomes, o => Assert.Equal("Copied", o.Row.Status));
    }
}
