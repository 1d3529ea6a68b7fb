using OciSync.Core.Conversion;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using LayerCompression = OciSync.Core.Conversion.LayerCompression;

namespace OciSync.Core.Tests.Engine;

/// <summary>What is left out or changed is said in the row, and warned of when it is so and not before.</summary>
public sealed class ChangeToldTests : IAsyncLifetime
{
    private static readonly TestImage Attested = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, Attestations = true });
    private static readonly TestImage Plain = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, Seed = 7 });
    private EmbeddedRegistry _registry = null!;

    public async ValueTask InitializeAsync()
    {
        _registry = await EmbeddedRegistry.StartAsync();
        await _registry.AddAsync("attested", Attested, "1");
        await _registry.AddAsync("plain", Plain, "1", "2");
    }

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task A_part_is_told_by_the_row_and_by_one_warning()
    {
        var request = Run.Request(
            [$"{_registry.Address}/plain:1", $"{_registry.Address}/plain:2"], _registry.Address + "/to") with { Selection = Run.Only("linux/arm64") };
        var (rows, warnings) = await CopyAsync(request);
        Assert.All(rows, r => Assert.StartsWith("linux/arm64 of linux/amd64, ", r.Reason, StringComparison.Ordinal));
        Assert.StartsWith("Only a part of multi-platform images is copied", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Empty((await CopyAsync(request)).Warnings);
    }

    [Fact]
    public async Task All_platforms_by_name_are_no_part_and_no_reason_to_warn()
    {
        var selection = Run.Only("linux/amd64", "linux/arm64", "linux/arm/v7", "windows/amd64");
        var (rows, warnings) = await CopyAsync(Request("plain") with { Selection = selection });
        Assert.Equal((Plain.Digest, null), (rows[0].Digest, rows[0].Reason));
        Assert.Empty(warnings);
    }

    [Fact]
    public async Task A_platform_that_is_not_there_fails_without_a_warning()
    {
        var (rows, warnings) = await CopyAsync(Request("plain") with { Selection = Run.Only("linux/s390x") });
        Assert.Equal("OciPlatformUnknown", rows[0].ErrorId);
        Assert.Empty(warnings);
    }

    [Fact]
    public async Task Attestations_are_left_out_by_their_name_and_only_where_there_are_any()
    {
        var selection = new ImageSelection { ExcludeAttestation = true };
        var (rows, warnings) = await CopyAsync(Request("attested") with { Selection = selection });
        Assert.Equal("without 4 build attestations", rows[0].Reason);
        Assert.StartsWith("Build attestations are left out", Assert.Single(warnings), StringComparison.Ordinal);

        (rows, warnings) = await CopyAsync(Request("plain") with { Selection = selection });
        Assert.Null(rows[0].Reason);
        Assert.Empty(warnings);
    }

    [Fact]
    public async Task A_plan_warns_as_the_copy_does()
    {
        var (rows, warnings) = await CopyAsync(Request("plain") with { Selection = Run.Only("linux/arm64"), IsReadOnly = true });
        Assert.Equal("WouldCopy", rows[0].Status);
        Assert.Single(warnings);
    }

    [Fact]
    public async Task A_conversion_is_warned_of_when_something_is_converted()
    {
        var (_, warnings) = await CopyAsync(Request("plain") with { Conversion = new ConversionOptions { Compression = LayerCompression.Gzip } });
        Assert.Empty(warnings);
        (_, warnings) = await CopyAsync(Request("plain") with { Conversion = new ConversionOptions { Format = ImageFormat.Docker } });
        Assert.StartsWith("Images that are converted get other digests", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_without_what_it_names_says_so()
    {
        Assert.Equal("Copied", (await CopyAsync(Request("plain"))).Rows[0].Status);
        var request = Run.Request([$"{_registry.Address}/plain:1"], _registry.Address + "/to") with
        {
            Selection = new ImageSelection { IndexOnly = true }, AdditionalTags = ["again"],
        };
        var (rows, _) = await CopyAsync(request);
        Assert.EndsWith("the index alone, without what it names", rows[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repair_of_a_layout_names_the_blob_and_the_folder()
    {
        using var folder = new TempFolder();
        var (from, to) = ($"{_registry.Address}/plain:1", $"oci:{folder["m"]}:plain:1");
        await Carry.SucceedAsync(from, to);
        var blob = Plain.Blobs.Keys.First();
        File.Delete(Path.Combine(folder["m"], "blobs", "sha256", blob["sha256:".Length..]));
        var verify = Carry.Request(from, to) with { Verify = true };

        Assert.Equal($"to be repaired: the blob {blob} was missing or damaged in the folder", (await Run.OneAsync(verify with { IsReadOnly = true })).Reason);
        Assert.Equal($"repaired: the blob {blob} was missing or damaged in the folder", (await Run.OneAsync(verify)).Reason);
        Assert.Equal("every blob is there", (await Run.OneAsync(verify)).Reason);
    }

    private SyncRequest Request(string repository) => Run.Request([$"{_registry.Address}/{repository}:1"], _registry.Address + "/to");

    private static async Task<(IReadOnlyList<OciSyncResult> Rows, List<string> Warnings)> CopyAsync(SyncRequest request)
    {
        var warnings = new List<string>();
        var outcomes = await Run.SyncAsync(request, events: new EngineEvents { Warning = warnings.AddLocked });
        return (outcomes.Select(o => o.Row).ToList(), warnings);
    }
}
