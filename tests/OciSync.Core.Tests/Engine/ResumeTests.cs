using System.Text;
using OciSync.Core.Flow;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Tests.Http;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Engine;

/// <summary>Large blobs go in parts, and what breaks off goes on: in the same run, and in the next.</summary>
public sealed class ResumeTests : IAsyncLifetime
{
    private const int Size = 1_000_000;

    private readonly TempFolder _state = new();
    private EmbeddedRegistry _source = null!;
    private TestImage _image = null!;

    // The clock stands still: on a busy machine a registry looks far away, and gets larger parts.
    private EngineOptions Options =>
        Run.Quick with { Time = new LeapingClock(), ResumeThreshold = 500_000, ResumeChunkSize = 200_000, StatePath = _state.Path };

    public async ValueTask InitializeAsync()
    {
        _source = await EmbeddedRegistry.StartAsync();
        _image = await _source.AddSyntheticImageAsync("a", "1", Size);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _state.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_upload_that_breaks_off_goes_on_where_the_registry_stands_or_begins_anew(bool sessionDies)
    {
        await using var destination = await EmbeddedRegistry.StartAsync(
            new RegistryOptions { Dialect = new RegistryDialect { CutPatchEndsSession = sessionDies } });
        destination.Faults.Add("PATCH", null, FaultAction.CutRequest(100_000), skip: 2);

        var row = await CopyAsync(destination);

        Assert.Equal(("Copied", _image.Digest, 0), (row.Status, destination.DigestOf("a", "1"), destination.OpenUploads));
        Assert.True(row.RetryCount > 0);
        var patched = destination.Requests.Where("PATCH").Sum(r => r.BytesIn);
        Assert.Equal(sessionDies, patched > Size);
        Assert.Empty(Records);
    }

    [Fact]
    public async Task The_next_run_goes_on_and_nobody_else_reads_the_record()
    {
        await using var destination = await EmbeddedRegistry.StartAsync();
        destination.Faults.Add("PATCH", null, FaultAction.Respond(503), times: 1000, skip: 3);
        Assert.Equal("OciServerError", (await CopyAsync(destination)).ErrorId);
        var record = Assert.Single(Records);
        Assert.Contains("_state=", File.ReadAllText(record, Encoding.UTF8), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(record));
        }

        destination.Faults.Clear();
        destination.Requests.Clear();
        var told = new List<string>();
        var row = Assert.Single(await Run.SyncAsync(Request(destination), Options, events: new EngineEvents { Decision = told.AddLocked })).Row;

        Assert.Equal(("Copied", _image.Digest, 0), (row.Status, destination.DigestOf("a", "1"), destination.OpenUploads));
        Assert.Equal(400_000, destination.Requests.Where("PATCH").Sum(r => r.BytesIn));
        Assert.Equal(400_000, row.BytesCopied);
        Assert.Contains(told, t => t.Contains("goes on after 600000 of 1000000 bytes", StringComparison.Ordinal));
        Assert.DoesNotContain(told, t => t.Contains("_state", StringComparison.Ordinal));
        Assert.Empty(Records);
    }

    [Fact]
    public async Task A_real_registry_gets_the_rest_alone_after_an_upload_that_broke_off_between_two_parts()
    {
        Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? string.Empty);
        await using var real = await DockerRegistryProcess.StartAsync();
        await using var proxy = await FaultProxy.StartAsync(real.BaseUri);

        // A part is as long as the pieces in which the source is read, so that none is under way when it breaks off.
        var options = Options with { ResumeChunkSize = 256 * 1024 };
        var request = Run.Request([$"{_source.Address}/a:1"], proxy.Address);
        _source.Faults.Add(new Fault
        {
            Method = "GET",
            Predicate = r => r.Path.Value!.EndsWith(_image.Root.Text.Split("sha256:")[2][..64], StringComparison.Ordinal),
            Action = FaultAction.CutResponse(600_000),
            Times = 1000,
        });
        Assert.Equal("OciConnectionFailed", (await Run.OneAsync(request, options with { MaximumRetryCount = 0 })).ErrorId);
        Assert.Single(Records);

        // The small blob is sent beside the large one, and was there before that broke off or not.
        var (digest, bytes) = Assert.Single(_image.Blobs);
        using var http = new HttpClient();
        using var there = await http.SendAsync(new(HttpMethod.Head, new Uri(real.BaseUri, $"v2/a/blobs/{digest}")), TestContext.Current.CancellationToken);
        _source.Faults.Clear();
        var row = await Run.OneAsync(request, options);

