using System.Net.Http;
using System.Text.Json.Nodes;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;

namespace OciSync.Module.Tests.LongRuns;

/// <summary>A server that is killed while it fetches leaves a folder that is whole, and the next one goes on.</summary>
public sealed class FillKillTests : IAsyncLifetime
{
    private const int Images = 3;

    private readonly TempFolder _folder = new();
    private readonly HttpClient _client = new();
    private EmbeddedRegistry _source = null!;

    public async ValueTask InitializeAsync()
    {
        _source = await EmbeddedRegistry.StartAsync(new RegistryOptions { BytesPerSecond = 12_000_000 });
        for (var i = 0; i < Images; i++)
        {
            await _source.AddAsync("app", ImageFactory.Create(new ImageSpec { Seed = 100 * i, LayerSize = 700_000, Content = LayerContent.Random }), $"{i}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _source.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_folder_is_whole_after_each_kill_and_the_next_request_succeeds()
    {
        var moments = new Moments(Moments.Seed);
        var layout = _folder["layout"];
        var struck = 0;
        // Two of a day, or twenty.
        for (var i = 0; i < Moments.Count(3) - 1; i++)
        {
            if (moments.Next(3) == 0 && Directory.Exists(layout))
            {
                Directory.Delete(layout, recursive: true);
            }

            var (run, address) = await StartAsync(layout);
            using (run)
            {
                var pulls = PullAllAsync(address);
                await moments.WaitAsync(_source, 10, Task.WhenAny(run.Ended, pulls));
                struck += pulls.IsCompleted ? 0 : 1;
                await run.KillAsync();
                await pulls.ContinueWith(_ => true, TaskScheduler.Default);
            }

            Assert.All(FolderWalk.Layout(layout), image => Assert.Equal(DigestOf(image.Key), image.Value));
        }

        Assert.True(struck > 0, "Every image was there before the kill.");
        var (last, there) = await StartAsync(layout);
        using (last)
        {
            await PullAllAsync(there);
            for (var i = 0; FolderWalk.Layout(layout).Count < Images; i++)
            {
                Assert.True(i < 300, "The images did not come into the folder.");
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }

            await last.StopAsync();
        }

        Assert.Empty(Directory.GetFiles(layout, ".ocisync-*.tmp"));
        var rows = await HostRun.RunAsync($"(Test-OciImage -Path '{layout}').Status -join ' '");
        Assert.Equal(string.Join(' ', Enumerable.Repeat("Whole", Images)), rows.Trim());
    }

    private string? DigestOf(string name) => _source.DigestOf("app", name[(name.LastIndexOf(':') + 1)..]);

    private async Task<(HostRun Run, string Address)> StartAsync(string layout)
    {
        var port = LoopbackPort.Free();
        var run = HostRun.Start($"Start-OciRegistryServer '{layout}' -Port {port} -Upstream {_source.Address} -Wait | Out-Null");
        var address = $"http://127.0.0.1:{port}/v2/{_source.Address.Replace(':', '-')}/app/";
        for (var i = 0; ; i++)
        {
            try
            {
                using var answer = await _client.GetAsync($"http://127.0.0.1:{port}/v2/", TestContext.Current.CancellationToken);
                return (run, address);
            }
            catch (HttpRequestException)
            {
                // It isn't there yet.
                Assert.True(i < 600 && !run.Ended.IsCompleted, run.Ended.IsCompleted ? (await run.TextAsync()).Errors : "The server did not start.");
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }
    }

    // All at once, every blob believed by nobody.
    private Task PullAllAsync(string address) => Task.WhenAll(Enumerable.Range(0, Images).Select(i => PullAsync(address, $"{i}")));

    private async Task PullAsync(string address, string tag)
    {
        var manifest = JsonNode.Parse(await _client.GetByteArrayAsync($"{address}manifests/{tag}"))!;
        foreach (var blob in manifest["layers"]!.AsArray().Append(manifest["config"]))
        {
            var digest = (string)blob!["digest"]!;
            Assert.Equal(digest, ContentDigest.Of(await _client.GetByteArrayAsync($"{address}blobs/{digest}")));
        }
    }
}
