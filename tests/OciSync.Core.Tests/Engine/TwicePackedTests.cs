using OciSync.Core.Rows;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Engine;

/// <summary>Indexes with two entries for one platform: packed in two ways, or one digest twice.</summary>
public sealed class TwicePackedTests : IAsyncLifetime
{
    private static readonly TestImage Image = Indexes.TwicePacked(TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64);
    private EmbeddedRegistry _registry = null!;

    public async ValueTask InitializeAsync()
    {
        _registry = await EmbeddedRegistry.StartAsync();
        await _registry.AddAsync("a", Image, "1");
    }

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task A_docker_archive_takes_the_first_of_the_platform_that_was_named()
    {
        using var folder = new TempFolder();
        var request = Carry.Request($"{_registry.Address}/a:1", $"docker-archive:{folder["a.tar"]}:a:1");

        var row = await Run.OneAsync(request with { Selection = Run.Only("linux/arm64") });

        Assert.True(row.Error is null, row.Error);
        Assert.Equal(["linux/arm64"], row.Platforms);
        Assert.StartsWith("linux/arm64 of linux/amd64, linux/arm64", row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_platforms_are_refused_by_their_names()
    {
        using var folder = new TempFolder();
        var request = Carry.Request($"{_registry.Address}/a:1", $"docker-archive:{folder["a.tar"]}:a:1");
        var row = await Run.OneAsync(request with { Selection = Run.Only("linux/arm64", "linux/amd64") });
        Assert.Equal("OciManifestRefused", row.ErrorId);
        Assert.Contains("(linux/amd64, linux/arm64)", row.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_gets_an_index_of_both()
    {
        var row = await CopyAsync("linux/arm64");
        Assert.Equal("linux/arm64 of linux/amd64, linux/arm64", row.Reason);
        Assert.Equal(2, (await Indexes.EntriesAsync(_registry, "to/a", "1")).Count);
    }

    [Fact]
    public async Task One_digest_twice_is_one_manifest()
    {
        var image = Indexes.Change(ImageFactory.Create(new ImageSpec { Index = true }), root =>
        {
            var list = root["manifests"]!.AsArray();
            list.Add(list[0]!.DeepClone());
        });
        await _registry.AddAsync("a", image, "1");
        var row = await CopyAsync("linux/amd64");
        Assert.Equal((image.For(TestPlatform.LinuxAmd64).Digest, "linux/amd64 without the index around it"), (row.Digest, row.Reason));
    }

    private Task<OciSyncResult> CopyAsync(string platform) =>
        Run.OneAsync(Run.Request([$"{_registry.Address}/a:1"], _registry.Address + "/to") with { Selection = Run.Only(platform) });
}
