using OciSync.Core.Polyfills;
using OciSync.Core.Rows;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Http;

/// <summary>How long each kind of failure is waited for, with the intervals that users have.</summary>
public sealed class RetryClockTests
{
    private readonly LeapingClock _clock = new();

    [Theory]
    [InlineData(500, null, 3, "1 2 4")]
    [InlineData(502, null, 1, "1")]
    [InlineData(503, null, 2, "1 2")]
    [InlineData(504, null, 1, "1")]
    [InlineData(408, null, 1, "1")]
    [InlineData(425, null, 1, "1")]
    [InlineData(429, null, 2, "1 2")]
    [InlineData(429, "7", 1, "7")]
    [InlineData(503, "50", 1, "50")]
    [InlineData(429, "0", 1, "")]
    [InlineData(429, "soon", 1, "1")]
    public async Task What_passes_is_waited_for(int status, string? retryAfter, int times, string waits)
    {
        var action = retryAfter is null ? FaultAction.Respond(status) : FaultAction.RetryAfter(status, retryAfter);
        var row = await CopyAsync(source => source.Faults.Add("HEAD", "/manifests/", action, times));

        Assert.Equal(("Copied", times), (row.Status, row.RetryCount));
        Assert.Equal(Read(waits), _clock.Waits);
    }

    [Theory]
    [InlineData(500, "OciServerError", "1 2 4 8 16")]
    [InlineData(501, "OciUnsupported", "")]
    [InlineData(404, "OciManifestUnknown", "")]
    [InlineData(403, "OciForbidden", "")]
    [InlineData(400, "OciProtocolError", "")]
    [InlineData(413, "OciTooLarge", "")]
    public async Task What_stays_is_given_up_after_five_attempts_or_at_once(int status, string id, string waits)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        source.Faults.Add(null, "/manifests/", FaultAction.Respond(status), times: 1000);
        using var engine = Run.Engine(_clock.Defaults, cancellationToken: TestContext.Current.CancellationToken);

        var e = await Assert.ThrowsAsync<Core.Errors.OciException>(() => engine.FindDigestAsync(
            Core.References.ImageLocation.Parse($"{source.Address}/a:1"), null, TestContext.Current.CancellationToken));

        Assert.Equal(id, e.ErrorId);
        Assert.Equal(Read(waits), _clock.Waits);
    }

    [Fact]
    public async Task A_connection_that_breaks_before_the_answer_is_waited_for()
    {
        var row = await CopyAsync(source => source.Faults.Add("HEAD", "/manifests/", FaultAction.CutResponse(0), times: 2));

        Assert.Equal("Copied", row.Status);
        Assert.Equal([1.0, 2.0], _clock.Waits);
    }

    [Fact]
    public async Task What_is_kept_ready_for_a_registry_that_is_far_away_is_no_wait()
    {
        Assert.SkipUnless(HttpHandlers.TakesStreams, "This build of the engine opens no connection ahead.");
        var clock = new LeapingClock { EachLook = TimeSpan.FromMilliseconds(100) };
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await using var way = DelayingProxy.Start(destination.Address, TimeSpan.Zero);
        await source.AddSyntheticImageAsync("a", "1", 200_000, 200_001, 200_002);
        var manifest = source.Faults.Add("GET", "/manifests/", FaultAction.StallBeforeHeaders());

        var running = Run.OneAsync(Run.Request([$"{source.Address}/a:1"], way.Address), clock.Defaults);
        await way.WaitForConnectionsAsync(4, TimeSpan.FromSeconds(30));
        manifest.Release();

        Assert.Equal("Copied", (await running).Status);
        Assert.Empty(clock.Waits);
    }

    [Fact]
    public async Task A_blob_that_breaks_off_is_waited_for_once()
    {
        var row = await CopyAsync(source => source.Faults.Add("GET", "/blobs/", FaultAction.CutResponse(20)));

        Assert.Equal("Copied", row.Status);
        Assert.Equal([1.0], _clock.Waits);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(400)]
    [InlineData(405)]
    public async Task An_upload_that_is_gone_is_an_answer_and_a_new_one_begins_at_once(int status)
    {
        using var state = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddSyntheticImageAsync("a", "1", 1_000_000);
        destination.Faults.Add("PATCH", null, FaultAction.CutRequest(100_000), skip: 2);
        destination.Faults.Add("GET", "/blobs/uploads/", FaultAction.Respond(status, "BLOB_UPLOAD_INVALID"), times: 1000);
        var options = _clock.Defaults with { ResumeThreshold = 500_000, ResumeChunkSize = 200_000, StatePath = state.Path };

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address), options);

        // The cut connection is waited for; that the session is gone is not.
        Assert.Equal("Copied", row.Status);
        Assert.Equal([1.0], _clock.Waits);
        Assert.Equal(1, destination.Requests.Count("GET", "/blobs/uploads/"));
    }

    [Fact]
    public async Task A_part_whose_upload_is_gone_is_sent_anew_after_a_wait()
    {
        using var state = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddSyntheticImageAsync("a", "1", 1_000_000);
        destination.Faults.Add("PATCH", null, FaultAction.Respond(404, "BLOB_UPLOAD_UNKNOWN"), skip: 1);
        var options = _clock.Defaults with { ResumeThreshold = 500_000, ResumeChunkSize = 200_000, StatePath = state.Path };

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address), options);

        Assert.Equal("Copied", row.Status);
        Assert.Equal([1.0], _clock.Waits);
    }

    private async Task<OciSyncResult> CopyAsync(Action<EmbeddedRegistry> spoil)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        spoil(source);
        return await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address), _clock.Defaults);
    }

    private static double[] Read(string waits) =>
        [.. waits.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => double.Parse(w, System.Globalization.CultureInfo.InvariantCulture))];
}
