using OciSync.Core.Filling;
using OciSync.Core.Tests.Distribution;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Filling;

/// <summary>The limits of a folder that fills itself hold whatever else is going on.</summary>
public sealed class FillRoomTests
{
    private readonly IReadOnlyList<TestImage> _images =
        [.. Enumerable.Range(0, 3).Select(i => ImageFactory.Create(new ImageSpec { Seed = 40 + i, LayerSize = 200_000 }))];

    private long Size => _images[0].Blobs.Values.Sum(b => (long)b.Length) + _images[0].Root.Bytes.Length;

    [Fact]
    public async Task Two_blobs_at_once_do_not_take_together_what_is_to_stay_free()
    {
        await using var registry = await SeedAsync();
        var stall = registry.Faults.Add("GET", LayerOf(0), FaultAction.StallBeforeHeaders(), times: 1);
        await using var world = await FillWorld.StartAsync(
            registry, limits: new FillLimits { FindFree = _ => 1_000_000, MinimumFree = 1_000_000 - 300_000 });
        await world.DigestAsync("lib/x", "v0");
        await world.DigestAsync("lib/x", "v1");
        var first = world.AskAsync($"{world.Prefix}lib/x/blobs/{LayerOf(0)}");
        await stall.Reached.WaitAsync(TestContext.Current.CancellationToken);

        using (var second = await world.AskAsync($"{world.Prefix}lib/x/blobs/{LayerOf(1)}"))
        {
            Assert.Equal(500, second.Status);
            Assert.Contains("-MinimumFreeSpace", second.Fault, StringComparison.Ordinal);
        }

        registry.Faults.Clear();
        using (var answer = await first)
        {
            Assert.Equal(_images[0].Blobs[LayerOf(0)], await answer.ReadAsync());
        }

        using var again = await world.AskAsync($"{world.Prefix}lib/x/blobs/{LayerOf(1)}");
        Assert.Equal(200, again.Status);
    }

    [Fact]
    public async Task Names_of_one_image_are_removed_until_there_is_room()
    {
        await using var registry = await SeedAsync();
        await registry.AddAsync("lib/x", _images[0], "same");
        await using var world = await FillWorld.StartAsync(registry, limits: new FillLimits { MaximumSize = Size * 3 / 2 });
        foreach (var tag in new[] { "v0", "same", "v1" })
        {
            await world.DigestAsync("lib/x", tag);
            await world.WaitForAsync("lib/x:" + tag);
        }

        Assert.False(Has(world, 0), world.Warnings);
        Assert.True(Has(world, 1));
    }

    // A node that has a digest in its manifests never asks for the tag again; neither does one that has the platform's.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_image_that_is_asked_for_by_a_digest_of_it_stays(bool isWhole)
    {
        await using var registry = await SeedAsync();
        var index = ImageFactory.Create(new ImageSpec { Seed = 50, LayerSize = 200_000, Platforms = [TestPlatform.LinuxAmd64] });
        await registry.AddAsync("lib/x", index, "multi");
        await using var world = await FillWorld.StartAsync(registry, limits: new FillLimits { MaximumSize = Size * 5 / 2 });
        foreach (var tag in new[] { "multi", "v0" })
        {
            await world.DigestAsync("lib/x", tag);
            await world.WaitForAsync("lib/x:" + tag);
        }

        Assert.NotNull(await world.DigestAsync("lib/x", isWhole ? index.Digest : index.Manifests[0].Digest));
        await world.DigestAsync("lib/x", "v1");
        await world.WaitForAsync("lib/x:v1");

        Assert.False(Has(world, 0), world.Warnings);
        Assert.True(Has(world, 1));
        Assert.All(index.Blobs.Keys, b => Assert.True(File.Exists(Path.Combine(world.Root, "blobs", b.Replace(':', '/')))));
    }

    [Fact]
    public async Task A_question_that_waits_for_upstream_does_not_keep_old_blobs_in_the_folder()
    {
        await using var registry = await SeedAsync();
        await using var world = await FillWorld.StartAsync(registry, limits: new FillLimits { MaximumSize = Size * 3 / 2 });
        await world.DigestAsync("lib/x", "v0");
        await world.WaitForAsync("lib/x:v0");
        var stall = registry.Faults.Add("HEAD", "/lib/x/manifests/v2", FaultAction.StallBeforeHeaders(), times: 1);
        var waiting = world.DigestAsync("lib/x", "v2");
        await stall.Reached.WaitAsync(TestContext.Current.CancellationToken);

        await world.DigestAsync("lib/x", "v1");
        await world.WaitForAsync("lib/x:v1");
        Assert.False(Has(world, 0), world.Warnings);
        registry.Faults.Clear();
        Assert.Equal(_images[2].Digest, await waiting);
    }

    private string LayerOf(int image) => _images[image].Blobs.OrderByDescending(b => b.Value.Length).First().Key;

    private bool Has(FillWorld world, int image) => File.Exists(Path.Combine(world.Root, "blobs", LayerOf(image).Replace(':', '/')));

    private async Task<EmbeddedRegistry> SeedAsync()
    {
        var registry = await EmbeddedRegistry.StartAsync();
        for (var i = 0; i < _images.Count; i++)
        {
            await registry.AddAsync("lib/x", _images[i], $"v{i}");
        }

        return registry;
    }
}
