using OciSync.Core.Rows;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

/// <summary>What a registry says of itself is no proof; what it refuses is known by what was refused.</summary>
public sealed class BelievedTests : IAsyncLifetime
{
    private EmbeddedRegistry _source = null!;
    private EmbeddedRegistry _destination = null!;

    public async ValueTask InitializeAsync()
    {
        _source = await EmbeddedRegistry.StartAsync();
        _destination = await EmbeddedRegistry.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _destination.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_manifest_that_is_said_to_be_stored_and_is_not_there_is_a_failure(bool verify)
    {
        var image = ImageFactory.Create();
        await _source.AddAsync("a", image, "2");
        await _destination.AddAsync("a", image, "1");
        _destination.Faults.Add("PUT", "/manifests/", FaultAction.Respond(201) with
        {
            Headers = new Dictionary<string, string> { ["Docker-Content-Digest"] = image.Root.Digest },
        }, times: 1000);

        var row = await CopyAsync("2", verify);

        Assert.Equal(("Failed", "OciManifestUnknown"), (row.Status, row.ErrorId));
        Assert.Contains("garbage collection", row.Error, StringComparison.Ordinal);
        Assert.Contains("Restart that registry", row.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_that_is_shown_a_moment_later_is_stored()
    {
        var image = ImageFactory.Create();
        await _source.AddAsync("a", image, "2");
        await _destination.AddAsync("a", image, "1");

        // The first question is before the push, the second right after it.
        _destination.Faults.Add("HEAD", "/manifests/2", FaultAction.Respond(404, "MANIFEST_UNKNOWN"), times: 1, skip: 1);

        Assert.Equal("Copied", (await CopyAsync("2", false)).Status);
        Assert.Equal(3, _destination.Requests.Count("HEAD", "/manifests/2"));
    }

    [Fact]
    public async Task The_tag_is_asked_for_once_more_only_where_nothing_but_the_manifest_was_sent()
    {
        var image = ImageFactory.Create();
        await _source.AddAsync("a", image, "1", "2");

        Assert.Equal("Copied", (await CopyAsync("1", false)).Status);
        Assert.Equal(1, _destination.Requests.Count("HEAD", "/manifests/1"));
        Assert.Equal("Copied", (await CopyAsync("2", false)).Status);
        Assert.Equal(2, _destination.Requests.Count("HEAD", "/manifests/2"));

        // In one run, what one tag has shown needs no question for the next.
        _destination.Requests.Clear();
        await _source.AddAsync("a", ImageFactory.Create(), "3", "4");
        var outcomes = await Run.SyncAsync(
            Run.Request([$"{_source.Address}/a:1", $"{_source.Address}/a:3", $"{_source.Address}/a:4"], _destination.Address),
            Run.Quick with { ThrottleLimit = 1 });
        Assert.Equal(["Copied", "Copied", "UpToDate"], outcomes.Statuses());
        Assert.Equal(3, _destination.Requests.Count("HEAD", "/manifests/"));
    }

    [Fact]
    public async Task An_attestation_that_is_refused_where_its_image_was_taken_is_told_as_that()
    {
        var image = ImageFactory.Create(new ImageSpec { Attestations = true });
        await _source.AddAsync("a", image, "1");
        var attestation = image.Manifests[^2];
        _destination.Faults.Add("PUT", attestation.Digest, FaultAction.Respond(400, "MANIFEST_INVALID", "manifest invalid"), times: 1000);

        var row = await CopyAsync("1", false);

        Assert.Equal("OciAttestationRefused", row.ErrorId);
        Assert.Contains("-ExcludeAttestation", row.Error, StringComparison.Ordinal);
        Assert.Contains("manifest invalid", row.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_refuses_the_images_too_does_not_refuse_attestations_alone()
    {
        await _source.AddAsync("a", ImageFactory.Create(new ImageSpec { Attestations = true }), "1");
        _destination.Faults.Add("PUT", "/manifests/", FaultAction.Respond(400, "MANIFEST_INVALID", "manifest invalid"), times: 1000);

        Assert.Equal("OciManifestRefused", (await CopyAsync("1", false)).ErrorId);
    }

    [Theory]
    [InlineData("POST", "/blobs/uploads/")]
    [InlineData("PUT", "/blobs/uploads/")]
    [InlineData("PUT", "/manifests/")]
    public async Task A_registry_that_takes_no_writes_at_present_is_said_to_be_read_only(string method, string path)
    {
        await _source.AddAsync("a", ImageFactory.Create(), "1");
        _destination.Faults.Add(method, path, ReadOnly, times: 1000);

        var row = await CopyAsync("1", false);

        Assert.Equal("OciUnsupported", row.ErrorId);
        Assert.Contains("is read-only at present", row.Error, StringComparison.Ordinal);
        Assert.Equal(0, _destination.Requests.Count("PATCH"));
    }

    [Theory]
    [InlineData(true, "OciUnsupported", "is read-only at present")]
    [InlineData(false, "OciDeleteUnsupported", "REGISTRY_STORAGE_DELETE_ENABLED")]
    public async Task Removal_tells_read_only_from_no_deletion(bool isReadOnly, string id, string text)
    {
        await _destination.AddAsync("a", ImageFactory.Create(), "1");
        _destination.Faults.Add("DELETE", null, isReadOnly ? ReadOnly : FaultAction.Respond(405, "UNSUPPORTED"), times: 1000);
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);

        var e = await Assert.ThrowsAsync<Core.Errors.OciException>(() => engine.RemoveAsync(
            Core.References.ImageLocation.Parse($"{_destination.Address}/a:1"), false, _ => Task.FromResult(true), TestContext.Current.CancellationToken));

        Assert.Equal(id, e.ErrorId);
        Assert.Contains(text, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tag_that_goes_while_it_is_copied_is_said_to_have_gone()
    {
        await _source.AddAsync("a", ImageFactory.Create(), "1");
        _source.Faults.Add("GET", "/manifests/", FaultAction.Respond(404, "MANIFEST_UNKNOWN"), times: 1000);
        _source.Faults.Add("HEAD", "/manifests/1", FaultAction.Respond(404, "MANIFEST_UNKNOWN"), times: 1000, skip: 1);

        var row = await CopyAsync("1", false);

        Assert.Equal("OciManifestUnknown", row.ErrorId);
        Assert.Contains("was deleted at the source while it was being copied", row.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tag_that_moves_while_it_is_copied_is_read_anew()
    {
        var (old, next) = (ImageFactory.Create(), ImageFactory.Create(new ImageSpec { Seed = 7 }));
        await _source.AddAsync("a", old, "1");
        _source.Faults.Add(new Fault
        {
            Method = "GET",
            Predicate = r =>
            {
                if (!r.Path.Value!.EndsWith(old.Root.Digest, StringComparison.Ordinal))
                {
                    return false;
                }

                _source.AddAsync("a", next, "1").GetAwaiter().GetResult();
                return true;
            },
            Action = FaultAction.Respond(404, "MANIFEST_UNKNOWN"),
            Times = 1000,
        });

        var row = await CopyAsync("1", false);

        Assert.Null(row.Error);
        Assert.Equal(("Copied", next.Root.Digest, next.Root.Digest), (row.Status, row.Digest, row.SourceDigest));
        Assert.Equal(next.Root.Digest, _destination.DigestOf("a", "1"));
    }

    private static FaultAction ReadOnly => FaultAction.Respond(405) with
    {
        Body = "Method Not Allowed\n",
        Headers = new Dictionary<string, string> { ["Allow"] = "GET, HEAD" },
    };

    private Task<OciSyncResult> CopyAsync(string tag, bool verify) =>
        Run.OneAsync(Run.Request([$"{_source.Address}/a:{tag}"], _destination.Address) with { Verify = verify });
}
