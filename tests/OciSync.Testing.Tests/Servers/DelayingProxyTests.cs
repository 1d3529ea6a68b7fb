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
        var second = await MeasureAsync(async () => Assert.Equal(bytes, await http.GetByteArrayAsync($"v2/a/blobs/{digest}", Token)));

        Assert.True(first >= delay * 3.9, $"A new connection and its answer took {first.TotalMilliseconds} ms.");
        Assert.True(second >= delay * 1.9 && second < delay * 20, $"An answer took {second.TotalMilliseconds} ms.");
    }

    private static async Task<TimeSpan> MeasureAsync(Func<Task> action)
    {
        var clock = Stopwatch.StartNew();
        await action();
        return clock.Elapsed;
    }
}