        Assert.Equal(("Copied", Size - (512 * 1024) + (there.IsSuccessStatusCode ? 0L : bytes.Length)), (row.Status, row.BytesCopied));
        using var reader = new RawRegistryReader(real.BaseUri);
        Assert.Equal(_image.Digest, (await reader.VerifyAsync("a", "1", TestContext.Current.CancellationToken))[0]);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("torn")]
    [InlineData("elsewhere")]
    public async Task A_record_that_is_of_no_use_means_a_new_upload(string how)
    {
        await using var first = await EmbeddedRegistry.StartAsync();
        first.Faults.Add("PATCH", null, FaultAction.Respond(503), times: 1000, skip: 3);
        Assert.Equal("OciServerError", (await CopyAsync(first)).ErrorId);
        var record = Assert.Single(Records);
        var text = File.ReadAllText(record);
        File.WriteAllText(record, how switch
        {
            "torn" => text[..20],
            "elsewhere" => text.Replace("\"location\":\"http://", "\"location\":\"http://elsewhere.invalid", StringComparison.Ordinal),
            _ => text.Replace("/uploads/", "/uploads/0", StringComparison.Ordinal),
        });

        first.Faults.Clear();
        var row = await CopyAsync(first, Options with { MaximumRetryCount = 1 });

        Assert.Equal(("Copied", (long)Size), (row.Status, row.BytesCopied));
        Assert.Empty(Records);
    }

    [Fact]
    public async Task A_stop_leaves_neither_session_nor_record()
    {
        await using var destination = await EmbeddedRegistry.StartAsync();
        var fault = destination.Faults.Add("PATCH", null, FaultAction.StallRequest(1000), skip: 2);
        using var stop = new CancellationTokenSource();
        using var engine = Run.Engine(Options, cancellationToken: stop.Token);
        var run = engine.SyncAsync(Request(destination), _ => { }, null, stop.Token);
        await fault.Reached.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Single(Records);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);

        fault.Release();
        await destination.Requests.WaitForIdleAsync();
        Assert.Equal(0, destination.OpenUploads);
        Assert.Empty(Records);
    }

    [Fact]
    public async Task Part_sizes_are_learnt_from_refusals_and_from_what_a_registry_says()
    {
        await using var narrow = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = new RegistryDialect { MaxUploadBody = 150_000 } });
        Assert.Equal("Copied", (await CopyAsync(narrow)).Status);
        Assert.All(narrow.Requests.Where("PATCH", null, 202), r => Assert.True(r.BytesIn <= 150_000));

        await using var wide = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = new RegistryDialect { ChunkMinimum = 300_000 } });
        Assert.Equal("Copied", (await CopyAsync(wide)).Status);
        Assert.Equal([300_000, 300_000, 300_000, 100_000], wide.Requests.Where("PATCH").Select(r => r.BytesIn));
    }

    [Fact]
    public async Task A_small_blob_says_nothing_of_how_large_a_part_may_be()
    {
        await using var narrow = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = new RegistryDialect { MaxUploadBody = 150_000 } });
        await _source.AddSyntheticImageAsync("small", "1", 2_000);
        var options = Options with { ResumeThreshold = 1, ResumeChunkSize = 400_000, MaxConnectionsPerRegistry = 1 };
        using var engine = Run.Engine(options, cancellationToken: TestContext.Current.CancellationToken);
        foreach (var name in new[] { "small", "a" })
        {
            var row = Assert.Single(await Run.SyncAsync(engine, Run.Request([$"{_source.Address}/{name}:1"], narrow.Address))).Row;
            Assert.Equal(("Copied", null), (row.Status, row.Error));
        }

        Assert.Equal(10, narrow.Requests.Where("PATCH", "/a/", 202).Count(r => r.BytesIn == 100_000));
    }

    [Theory]
    [InlineData(405, 0)]
    [InlineData(400, 1)]
    public async Task A_registry_that_takes_no_parts_or_one_alone_gets_the_blob_so(int status, int afterPatches)
    {
        await using var destination = await EmbeddedRegistry.StartAsync();
        destination.Faults.Add(new Fault
        {
            Method = "PATCH",
            Predicate = r =>
                afterPatches == 0 || !r.Headers.ContentRange.ToString().StartsWith("0-", StringComparison.Ordinal) && r.Headers.ContentRange.Count > 0,
            Action = FaultAction.Respond(status, "UNSUPPORTED"),
            Times = 1000,
        });

        var row = await CopyAsync(destination);

        Assert.Null(row.Error);
        Assert.Equal(("Copied", _image.Digest, 0), (row.Status, destination.DigestOf("a", "1"), destination.OpenUploads));
        Assert.Equal(afterPatches == 0 ? 0 : 1, destination.Requests.Where("PATCH", null, 202).Count(r => r.BytesIn == Size));
    }

    [Fact]
    public async Task Two_runs_of_the_same_blob_do_not_share_a_session()
    {
        await using var destination = await EmbeddedRegistry.StartAsync(new RegistryOptions { BytesPerSecond = 1_500_000 });
        var rows = await Task.WhenAll(CopyAsync(destination), CopyAsync(destination), CopyAsync(destination));
        Assert.All(rows, r => Assert.True(r.Status is "Copied" or "UpToDate", r.Error));
        Assert.Equal((_image.Digest, 0), (destination.DigestOf("a", "1"), destination.OpenUploads));
        Assert.Empty(Records);
    }

    [Fact]
    public async Task A_part_that_is_not_the_one_asked_for_is_put_right()
    {
        await using var destination = await EmbeddedRegistry.StartAsync();
        _source.Faults.Add("GET", "/blobs/", FaultAction.CutResponse(400_000));
        _source.Faults.Add(new Fault
        {
            Method = "GET",
            Predicate = r => r.Headers.Range.Count > 0,
            Action = FaultAction.Respond(416),
        });

        Assert.Equal("Copied", (await CopyAsync(destination)).Status);
    }

    private string[] Records => Directory.GetFiles(_state.Path, "*.json", SearchOption.AllDirectories);

    private SyncRequest Request(EmbeddedRegistry destination) => Run.Request([$"{_source.Address}/a:1"], destination.Address);

    private Task<OciSyncResult> CopyAsync(EmbeddedRegistry destination, EngineOptions? options = null) =>
        Run.OneAsync(Request(destination), options ?? Options);
}
