using OciSync.Core.Flow;
using OciSync.Core.Tests.Http;
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

    [Theory]
    [InlineData(null, 2)]
    [InlineData(6, 6)]
    public async Task More_blobs_are_sent_to_a_registry_that_is_far_away(int? far, int most)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        for (var i = 0; i < 10; i++)
        {
            await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = i }), $"1.{i}");
        }

        // The distance shows before the first blob, and never again: from then on every request has a body.
        destination.Faults.Add(new Fault { Method = "HEAD", Times = int.MaxValue, Action = FaultAction.Delay(TimeSpan.FromMilliseconds(60)) });
        destination.Faults.Add(new Fault { Method = "GET", Times = int.MaxValue, Action = FaultAction.Delay(TimeSpan.FromMilliseconds(60)) });
        var uploads = destination.Faults.Add(
            new Fault { Method = "PUT", PathContains = "/blobs/", Times = int.MaxValue, Action = FaultAction.StallBeforeHeaders() });
        var request = Run.Request(Enumerable.Range(0, 10).Select(i => $"{source.Address}/a:1.{i}"), destination.Address);
        var running = Run.SyncAsync(request, new EngineOptions { ThrottleLimit = 10, MaxConnectionsPerRegistry = 2, FarConnectionsPerRegistry = far });
        await destination.Requests.WaitForAsync(log => log.Count("PUT", "/blobs/") == most && log.Active == most);
        uploads.Release();

        Assert.All(await running, o => Assert.Equal("Copied", o.Row.Status));
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(0, false)]
    public async Task A_blob_is_read_while_a_far_destination_says_where_it_wants_it(int milliseconds, bool isAhead)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddSyntheticImageAsync("a", "1", 600_000);
        var layer = await LargestAsync(source);
        destination.Faults.Add(new Fault { Method = "HEAD", Times = int.MaxValue, Action = FaultAction.Delay(TimeSpan.FromMilliseconds(milliseconds)) });
        var begin = destination.Faults.Add(new Fault { Method = "POST", Times = int.MaxValue, Action = FaultAction.StallBeforeHeaders() });

        // Near by is where the clock stands still: on a busy machine every answer takes its time.
        var running = Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address), isAhead ? null : new LeapingClock().Defaults);
        await begin.Reached.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        if (isAhead)
        {
            await source.Requests.WaitForAsync(log => log.Count("GET", layer) == 1);
        }
        else
        {
            Assert.Equal(0, source.Requests.Count("GET", layer));
        }

        begin.Release();
        Assert.Equal("Copied", (await running).Status);
        Assert.Equal(1, source.Requests.Count("GET", layer));
    }

    [Fact]
    public async Task All_blobs_of_an_image_are_asked_for_at_once_where_the_source_is_far_away()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddSyntheticImageAsync("a", "1", [.. Enumerable.Range(0, 10).Select(i => 200_000L + i)]);
        source.Faults.Add(new Fault { Times = int.MaxValue, Action = FaultAction.Delay(TimeSpan.FromMilliseconds(60)) });
        var asked = destination.Faults.Add(
            new Fault { Method = "HEAD", PathContains = "/blobs/", Times = int.MaxValue, Action = FaultAction.StallBeforeHeaders() });
        var running = Run.OneAsync(
            Run.Request([$"{source.Address}/a:1"], destination.Address), new EngineOptions { MaxConnectionsPerRegistry = 2, FarConnectionsPerRegistry = 16 });
        await destination.Requests.WaitForAsync(log => log.Count("HEAD", "/blobs/") == 11);
        asked.Release();
        Assert.Equal("Copied", (await running).Status);
    }

    private static async Task<string> LargestAsync(EmbeddedRegistry registry)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "application/vnd.oci.image.manifest.v1+json");
        var manifest = await http.GetStringAsync(new Uri($"http://{registry.Address}/v2/a/manifests/1"), TestContext.Current.CancellationToken);
        registry.Requests.Clear();
        return System.Text.Json.Nodes.JsonNode.Parse(manifest)!["layers"]![0]!["digest"]!.GetValue<string>();
    }
}
