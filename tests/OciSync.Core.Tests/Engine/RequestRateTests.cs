using OciSync.Core.Flow;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

/// <summary>So many requests a registry and no more; and what is left when a registry gives no more.</summary>
public sealed class RequestRateTests
{
    [Theory]
    [InlineData("10/s", null, 10)]
    [InlineData("600/m", null, 10)]
    [InlineData("7200/h", null, 2)]
    [InlineData("docker.io=5/s", "docker.io", 5)]
    [InlineData("r.test:5000=1/s", "r.test:5000", 1)]
    public void Rates_are_read(string text, string? registry, double perSecond)
    {
        Assert.True(RequestRate.TryParse(text, out var host, out var rate));
        Assert.Equal((registry, perSecond), (host, rate!.PerSecond));
        Assert.EndsWith(rate.ToString(), text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("0/s")]
    [InlineData("10/d")]
    [InlineData("=10/s")]
    [InlineData("1.5/s")]
    [InlineData("-1/s")]
    public void What_is_no_rate_is_refused(string text) => Assert.False(RequestRate.TryParse(text, out _, out _));

    [Fact]
    public async Task A_pace_gives_so_much_a_second_to_all_who_ask()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var pace = new Pace(2, time);
        await pace.TakeAsync(1, TestContext.Current.CancellationToken).WaitAsync(Advance(), TestContext.Current.CancellationToken);
        var waiting = Enumerable.Range(0, 10).Select(_ => pace.TakeAsync(1, TestContext.Current.CancellationToken)).ToList();
        time.Advance(TimeSpan.FromSeconds(2.5));
        Assert.Equal(5, waiting.Count(w => w.IsCompleted));
        time.Advance(TimeSpan.FromSeconds(2.5));
        Assert.All(waiting, w => Assert.True(w.IsCompleted));

        TimeSpan Advance()
        {
            time.Advance(TimeSpan.FromSeconds(0.5));
            return TimeSpan.FromSeconds(20);
        }
    }

    [Fact]
    public async Task A_registry_gets_no_more_than_its_rate_and_others_as_they_like()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var place = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 90, Layers = 4, LayerSize = 300 }), "1");
        var start = System.Diagnostics.Stopwatch.StartNew();
        var row = await Run.OneAsync(
            Run.Request([$"{source.Address}/a:1"], place.Address),
            Run.Quick with { RequestRates = new Dictionary<string, RequestRate> { [source.Address] = new(20, TimeSpan.FromSeconds(1)) } });
        Assert.Equal("Copied", row.Status);

        // A lower bound, which no load of the machine breaks: the first may come at once, each further one a twentieth of a second later.
        Assert.True(start.Elapsed >= TimeSpan.FromSeconds((source.Requests.Count() - 3) / 20.0), $"{source.Requests.Count()} requests in {start.Elapsed}");
    }

    [Fact]
    public async Task A_run_that_stops_at_a_limit_says_when_to_go_on_with_its_rows()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var place = await EmbeddedRegistry.StartAsync();
        for (var i = 0; i < 4; i++)
        {
            await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 91 + i, Layers = 1, LayerSize = 300 }), $"{i}.0");
        }

        source.Faults.Add("GET", "/manifests/", FaultAction.RetryAfter(429, "7200"), times: 100);
        var warnings = new List<string>();
        var before = DateTimeOffset.UtcNow;
        var rows = (await Run.SyncAsync(
            Run.Request(Enumerable.Range(0, 4).Select(i => $"{source.Address}/a:{i}.0"), place.Address),
            events: new EngineEvents { Warning = text => { lock (warnings) { warnings.Add(text); } } })).Select(r => r.Row).ToList();
        Assert.All(rows, r => Assert.Equal(("Failed", "OciRateLimited"), (r.Status, r.ErrorId)));
        Assert.All(rows, r => Assert.InRange(r.DueTime!.Value, before.AddHours(1.9), DateTimeOffset.UtcNow.AddHours(2.1)));
        var told = Assert.Single(warnings, w => w.Contains("go on", StringComparison.Ordinal));
        Assert.StartsWith($"4 images are left, as '{source.Address}'", told, StringComparison.Ordinal);
        var due = rows.Max(r => r.DueTime)!.Value.UtcDateTime.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains(due, told, StringComparison.Ordinal);
    }

    // Without the parameter the same run is refused again and again; a registry that waits for a second after each is far below its limit.
    [Fact]
    public async Task A_run_at_the_rate_that_a_registry_allows_ends_well_and_is_hardly_refused()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var place = await EmbeddedRegistry.StartAsync();
        for (var i = 0; i < 12; i++)
        {
            await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 900 + i, Layers = 1, LayerSize = 300 }), $"{i}.0");
        }

        var limit = RequestLimit.Set(source, 20);
        var request = Run.Request(Enumerable.Range(0, 12).Select(i => $"{source.Address}/a:{i}.0"), place.Address);
        var rate = new Dictionary<string, RequestRate> { [source.Address] = new(20, TimeSpan.FromSeconds(1)) };
        var rows = await Run.SyncAsync(request, Run.Quick with { MaximumRetryCount = 8, RequestRates = rate });
        Assert.All(rows, r => Assert.Equal("Copied", r.Row.Status));
        Assert.True(limit.Hits <= source.Requests.Count() / 5, $"{limit.Hits} of {source.Requests.Count()} requests were refused");
    }

    [Fact]
    public async Task The_rows_that_a_limit_left_go_in_again_and_only_they_are_brought()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var place = await EmbeddedRegistry.StartAsync();
        for (var i = 0; i < 6; i++)
        {
            await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 950 + i, Layers = 1, LayerSize = 300 }), $"{i}.0");
        }

        // Three pulls, and no more for two hours.
        source.Faults.Add("GET", "/manifests/", FaultAction.RetryAfter(429, "7200"), times: int.MaxValue, skip: 3);
        var first = (await Run.SyncAsync(
            Run.Request(Enumerable.Range(0, 6).Select(i => $"{source.Address}/a:{i}.0"), place.Address),
            Run.Quick with { ThrottleLimit = 1 })).Select(r => r.Row).ToList();
        var rest = first.Where(r => r.Status == "Failed").ToList();
        Assert.Equal((3, 3), (first.Count(r => r.Status == "Copied"), rest.Count));
        Assert.All(rest, r => Assert.Equal(("OciRateLimited", true), (r.ErrorId, r.DueTime > DateTimeOffset.UtcNow.AddHours(1.9))));

        source.Faults.Clear();
        source.Requests.Clear();
        var pairs = rest.Select(r => new Core.Rows.SyncPair(
            Core.References.ImageReference.Parse(r.Source), Core.References.ImageReference.Parse(r.Destination), r.Source)).ToList();
        var second = await Run.SyncAsync(new Core.Requests.SyncRequest { Pairs = pairs });
        Assert.All(second, r => Assert.Equal("Copied", r.Row.Status));
        Assert.Equal(3, source.Requests.Count("GET", "/manifests/"));
        Assert.Equal(Enumerable.Range(0, 6).Select(i => $"{i}.0"), place.TagsOf("a").Order(StringComparer.Ordinal));
    }
}
