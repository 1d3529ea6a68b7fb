using System.Text.Json.Nodes;
using OciSync.Core.Conversion;
using OciSync.Core.Flow;
using OciSync.Core.Rows;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Conversion;

/// <summary>A layer that was packed in an earlier run, and is known to be where it is to go.</summary>
public sealed class PackedRecordTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _told = [];
    private EmbeddedRegistry _destination = null!;
    private string _archive = null!;

    public async ValueTask InitializeAsync()
    {
        _destination = await EmbeddedRegistry.StartAsync();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 5 }), "1");
        _archive = $"docker-archive:{_folder["a.tar"]}";
        await Carry.SucceedAsync($"{source.Address}/a:1", _archive + ":a:1");
    }

    public async ValueTask DisposeAsync()
    {
        await _destination.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_layer_that_the_destination_has_packed_is_not_packed_again()
    {
        var first = await CopyAsync("1");
        var layers = CountPacked();
        Assert.True(layers > 0);
        Assert.Equal(layers, Records().Length);
        _told.Clear();

        var second = await CopyAsync("2");

        Assert.Equal(("Copied", first.Digest, 0), (second.Status, second.Digest, CountPacked()));
        Assert.True(second.BytesSkipped > 0);
        await VerifyAsync("2");
    }

    [Fact]
    public async Task Without_a_folder_nothing_is_noted_and_each_layer_is_packed()
    {
        await CopyAsync("1", Run.Quick);
        var layers = CountPacked();
        _told.Clear();

        await CopyAsync("2", Run.Quick);

        Assert.Equal(layers, CountPacked());
    }

    [Fact]
    public async Task A_destination_that_has_lost_the_blob_gets_it_again()
    {
        var first = await CopyAsync("1");
        var layers = CountPacked();
        _told.Clear();
        _destination.LoseBlob("b", RecordOf(0)["digest"]!.GetValue<string>());

        var second = await CopyAsync("2");

        Assert.Equal(("Copied", first.Digest, 1), (second.Status, second.Digest, CountPacked()));
        Assert.True(layers > 1, "else it does not show that the others were left alone");
        await VerifyAsync("2");
    }

    [Fact]
    public async Task A_record_that_names_another_blob_is_left_aside()
    {
        var first = await CopyAsync("1");
        var (one, other) = (RecordOf(0), RecordOf(1));
        (one["digest"], one["size"]) = (other["digest"]!.DeepClone(), other["size"]!.DeepClone());
        await File.WriteAllTextAsync(Records()[0], one.ToJsonString(), TestContext.Current.CancellationToken);
        _told.Clear();

        var second = await CopyAsync("2");

        Assert.Equal((first.Digest, 1), (second.Digest, CountPacked()));
        Assert.Contains(_told, t => t.Contains("is not what was written there", StringComparison.Ordinal));
        await VerifyAsync("2");
    }

    [Fact]
    public async Task A_record_with_half_a_character_is_left_aside()
    {
        var first = await CopyAsync("1");
        await File.WriteAllTextAsync(Records()[0], """{"layer":"\ud800"}""", TestContext.Current.CancellationToken);
        _told.Clear();

        var second = await CopyAsync("2");

        Assert.Equal((first.Digest, 1), (second.Digest, CountPacked()));
        Assert.Contains(_told, t => t.Contains("is not what was written there", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_record_that_nobody_has_used_for_a_quarter_counts_for_nothing()
    {
        var first = await CopyAsync("1");
        File.SetLastWriteTimeUtc(Records()[0], DateTime.UtcNow.AddDays(-91));
        _told.Clear();

        Assert.Equal((first.Digest, 1), ((await CopyAsync("2")).Digest, CountPacked()));
        Assert.All(Records(), r => Assert.True(DateTime.UtcNow - File.GetLastWriteTimeUtc(r) < TimeSpan.FromDays(1)));
    }

    [Fact]
    public async Task A_record_of_another_layer_is_left_aside()
    {
        var first = await CopyAsync("1");
        File.Copy(Records()[1], Records()[0], overwrite: true);
        _told.Clear();

        var second = await CopyAsync("2");

        Assert.Equal((first.Digest, 1), (second.Digest, CountPacked()));
        await VerifyAsync("2");
    }

    [Fact]
    public async Task Verification_packs_and_compares()
    {
        var first = await CopyAsync("1");
        var layers = CountPacked();
        _told.Clear();

        var row = await CopyAsync("2", verify: true);

        Assert.Equal((first.Digest, layers), (row.Digest, CountPacked()));
    }

    private async Task<OciSyncResult> CopyAsync(string tag, EngineOptions? options = null, bool verify = false)
    {
        var outcomes = await Run.SyncAsync(
            Carry.Request(_archive, $"{_destination.Address}/b:{tag}") with { Verify = verify },
            options ?? Run.Quick with { StatePath = _folder["state"] },
            events: new EngineEvents { Decision = _told.AddLocked });
        return Assert.Single(outcomes).Row;
    }

    private int CountPacked()
    {
        lock (_told)
        {
            return _told.Count(t => t.Contains("is packed anew", StringComparison.Ordinal));
        }
    }

    private string[] Records() => [.. Directory.GetFiles(_folder["state/packed"]).Order(StringComparer.Ordinal)];

    private JsonObject RecordOf(int index) => JsonNode.Parse(File.ReadAllText(Records()[index]))!.AsObject();

    private async Task VerifyAsync(string tag)
    {
        using var reader = new RawRegistryReader(_destination.BaseUri);
        await reader.VerifyAsync("b", tag, TestContext.Current.CancellationToken);
    }
}
