using System.Diagnostics;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;

namespace OciSync.Testing.Tests.Servers;

public sealed class DelayingProxyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_passes_is_the_same_and_late()
    {
        var delay = TimeSpan.FromMilliseconds(60);
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create(new ImageSpec { Layers = 1, LayerSize = 300_000 });
        await registry.AddAsync("a", image, "1");
        await using var proxy = DelayingProxy.Start(registry.Address, delay);
        using var http = new HttpClient { BaseAddress = new Uri($"http://{proxy.Address}/") };

        var first = await MeasureAsync(() => http.GetByteArrayAsync($"v2/a/manifests/{image.Digest}", Token));
        var (digest, bytes) = image.Blobs.MaxBy(blob => blob.Value.Length);

        // The shortest of several, as the machine may have something else to do.
        var second = TimeSpan.MaxValue;
        for (var i = 0; i < 20 && second >= delay * 20; i++)
        {
            second = await MeasureAsync(async () => Assert.Equal(bytes, await http.GetByteArrayAsync($"v2/a/blobs/{digest}", Token)));
        }

        Assert.True(first >= delay * 3.9, $"A new connection and its answer took {first.TotalMilliseconds} ms.");
        Assert.True(second >= delay * 1.9 && second < delay * 20, $"An answer took {second.TotalMilliseconds} ms.");
    }

    [Fact]
    public async Task A_connection_has_no_more_under_way_than_its_window()
    {
        var delay = TimeSpan.FromMilliseconds(30);
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create(new ImageSpec { Layers = 1, LayerSize = 300_000 });
        await registry.AddAsync("a", image, "1");
        await using var proxy = DelayingProxy.Start(registry.Address, delay, window: 30_000);
        using var http = new HttpClient { BaseAddress = new Uri($"http://{proxy.Address}/") };
        var (digest, bytes) = image.Blobs.MaxBy(blob => blob.Value.Length);
        var time = await MeasureAsync(async () => Assert.Equal(bytes, await http.GetByteArrayAsync($"v2/a/blobs/{digest}", Token)));

        // Two round trips to the first byte, and one for each further window: ten of them are needed.
        Assert.True(time >= delay * 2 * 10, $"300 kB with a window of 30 kB took {time.TotalMilliseconds} ms.");
    }

    private static async Task<TimeSpan> MeasureAsync(Func<Task> action)
    {
        var clock = Stopwatch.StartNew();
        await action();
        return clock.Elapsed;
    }
}
