using OciSync.Core.Flow;
using OciSync.Core.Polyfills;
using OciSync.Core.Tests.Http;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Engine;

/// <summary>What is done over a long way without a round trip of its own: connections are opened meanwhile, bytes set out without a word.</summary>
public sealed class RoundTripTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private EmbeddedRegistry _source = null!;
    private EmbeddedRegistry _destination = null!;
    private int _asked;
    private int _unasked;

    public async ValueTask InitializeAsync() => (_source, _destination) = (await EmbeddedRegistry.StartAsync(), await EmbeddedRegistry.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _destination.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connections_for_the_blobs_are_opened_while_a_far_source_gives_the_manifest(bool isFar)
    {
        await _source.AddSyntheticImageAsync("a", "1", 200_000, 200_001, 200_002);
        await using var way = DelayingProxy.Start(_destination.Address, TimeSpan.Zero);
        BeFar(_destination, isFar);
        var manifest = _source.Faults.Add(
            new Fault { Method = "GET", PathContains = "/manifests/", Times = int.MaxValue, Action = FaultAction.StallBeforeHeaders() });

        // Near by is where the clock stands still: on a busy machine every answer takes its time.
        var running = Run.OneAsync(Run.Request([$"{_source.Address}/a:1"], way.Address), isFar ? Run.Quick : new LeapingClock().Defaults);
        await manifest.Reached.WaitAsync(Patience, TestContext.Current.CancellationToken);
        if (isFar && HttpHandlers.TakesStreams)
        {
            await way.WaitForConnectionsAsync(4, Patience);
        }

        var opened = way.Connections;
        manifest.Release();
        Assert.Equal("Copied", (await running).Status);
        Assert.Equal(isFar && HttpHandlers.TakesStreams ? 4 : 1, opened);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Far_away_a_blob_is_sent_without_the_registrys_word(bool isFar)
    {
        await _source.AddSyntheticImageAsync("a", "1", 2_000_000);
        BeFar(_destination, isFar);
        CountWords();
        var row = await Run.OneAsync(Run.Request([$"{_source.Address}/a:1"], _destination.Address), isFar ? Run.Quick : new LeapingClock().Defaults);
        Assert.Equal("Copied", row.Status);
        Assert.Equal(isFar && HttpHandlers.TakesStreams ? (0, 1) : (1, 0), (_asked, _unasked));
    }

    [Fact]
    public async Task Bytes_that_were_sent_so_and_not_taken_are_asked_for_from_then_on()
    {
        Assert.SkipUnless(HttpHandlers.TakesStreams, "This build of the engine sends no large body without the registry's word.");
        await _source.AddSyntheticImageAsync("a", "1", 2_000_000, 2_000_001, 2_000_002);
        BeFar(_destination, true);
        CountWords();
        var cut = _destination.Faults.Add(new Fault { Method = "PUT", Predicate = r => r.ContentLength > 1_500_000, Action = FaultAction.CutRequest(100_000) });
        var row = await Run.OneAsync(
            Run.Request([$"{_source.Address}/a:1"], _destination.Address),
            Run.Quick with { MaxConnectionsPerRegistry = 1, RetryInterval = TimeSpan.FromMinutes(10) });
        Assert.Equal(("Copied", 1, 1), (row.Status, row.RetryCount, cut.Hits));
        Assert.Equal((3, 1), (_asked, _unasked));
        Assert.Equal(0, _destination.OpenUploads);
    }

    [Fact]
    public async Task What_is_too_large_is_sent_in_parts_as_ever()
    {
        await using var narrow = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = new RegistryDialect { MaxUploadBody = 1_500_000 } });
        await _source.AddSyntheticImageAsync("a", "1", 4_000_000);
        BeFar(narrow, true);
        var row = await Run.OneAsync(Run.Request([$"{_source.Address}/a:1"], narrow.Address), Run.Quick with { ChunkSize = 3_000_000 });
        Assert.Equal("Copied", row.Status);
        Assert.Equal(0, narrow.OpenUploads);
        Assert.All(narrow.Requests.Where("PATCH", null, 202), r => Assert.InRange(r.BytesIn, 1, 1_500_000));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    public async Task An_upload_that_is_redirected_after_its_bytes_were_sent_is_asked_for_and_arrives(int retries)
    {
        var image = await _source.AddSyntheticImageAsync("a", "1", 2_000_000);
        BeFar(_destination, true);
        _destination.Faults.Add(new Fault
        {
            Method = "PUT",
            Predicate = r => r.Path.Value!.Contains("/blobs/uploads/", StringComparison.Ordinal) && !r.Query.ContainsKey("moved"),
            Action = FaultAction.Redirect("{path}&moved=1"),
            Times = 1000,
        });
        var row = await Run.OneAsync(Run.Request([$"{_source.Address}/a:1"], _destination.Address), Run.Quick with { MaximumRetryCount = retries });
        Assert.Null(row.Error);
        Assert.Equal((image.Digest, 0), (_destination.DigestOf("a", "1"), _destination.OpenUploads));
    }

    private static void BeFar(EmbeddedRegistry registry, bool isFar)
    {
        foreach (var method in new[] { "GET", "HEAD" })
        {
            registry.Faults.Add(new Fault { Method = method, Times = int.MaxValue, Action = FaultAction.Delay(TimeSpan.FromMilliseconds(isFar ? 70 : 0)) });
        }
    }

    // Of bodies over a megabyte.
    private void CountWords() => _destination.Faults.Add(new Fault
    {
        Method = "PUT",
        Times = 0,
        Action = FaultAction.Delay(TimeSpan.Zero),
        Predicate = r =>
        {
            if (r.ContentLength > 1_500_000)
            {
                Interlocked.Increment(ref r.Headers.Expect.Count > 0 ? ref _asked : ref _unasked);
            }

            return false;
        },
    });
}
