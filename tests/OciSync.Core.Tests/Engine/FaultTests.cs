using OciSync.Core.Flow;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Tests.Http;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

public sealed class FaultTests : IAsyncLifetime
{
    private readonly TestImage _image = ImageFactory.Create(new ImageSpec { LayerSize = 200_000 });
    private EmbeddedRegistry _source = null!;
    private EmbeddedRegistry _destination = null!;

    public async ValueTask InitializeAsync()
    {
        _source = await EmbeddedRegistry.StartAsync();
        _destination = await EmbeddedRegistry.StartAsync();
        await _source.AddAsync("a", _image, "1");
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _destination.DisposeAsync();
    }

    [Theory]
    [InlineData("corrupt")]
    [InlineData("longer")]
    [InlineData("shorter")]
    public async Task Bytes_that_are_not_the_digests_never_appear(string how)
    {
        _source.Faults.Add("GET", "/blobs/", how switch
        {
            "corrupt" => FaultAction.CorruptResponse(10),
            "shorter" => FaultAction.TruncateResponse(50),
            _ => new FaultAction { Kind = FaultKind.Respond, Status = 200, Body = new string('x', 300_000), ContentType = "application/octet-stream" },
        }, times: 100);

        var row = await CopyAsync();

        Assert.Equal(("Failed", "OciDigestMismatch"), (row.Status, row.ErrorId));
        Assert.All(_image.Blobs.Keys, d => Assert.False(_destination.HasBlob("a", d)));
        Assert.Null(_destination.DigestOf("a", "1"));
        Assert.Equal(0, _destination.OpenUploads);
    }

    [Fact]
    public async Task A_manifest_that_is_not_its_digest_is_refused()
    {
        _source.Faults.Add("GET", "/manifests/", FaultAction.CorruptResponse(20), times: 100);
        Assert.Equal("OciDigestMismatch", (await CopyAsync()).ErrorId);
        Assert.Equal(0, _destination.Requests.Count("POST"));
    }

    [Fact]
    public async Task A_header_that_names_another_digest_is_refused()
    {
        _source.Faults.Add("GET", "/manifests/", FaultAction.WrongDigestHeader(), times: 100);
        Assert.Equal("OciDigestMismatch", (await CopyAsync()).ErrorId);
    }

    [Theory]
    [InlineData("HEAD", "/manifests/", 503)]
    [InlineData("GET", "/manifests/", 500)]
    [InlineData("GET", "/blobs/", 502)]
    public async Task A_source_that_fails_for_a_while_is_asked_again(string method, string path, int status)
    {
        _source.Faults.Add(method, path, FaultAction.Respond(status), times: 2);
        Assert.Equal("Copied", (await CopyAsync()).Status);
    }

    [Theory]
    [InlineData("HEAD", "/manifests/", 503)]
    [InlineData("HEAD", "/blobs/", 500)]
    [InlineData("POST", "/blobs/uploads/", 503)]
    [InlineData("PUT", "/blobs/uploads/", 500)]
    [InlineData("PUT", "/manifests/", 504)]
    public async Task A_destination_that_fails_for_a_while_is_asked_again(string method, string path, int status)
    {
        _destination.Faults.Add(method, path, FaultAction.Respond(status), times: 2);
        var row = await CopyAsync();
        Assert.Equal(("Copied", _image.Digest, 0), (row.Status, _destination.DigestOf("a", "1"), _destination.OpenUploads));
        Assert.True(row.RetryCount > 0);
    }

    [Fact]
    public async Task Too_many_requests_are_waited_for_and_not_for_ever()
    {
        _source.Faults.Add("GET", "/blobs/", FaultAction.RetryAfter(429, "0"), times: 2);
        Assert.Equal("Copied", (await CopyAsync()).Status);

        _source.Faults.Add("HEAD", "/manifests/", FaultAction.RetryAfter(429, "3600"), times: 100);
        var row = await CopyAsync();
        Assert.Equal(("Failed", "OciRateLimited"), (row.Status, row.ErrorId));
        Assert.Equal(1, _source.Requests.Count("HEAD", null, 429));
    }

    [Fact]
    public async Task A_stall_is_given_up_and_tried_again()
    {
        _source.Faults.Add("GET", "/blobs/", FaultAction.StallResponse(1000));
        _destination.Faults.Add("PUT", "/manifests/", FaultAction.StallBeforeHeaders());

        // On a busy machine what does not stall may seem to: it is tried again as well.
        var row = await Run.OneAsync(Request, Run.Quick with { StallTimeout = TimeSpan.FromMilliseconds(300), MaximumRetryCount = 100 });
        Assert.Equal("Copied", row.Status);
        Assert.True(row.RetryCount >= 2);
    }

