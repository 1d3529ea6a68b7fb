using OciSync.Core.Rows;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Engine;

/// <summary>Registries change while they are worked with.</summary>
public sealed class StateChangeTests : IAsyncLifetime
{
    private readonly TestImage _image = ImageFactory.Create(new ImageSpec { Seed = 1, LayerSize = 200_000 });
    private readonly TestImage _other = ImageFactory.Create(new ImageSpec { Seed = 2, LayerSize = 200_000 });
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

    [Fact]
    public async Task Blobs_that_are_collected_before_the_manifest_comes_are_sent_again()
    {
        var lost = 0;
        _destination.Faults.Add(new Fault
        {
            Method = "PUT",
            Predicate = r =>
            {
                if (r.Path.Value!.Contains("/manifests/", StringComparison.Ordinal) && Interlocked.Exchange(ref lost, 1) == 0)
                {
                    _image.Blobs.Keys.ToList().ForEach(b => _destination.LoseBlob("a", b));
                }

                return false;
            },
            Action = FaultAction.Respond(500),
        });

        var row = await CopyAsync();

        Assert.Equal(("Copied", true), (row.Status, row.RetryCount > 0));
        await WalkAsync(_image);
    }

    [Theory]
    [InlineData(405, "UNSUPPORTED", "OciUnsupported")]
    [InlineData(403, "DENIED", "OciForbidden")]
    [InlineData(507, "UNKNOWN", "OciServerError")]
    [InlineData(500, "UNKNOWN", "OciServerError")]
    public async Task A_registry_that_takes_nothing_any_more_shows_nothing_and_the_next_run_finishes(int status, string code, string id)
    {
        _destination.Faults.Add("POST", null, FaultAction.Respond(status, code, "filesystem: write: no space left on device"), times: 1000, skip: 1);
        var row = await CopyAsync();
        Assert.Equal(("Failed", id), (row.Status, row.ErrorId));
        Assert.Contains("no space left", row.Error!, StringComparison.Ordinal);
        Assert.Empty(_destination.TagsOf("a"));
        Assert.Equal(0, _destination.OpenUploads);

        _destination.Faults.Clear();
        Assert.Equal("Copied", (await CopyAsync()).Status);
        await WalkAsync(_image);
    }

    [Fact]
    public async Task A_tag_that_moves_meanwhile_is_copied_as_it_was_and_followed_by_the_next_run()
    {
        var moved = 0;
        _source.Faults.Add(new Fault
        {
            Method = "GET",
            Predicate = r =>
            {
                if (r.Path.Value!.Contains("/manifests/", StringComparison.Ordinal) && Interlocked.Exchange(ref moved, 1) == 0)
                {
                    _source.AddAsync("a", _other, "1").GetAwaiter().GetResult();
                }

                return false;
            },
            Action = FaultAction.Respond(500),
        });

        Assert.Equal(("Copied", _image.Digest), ((await CopyAsync()).Status, _destination.DigestOf("a", "1")));
        await WalkAsync(_image);
        Assert.Equal(("Updated", _other.Digest), ((await CopyAsync()).Status, _destination.DigestOf("a", "1")));
        await WalkAsync(_other);
    }

    [Fact]
    public async Task A_tag_that_somebody_else_writes_meanwhile_ends_whole()
    {
        var written = 0;
        _destination.Faults.Add(new Fault
        {
            Method = "POST",
            Predicate = _ =>
            {
                if (Interlocked.Exchange(ref written, 1) == 0)
                {
                    _destination.AddAsync("a", _other, "1").GetAwaiter().GetResult();
                }

                return false;
            },
            Action = FaultAction.Respond(500),
        });

        Assert.Equal("Copied", (await CopyAsync()).Status);
        await WalkAsync(_image);
    }

    [Fact]
    public async Task Two_runs_of_the_same_images_at_once_end_whole()
    {
        await _source.AddAsync("b", _other, "1");
        var request = Run.Request([$"{_source.Address}/a:1", $"{_source.Address}/b:1"], _destination.Address);
        var runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Run.SyncAsync(request)));
        Assert.All(runs.SelectMany(r => r), o => Assert.True(o.Row.Status is "Copied" or "Updated" or "UpToDate", o.Row.Error));
        Assert.Equal(0, _destination.OpenUploads);
        await WalkAsync(_image);
        await WalkAsync(_other, "b");
    }

    [Fact]
    public async Task A_real_registry_that_lost_its_newest_blobs_is_whole_after_a_run_that_verifies()
    {
        Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? string.Empty);
        await using var first = await DockerRegistryProcess.StartAsync();
        Assert.Equal("Copied", (await Run.OneAsync(Run.Request([$"{_source.Address}/a:1"], first.Address))).Status);
        var newest = Directory.GetFiles(first.DataPath, "data", SearchOption.AllDirectories)
            .Where(f => _image.Blobs.Keys.Any(d => f.Contains(d["sha256:".Length..], StringComparison.Ordinal))).ToList();
        Assert.NotEmpty(newest);
        newest.ForEach(File.Delete);

        // Another process on what is left: the first one's memory is gone.
        await using var restarted = await DockerRegistryProcess.StartAsync(copyOf: first.DataPath);
        var row = await Run.OneAsync(Run.Request([$"{_source.Address}/a:1"], restarted.Address) with { Verify = true });

        Assert.Equal("Updated", row.Status);
        using var reader = new RawRegistryReader(restarted.BaseUri);
        Assert.Equal(_image.Digest, (await reader.VerifyAsync("a", "1", TestContext.Current.CancellationToken))[0]);
    }

    private Task<OciSyncResult> CopyAsync() => Run.OneAsync(Run.Request([$"{_source.Address}/a:1"], _destination.Address));

    private async Task WalkAsync(TestImage image, string repository = "a")
    {
        using var reader = new RawRegistryReader(_destination.BaseUri);
        Assert.Equal(image.Digest, (await reader.VerifyAsync(repository, "1", TestContext.Current.CancellationToken))[0]);
    }
}
