using OciSync.Core.Checking;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Requests;
using OciSync.Core.Syncing;
using OciSync.Core.Tests.Checking;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Syncing;

/// <summary>A disk that carries only what the other side lacks.</summary>
public sealed class BaselineTests : IAsyncLifetime
{
    private readonly IReadOnlyList<TestImage> _images = ImageFactory.Family(3);
    private readonly TempFolder _folder = new();
    private EmbeddedRegistry _source = null!;
    private EmbeddedRegistry _other = null!;

    private string Mirror => "oci:" + _folder["mirror"];

    private string Delta => "oci:" + _folder["delta"];

    private IEnumerable<string> Shared => _images[0].Blobs.Keys.Intersect(_images[1].Blobs.Keys);

    public async ValueTask InitializeAsync()
    {
        _source = await EmbeddedRegistry.StartAsync();
        _other = await EmbeddedRegistry.StartAsync();
        await _source.AddAsync("lib/a", _images[0], "1");
        await _source.AddAsync("lib/a", _images[1], "2");
        await _source.AddAsync("lib/a", _images[2], "3");
        await _source.AddAsync("lib/b", _images[1], "1");
        Assert.Equal("Copied", (await Run.OneAsync(Inward("a:1", Mirror))).Status);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _other.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Only_new_blobs_are_written_and_the_other_side_ends_with_the_whole_image()
    {
        await Run.OneAsync(Carry.All(Mirror, DestinationNaming.Path, _other.Address));

        var row = await Run.OneAsync(Inward("a:2", Delta, _folder["mirror"]));

        Assert.Equal(("Copied", "3 of its blobs are left out: the baseline has them"), (row.Status, row.Reason));
        Assert.Equal(_images[1].Blobs.Where(b => !Shared.Contains(b.Key)).Sum(b => (long)b.Value.Length), row.BytesCopied);
        Assert.Equal(Shared.Sum(d => (long)_images[1].Blobs[d].Length), row.BytesSkipped);
        Assert.All(Shared, d => Assert.False(File.Exists(_folder["delta/blobs/sha256/" + d.Substring(7)])));
        Assert.Equal("UpToDate", (await Run.OneAsync(Inward("a:2", Delta, _folder["mirror"]))).Status);
        Assert.Equal("UpToDate", (await Run.OneAsync(Inward("a:2", Delta, _folder["mirror"]) with { Verify = true })).Status);

        var back = await Run.OneAsync(Carry.All(Delta, DestinationNaming.Path, _other.Address));
        Assert.True(back.Error is null, back.Error);
        using var reader = new RawRegistryReader(_other.BaseUri);
        Assert.Equal(_images[1].Digest, (await reader.VerifyAsync("a", "2", TestContext.Current.CancellationToken))[0]);

        // Into the layout the other side has, just as well.
        var merged = await Run.OneAsync(Carry.All(Delta, DestinationNaming.Path, Mirror));
        Assert.Equal(("Copied", (string?)null), (merged.Status, merged.Error));
        Assert.Equal(["Whole", "Whole"], (await CheckTests.CheckAsync(Mirror)).Select(r => r.Row.Status));
    }

    [Fact]
    public async Task A_destination_that_lacks_the_rest_is_a_clear_error_and_keeps_what_it_has()
    {
        await Run.OneAsync(Inward("a:2", Delta, _folder["mirror"]));

        var row = await Run.OneAsync(Carry.All(Delta, DestinationNaming.Path, _other.Address));

        Assert.Equal(("Failed", "OciBlobUnknown"), (row.Status, row.ErrorId));
        Assert.Contains("-Baseline", row.Error, StringComparison.Ordinal);
        Assert.Null(_other.DigestOf("a", "2"));
    }

    [Fact]
    public async Task Another_repository_gets_its_blobs_as_a_registry_would_not_find_them_there()
    {
        var row = await Run.OneAsync(Inward("b:1", Delta, _folder["mirror"]));
        Assert.Equal(("Copied", (string?)null), (row.Status, row.Reason));
        Assert.Equal("Whole", Assert.Single(await CheckTests.CheckAsync(Delta)).Row.Status);
    }

    [Fact]
    public async Task A_delta_is_a_baseline_for_the_next_together_with_the_first()
    {
        await Run.OneAsync(Inward("a:2", Delta, _folder["mirror"]));
        await Run.OneAsync(Inward("a:3", "oci:" + _folder["next"], _folder["delta"]));
        Assert.All(Shared, d => Assert.False(File.Exists(_folder["next/blobs/sha256/" + d.Substring(7)])));
        Assert.All(_images[2].Blobs.Keys.Except(Shared), d => Assert.True(File.Exists(_folder["next/blobs/sha256/" + d.Substring(7)])));
    }

    [Fact]
    public async Task A_check_says_what_is_expected_at_the_other_side()
    {
        await Run.OneAsync(Inward("a:2", Delta, _folder["mirror"]));
        var options = new CheckOptions { Baseline = [_folder["mirror"]] };

        var row = Assert.Single(await CheckTests.CheckAsync(Delta, options)).Row;
        Assert.Equal(("Partial", (string?)null), (row.Status, row.ErrorId));
        Assert.Equal(Shared.Order(StringComparer.Ordinal), row.Expected);
        Assert.Equal("Broken", Assert.Single(await CheckTests.CheckAsync(Delta)).Row.Status);

        var own = _images[1].Blobs.Keys.Except(Shared).First();
        File.Delete(_folder["delta/blobs/sha256/" + own.Substring(7)]);
        row = Assert.Single(await CheckTests.CheckAsync(Delta, options)).Row;
        Assert.Equal(("Broken", "OciBlobUnknown", 3), (row.Status, row.ErrorId, row.Expected.Length));
        Assert.Contains(own, Assert.Single(row.Fault), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_file_is_a_baseline_by_the_manifests_it_names()
    {
        var path = WriteLock($"    - 1@{_images[0].Digest}");

        var row = await Run.OneAsync(Inward("a:2", Delta, path));
        Assert.Equal(("Copied", "3 of its blobs are left out: the baseline has them"), (row.Status, row.Reason));

        // What the registry no longer has is exported, with a warning.
        path = WriteLock($"    - 1@{ImageFactory.Create().Digest}");
        var warnings = new List<string>();
        row = Assert.Single(await Run.SyncAsync(Inward("a:2", "oci:" + _folder["x"], path), events: new EngineEvents { Warning = warnings.AddLocked })).Row;
        Assert.Equal(("Copied", (string?)null), (row.Status, row.Reason));
        Assert.Contains("no longer at its registry", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("    - 1", "is no lock file")]
    [InlineData("    nonsense: 1", "nonsense")]
    public async Task A_file_that_does_not_pin_its_images_is_no_baseline(string line, string part)
    {
        var row = await Run.OneAsync(Inward("a:2", Delta, WriteLock(line)));
        Assert.Equal(("Failed", "OciConfigurationInvalid"), (row.Status, row.ErrorId));
        Assert.Contains(part, row.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_layout_that_isnt_there_and_another_destination_are_errors()
    {
        Assert.Equal("OciManifestUnknown", (await Run.OneAsync(Inward("a:2", Delta, _folder["nowhere"]))).ErrorId);
        Assert.Equal("OciTransportUnsupported", (await Run.OneAsync(Inward("a:2", _other.Address, _folder["mirror"]))).ErrorId);
        Assert.Equal("OciTransportUnsupported", (await Run.OneAsync(Inward("a:2", "dir:" + _folder["d"], _folder["mirror"]))).ErrorId);
        var failure = await Assert.ThrowsAsync<OciException>(
            () => CheckTests.CheckAsync($"{_source.Address}/lib/a:1", new CheckOptions { Baseline = [_folder["mirror"]] }));
        Assert.Equal(OciErrorKind.TransportUnsupported, failure.Kind);
    }

    private SyncRequest Inward(string image, string place, params string[] baseline) =>
        Run.Request([$"{_source.Address}/lib/{image}"], place) with { Baseline = baseline };

    private string WriteLock(string lines)
    {
        var path = _folder["lock.yaml"];
        File.WriteAllText(path, $"ocisync: 1\nimages:\n  {_source.Address}/lib/a:\n{lines}\n");
        return path;
    }
}