    [Fact]
    public async Task A_stall_that_stays_is_a_timeout()
    {
        _source.Faults.Add("HEAD", "/manifests/", FaultAction.StallBeforeHeaders(), times: 100);
        var row = await Run.OneAsync(Request, Run.Quick with { StallTimeout = TimeSpan.FromMilliseconds(200), MaximumRetryCount = 1 });
        Assert.Equal(("Failed", "OciTimeout"), (row.Status, row.ErrorId));
    }

    [Theory]
    [InlineData(null, 50_000L, "Chunked")]
    [InlineData(405, null, "SinglePatch")]
    public async Task A_registry_that_wants_blobs_otherwise_gets_them_so(int? refusePut, long? maxBody, string way)
    {
        await using var picky = await EmbeddedRegistry.StartAsync(new RegistryOptions
        {
            Dialect = new RegistryDialect { RefuseMonolithicPut = refusePut, MaxUploadBody = maxBody },
        });
        var told = new List<string>();

        // The clock stands still: on a busy machine a registry looks far away, and gets larger parts.
        var outcome = Assert.Single(await Run.SyncAsync(
            Run.Request([$"{_source.Address}/a:1"], picky.Address),
            Run.Quick with { ChunkSize = 40_000, Time = new LeapingClock() },
            events: new EngineEvents
            {
                Decision = text =>
                {
                    lock (told)
                    {
                        told.Add(text);
                    }
                },
            }));

        Assert.Equal(("Copied", _image.Digest, 0), (outcome.Row.Status, picky.DigestOf("a", "1"), picky.OpenUploads));
        Assert.Contains(told, t => t.Contains(way, StringComparison.Ordinal));
        Assert.True(picky.Requests.Count("PATCH", null, 202) >= (way == "Chunked" ? 10 : 1));
    }

    [Fact]
    public async Task A_blob_the_registry_only_seemed_to_have_is_sent_again()
    {
        // It says yes to HEAD and misses the blob when the manifest comes.
        var digest = _image.Blobs.Keys.First();
        _destination.Faults.Add(new Fault
        {
            Method = "HEAD",
            PathContains = digest,
            Action = new FaultAction { Kind = FaultKind.Respond, Status = 200 },
        });

        var row = await CopyAsync();

        Assert.Equal(("Copied", _image.Digest), (row.Status, _destination.DigestOf("a", "1")));
        Assert.True(_destination.HasBlob("a", digest));
    }

    [Fact]
    public async Task What_a_registry_lost_is_found_and_repaired_when_asked()
    {
        await CopyAsync();
        var lost = _image.Blobs.Keys.Last();
        Assert.True(_destination.LoseBlob("a", lost));
        Assert.Equal("UpToDate", (await CopyAsync()).Status);

        var plan = await Run.OneAsync(Request with { Verify = true, IsReadOnly = true });
        Assert.Equal("WouldUpdate", plan.Status);
        Assert.False(_destination.HasBlob("a", lost));

        var row = await Run.OneAsync(Request with { Verify = true });
        Assert.Equal(("Updated", false, (long)_image.Blobs[lost].Length), (row.Status, row.DigestChanged, row.BytesCopied));
        Assert.True(_destination.HasBlob("a", lost));

        var again = await Run.OneAsync(Request with { Verify = true });
        Assert.Equal(("UpToDate", "every blob is there"), (again.Status, again.Reason));
    }

    [Fact]
    public async Task A_source_that_lacks_a_blob_is_a_failure_of_its_own()
    {
        _source.LoseBlob("a", _image.Blobs.Keys.First());
        var row = await CopyAsync();
        Assert.Equal(("Failed", "OciBlobUnknown"), (row.Status, row.ErrorId));
        Assert.Null(_destination.DigestOf("a", "1"));
    }

    // As docker-registry says it of a blob that somebody sends again just then (findings/docker-registry-blob-sent-again.sh).
    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public async Task A_blob_that_is_being_written_anew_is_waited_for_and_sent_again_only_when_it_stays_away(int times, bool isSentAgain)
    {
        var answer = FaultAction.Respond(400) with
        {
            Body = """{"errors":[{"code":"DIGEST_INVALID","message":"no match"},{"code":"MANIFEST_BLOB_UNKNOWN","message":"blob unknown"}]}""",
            ContentType = "application/json",
        };
        _destination.Faults.Add("PUT", "/manifests/", answer, times);

        var row = await CopyAsync();

        Assert.Equal(("Copied", isSentAgain ? 4 : 3), (row.Status, row.RetryCount));
        Assert.Equal(_image.Blobs.Count * (isSentAgain ? 2 : 1), _destination.Requests.Count("PUT", "/blobs/uploads/"));
    }

    private SyncRequest Request => Run.Request([$"{_source.Address}/a:1"], _destination.Address);

    private Task<OciSyncResult> CopyAsync() => Run.OneAsync(Request);
}
