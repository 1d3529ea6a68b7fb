using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.SyncFiles;
using OciSync.Core.Tags;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

/// <summary>Minimum age of images that are named, of sync files, and where it must not be guessed.</summary>
public sealed class MinimumAgeNamesTests : IAsyncDisposable
{
    private static readonly TestImage[] Images = [.. Enumerable.Range(0, 3).Select(
        i => ImageFactory.Create(new ImageSpec { Seed = 60 + i, Layers = 1, LayerSize = 200 }))];

    private readonly MinimumAgeTests.SetTime _time = new();
    private readonly TempFolder _state = new();
    private readonly Task<EmbeddedRegistry> _source = EmbeddedRegistry.StartAsync();
    private readonly Task<EmbeddedRegistry> _place = EmbeddedRegistry.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await (await _source).DisposeAsync();
        await (await _place).DisposeAsync();
        _state.Dispose();
    }

    [Fact]
    public async Task A_named_tag_waits_and_is_asked_for_once()
    {
        var (source, place) = (await _source, await _place);
        await source.AddAsync("a", Images[0], "1");
        var held = Assert.Single(await RunAsync($"{source.Address}/a:1"));
        Assert.Equal(("Skipped", Images[0].Digest, _time.Now.AddDays(3)), (held.Status, held.SourceDigest, held.DueTime));
        Assert.Empty(place.TagsOf("a"));
        _time.Now = _time.Now.AddDays(3);
        source.Requests.Clear();
        Assert.Equal("Copied", Assert.Single(await RunAsync($"{source.Address}/a:1")).Status);
        Assert.Equal(1, source.Requests.Count("HEAD", "/manifests/1"));
    }

    [Fact]
    public async Task What_was_named_by_its_digest_is_decided()
    {
        var source = await _source;
        await source.AddAsync("a", Images[0], "1");
        Assert.Equal("Copied", Assert.Single(await RunAsync($"{source.Address}/a:1@{Images[0].Digest}")).Status);
    }

    [Fact]
    public async Task A_row_of_a_plan_is_no_way_around()
    {
        var source = await _source;
        await source.AddAsync("a", Images[0], "1");
        var rows = await RunAsync($"{source.Address}/a:1", pair => pair with { SourceDigest = Digest.Parse(Images[0].Digest) });
        Assert.Equal("Skipped", Assert.Single(rows).Status);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("{0}/a")]
    [InlineData("{0}/a:1")]
    public async Task Urgent_names_are_taken(string name)
    {
        var source = await _source;
        await source.AddAsync("a", Images[0], "1");
        var rows = await RunAsync(
            $"{source.Address}/a:1",
            change: r => r with
            {
                MinimumAgeExempt = ImageNames.Parse([string.Format(System.Globalization.CultureInfo.InvariantCulture, name, source.Address)], "exempt"),
            });
        Assert.Equal("Copied", Assert.Single(rows).Status);
    }

    [Fact]
    public async Task A_tag_that_moves_after_it_was_judged_is_not_taken_with_it()
    {
        var (source, place) = (await _source, await _place);
        await source.AddAsync("a", Images[0], "1");
        await RunAsync($"{source.Address}/a:1");
        _time.Now = _time.Now.AddDays(3);

        // The judged image is gone when it is read, and the tag is another.
        source.Faults.Add("GET", "/manifests/", FaultAction.Respond(404));
        var once = 0;
        var rows = await Run.SyncAsync(
            await RequestAsync($"{source.Address}/a:1"),
            Options,
            confirm: async _ =>
            {
                if (Interlocked.Exchange(ref once, 1) == 0)
                {
                    await source.AddAsync("a", Images[1], "1");
                }

                return true;
            });
        Assert.Equal("OciSourceMoved", Assert.Single(rows).Row.ErrorId);
        Assert.Empty(place.TagsOf("a"));
    }

    [Fact]
    public async Task What_cannot_be_asked_fails_and_is_not_let_through()
    {
        var (source, place) = (await _source, await _place);
        await source.AddAsync("a", Images[0], "1");
        source.Faults.Add("HEAD", "/manifests/1", FaultAction.Respond(401));
        source.Faults.Add("GET", "/manifests/1", FaultAction.Respond(401));
        var row = Assert.Single(await RunAsync($"{source.Address}/a:1"));
        Assert.Equal("Failed", row.Status);
        Assert.Empty(place.TagsOf("a"));
    }

    [Fact]
    public async Task Without_a_folder_that_is_kept_nothing_is_done()
    {
        var (source, place) = (await _source, await _place);
        await source.AddAsync("a", Images[0], "1");
        var request = await RequestAsync($"{source.Address}/a:1");
        var failure = await Assert.ThrowsAsync<OciException>(() => Run.SyncAsync(request, Run.Quick));
        Assert.Contains("-StatePath", failure.Message, StringComparison.Ordinal);
        Assert.Empty(place.TagsOf("a"));
        Assert.Empty(source.Requests);
    }

    [Fact]
    public async Task A_damaged_ledger_ends_the_run_before_anything_is_copied()
    {
        var (source, place) = (await _source, await _place);
        await source.AddAsync("a", Images[0], "1");
        await source.AddAsync("b", Images[1], "1");
        await RunAsync($"{source.Address}/a:1");
        await File.WriteAllTextAsync(Directory.GetFiles(_state["first-sights"]).Single(), "what", TestContext.Current.CancellationToken);
        var request = await RequestAsync($"{source.Address}/a:1");
        var other = PruneRuns.Request(new TagChoice { Latest = 1 }, source, place).Repositories[0];
        await Assert.ThrowsAsync<OciException>(() => Run.SyncAsync(request, Options));
        await Assert.ThrowsAsync<OciException>(() => Run.SyncAsync(request with { Pairs = [], Repositories = [other] }, Options));
        Assert.Empty(place.TagsOf("a"));
    }

    [Fact]
    public async Task A_sync_file_says_it_for_each_repository()
    {
        var source = await _source;
        foreach (var name in new[] { "a", "b", "c" })
        {
            await source.AddAsync(name, Images[0], "1", "2");
        }

        var file = SyncFile.Parse("sync.yaml", $$"""
            ocisync: 1
            defaults: {minimumAge: 1d12h, latest: 1}
            images:
              {{source.Address}}/a:
              {{source.Address}}/b: {minimumAge: 0}
              {{source.Address}}/c: {minimumAgeExempt: ['2'], latest: 2}
            """, _ => null).Require();
        Assert.Equal(TimeSpan.FromHours(36), file.Entries[0].MinimumAge);
        var place = SyncPlace.Below(GivenDestination.Read((await _place).Address), DestinationNaming.Leaf);
        var request = new SyncRequest { Repositories = file.Entries.Select(e => e.Plan([place])!).ToList() };
        var rows = (await Run.SyncAsync(request, Options)).Select(r => $"{r.Row.Source.Split('/')[1]} {r.Row.Status}").Order();
        Assert.Equal(["a:2 Skipped", "b:2 Copied", "c:1 Skipped", "c:2 Copied"], rows);
    }

    [Theory]
    [InlineData("minimumAge: 3", "must be a span of time")]
    [InlineData("minimumAge: [3d]", "minimumAge")]
    [InlineData("minimumage: 3d", "minimumAge")]
    [InlineData("minimumAgeExempt: ['[']", "[")]
    public void A_sync_file_is_checked(string entry, string fault) => Assert.Contains(
        SyncFile.Parse("s", $"ocisync: 1\nimages:\n  r.test/a: {{ latest: 1, {entry} }}\n", _ => null).Mistakes,
        m => m.Message.Contains(fault, StringComparison.Ordinal));

    [Fact]
    public async Task A_row_of_a_repository_that_failed_asks_for_the_same_age()
    {
        var (source, place) = (await _source, await _place);
        var request = PruneRuns.Request(new TagChoice { Latest = 1 }, source, place) with { MinimumAge = TimeSpan.FromDays(3), Prune = null };
        source.Faults.Add("GET", "/tags/list", FaultAction.Respond(401));
        var row = Assert.Single(await Run.SyncAsync(request, Options)).Row;
        Assert.Equal(("Failed", "{ latest: 1, minimumAge: 3d }"), (row.Status, row.Selection));
        Assert.Equal(TimeSpan.FromDays(3), Core.Syncing.RowSelection.Parse(row.Selection!).MinimumAge);
    }

    private Core.Flow.EngineOptions Options => Run.Quick with { StatePath = _state.Path, Time = _time };

    private async Task<IReadOnlyList<OciSyncResult>> RunAsync(
        string name, Func<SyncPair, SyncPair>? pair = null, Func<SyncRequest, SyncRequest>? change = null)
    {
        var request = await RequestAsync(name);
        request = pair is null ? request : request with { Pairs = request.Pairs.Select(pair).ToList() };
        return (await Run.SyncAsync(change is null ? request : change(request), Options)).Select(r => r.Row).ToList();
    }

    private async Task<SyncRequest> RequestAsync(string name) =>
        Run.Request([name], (await _place).Address) with { MinimumAge = TimeSpan.FromDays(3) };
}
