using OciSync.Core.Tests.Distribution;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Filling;

/// <summary>What a client learns of a fetch that fails, and what becomes of the image then.</summary>
public sealed class FailedFetchTests
{
    private readonly TestImage _image = ImageFactory.Create(new ImageSpec { LayerSize = 300_000 });

    private string Layer => _image.Blobs.OrderByDescending(b => b.Value.Length).First().Key;

    [Fact]
    public async Task An_image_that_was_asked_for_by_its_digest_and_did_not_come_is_begun_anew()
    {
        await using var registry = await SeedAsync();
        await using var world = await FillWorld.StartAsync(registry, options: Run.Quick with { MaximumRetryCount = 0 });
        registry.Faults.Add("GET", "/blobs/", FaultAction.Respond(503), times: 1000);
        Assert.Equal(_image.Digest, await world.DigestAsync("lib/x", _image.Digest));
        await world.UntilAsync(() =>
        {
            world.LetRest();
            return world.Warnings.Contains("is not in the folder yet", StringComparison.Ordinal);
        });
        registry.Faults.Clear();
        Assert.Equal(_image.Digest, await world.DigestAsync("lib/x", _image.Digest));
        await world.WaitForAsync("lib/x@" + _image.Digest);
    }

    // Clients tell by the status whether to go on somewhere else; a connection that is closed without an answer they try again and again.
    [Theory]
    [InlineData(404, 404)]
    [InlineData(403, 403)]
    [InlineData(503, 502)]
    [InlineData(429, 429)]
    public async Task A_blob_of_which_nothing_comes_is_a_failure_and_no_connection_that_is_cut(int theirs, int ours)
    {
        await using var registry = await SeedAsync();
        await using var world = await FillWorld.StartAsync(registry, options: Run.Quick with { MaximumRetryCount = 0 });
        registry.Faults.Add("GET", Layer, FaultAction.Respond(theirs), times: 1000);
        await world.DigestAsync("lib/x", "1");
        using (var answer = await world.AskAsync($"{world.Prefix}lib/x/blobs/{Layer}"))
        {
            Assert.Equal(ours, answer.Status);
            Assert.Contains(Layer, answer.Fault, StringComparison.Ordinal);
        }

        registry.Faults.Clear();
        using var again = await world.AskAsync($"{world.Prefix}lib/x/blobs/{Layer}");
        Assert.Equal(_image.Blobs[Layer], await again.ReadAsync());
    }

    [Fact]
    public async Task That_a_digest_is_of_no_manifest_says_nothing_of_a_blob()
    {
        await using var registry = await SeedAsync();
        await using var world = await FillWorld.StartAsync(registry);
        Assert.Equal("404", await world.DigestAsync("lib/x", Layer));
        using (var blob = await world.AskAsync($"{world.Prefix}lib/x/blobs/{Layer}"))
        {
            Assert.Equal(200, blob.Status);
        }

        using (var manifest = await world.AskAsync($"{world.Prefix}lib/x/blobs/{_image.Digest}"))
        {
            Assert.Equal(404, manifest.Status);
        }

        Assert.Equal(_image.Digest, await world.DigestAsync("lib/x", _image.Digest));
    }

    [Fact]
    public async Task A_folder_that_can_not_be_written_is_a_failure_that_is_told()
    {
        await using var registry = await SeedAsync();
        await using var world = await FillWorld.StartAsync(registry);
        await world.DigestAsync("lib/x", "1");
        Directory.Delete(world.Root, recursive: true);
        using (var answer = await world.AskAsync($"{world.Prefix}lib/x/blobs/{Layer}"))
        {
            Assert.Equal(500, answer.Status);
        }

        await world.UntilAsync(() =>
        {
            world.LetRest();
            return world.Warnings.Contains("is not in the folder yet", StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Who_mends_the_login_that_upstream_is_asked_with_does_not_wait_long_for_it_to_be_used()
    {
        var time = new ShiftedTime();
        await using var registry = await SeedAsync();
        registry.Faults.Add(null, "/manifests/", FaultAction.Respond(401), times: 1000);
        await using var world = await FillWorld.StartAsync(registry, options: Run.Quick with { MaximumRetryCount = 0, Time = time });
        Assert.Equal("403", await world.DigestAsync("lib/x", "1"));
        registry.Faults.Clear();
        Assert.Equal("403", await world.DigestAsync("lib/x", "1"));
        time.Shift = TimeSpan.FromSeconds(11);
        Assert.Equal(_image.Digest, await world.DigestAsync("lib/x", "1"));
    }

    private async Task<EmbeddedRegistry> SeedAsync()
    {
        var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("lib/x", _image, "1");
        return registry;
    }
}
