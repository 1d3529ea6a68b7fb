using System.Security.Cryptography;
using OciSync.Core.Errors;
using OciSync.Core.Filling;
using OciSync.Core.Tests.Distribution;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Filling;

/// <summary>A mirror that is asked without a pause, by clients that go away, for what upstream doesn't give.</summary>
public sealed class BusyMirrorTests
{
    private readonly TestImage _image = ImageFactory.Create(new ImageSpec { LayerSize = 300_000 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_asks_all_the_time_does_not_keep_an_image_from_coming()
    {
        await using var registry = await SeedAsync();
        await using var world = await FillWorld.StartAsync(
            registry, limits: new FillLimits { Rest = TimeSpan.FromHours(1), Patience = TimeSpan.FromSeconds(1) });
        var index = Path.Combine(world.Root, "index.json");
        for (var i = 0; !File.ReadAllText(index).Contains("lib/x:1", StringComparison.Ordinal); i++)
        {
            Assert.True(i < 3000, "The image did not come: " + world.Warnings);
            Assert.Equal(_image.Digest, await world.DigestAsync("lib/x", "1"));
            world.LetRest();
            await Task.Delay(10, Token);
        }
    }

    [Fact]
    public async Task A_client_that_goes_away_does_not_make_the_next_ask_again()
    {
        await using var registry = await SeedAsync();
        await using var world = await FillWorld.StartAsync(registry);
        var stall = registry.Faults.Add("HEAD", "/manifests/1", FaultAction.StallBeforeHeaders());
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var name = new Core.Distribution.RequestedName(string.Empty, world.Name("lib/x"), null);
        var first = world.Images.FindManifestAsync(name, "1", gone.Token);
        await stall.Reached.WaitAsync(Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        var second = world.DigestAsync("lib/x", "1");
        registry.Faults.Clear();
        Assert.Equal(_image.Digest, await second);
        Assert.Equal(1, registry.Requests.Count("HEAD", "/manifests/1"));
    }

    [Fact]
    public async Task The_size_of_a_blob_is_asked_once_for_all_who_want_it()
    {
        await using var registry = await SeedAsync();
        await using var world = await FillWorld.StartAsync(registry);
        var layer = LayerOf(_image);
        var stall = registry.Faults.Add("GET", layer, FaultAction.StallBeforeHeaders());

        // What is in the folder is known from here on, so that each call has asked when it returns: over connections some would come after the answer.
        await world.Images.ListRepositoriesAsync(Token);
        var name = new Core.Distribution.RequestedName(string.Empty, world.Name("lib/x"), null);
        var asked = Enumerable.Range(0, 20).Select(_ => world.Images.FindBlobAsync(name, Core.References.Digest.Parse(layer), Token)).ToList();
        await stall.Reached.WaitAsync(Token);
        registry.Faults.Clear();
        Assert.All(await Task.WhenAll(asked), b => Assert.Equal(_image.Blobs[layer].LongLength, b!.Size));
        Assert.Equal(1, registry.Requests.Count("GET", layer));

        var head = await world.AskAsync(world.Prefix + "lib/x/blobs/" + layer, "HEAD");
        Assert.Equal((200, _image.Blobs[layer].LongLength), (head.Status, head.Length));
    }

    // Docker Hub answers 401 to names that it doesn't have.
    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task What_upstream_does_not_let_it_read_is_denied_and_not_asked_for_again_at_once(int status)
    {
        await using var registry = await SeedAsync();
        registry.Faults.Add(null, "/manifests/", FaultAction.Respond(status), times: 1000);
        await using var world = await FillWorld.StartAsync(registry, options: Run.Quick with { MaximumRetryCount = 0 });
        Assert.StartsWith("403 ", await world.FaultAsync("lib/x", "1"), StringComparison.Ordinal);
        var asked = registry.Requests.Count(_ => true);
        Assert.Equal("403", await world.DigestAsync("lib/x", "1"));
        Assert.Equal(asked, registry.Requests.Count(_ => true));
    }

    [Theory]
    [InlineData(503, 502)]
    [InlineData(429, 429)]
    public async Task A_failure_of_upstream_is_told_from_one_of_the_mirror(int theirs, int ours)
    {
        await using var registry = await SeedAsync();
        registry.Faults.Add(null, "/manifests/", FaultAction.RetryAfter(theirs, "7"), times: 1000);
        await using var world = await FillWorld.StartAsync(registry, options: Run.Quick with { MaximumRetryCount = 0 });
        using var answer = await world.AskAsync(world.Prefix + "lib/x/manifests/1");
        Assert.Equal((ours, ours == 429 ? "7" : null), (answer.Status, answer.Header("Retry-After")));
        registry.Faults.Clear();
        Assert.Equal(_image.Digest, await world.DigestAsync("lib/x", "1"));
    }

    [Fact]
    public async Task Beyond_so_many_images_on_their_way_no_more_are_begun()
    {
        await using var registry = await SeedAsync();
        registry.Faults.Add("GET", "/blobs/", FaultAction.StallBeforeHeaders(), times: 1000);
        await using var world = await FillWorld.StartAsync(registry);
        for (var i = 0; i < PendingImages.Most; i++)
        {
            world.Pending.Begin("x/" + i, "1", Core.Manifests.ManifestReader.Read(
                _image.Root.Bytes, null, Core.References.Digest.Parse(_image.Digest), "test"));
        }

        Assert.StartsWith("429 ", await world.FaultAsync("lib/x", "1"), StringComparison.Ordinal);
        Assert.Empty(registry.Requests);
    }

    [Fact]
    public async Task A_damaged_blob_is_cut_while_its_image_is_coming_too_and_fetched_anew()
    {
        await using var registry = await SeedAsync();
        await using var world = await FillWorld.StartAsync(registry);
        var layer = LayerOf(_image);
        var wrong = _image.Blobs[layer].ToArray();
        wrong[1000] ^= 1;
        var path = Path.Combine(world.Root, "blobs", layer.Replace(':', '/'));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, wrong, Token);
        Assert.Equal(_image.Digest, await world.DigestAsync("lib/x", "1"));

        using (var answer = await world.AskAsync(world.Prefix + "lib/x/blobs/" + layer))
        {
            Assert.Equal(OciErrorKind.DigestMismatch, (await Assert.ThrowsAsync<OciException>(answer.ReadAsync)).Kind);
        }

        using var again = await world.AskAsync(world.Prefix + "lib/x/blobs/" + layer);
        Assert.Equal(layer, "sha256:" + Convert.ToHexStringLower(SHA256.HashData(await again.ReadAsync())));
    }

    private static string LayerOf(TestImage image) => image.Blobs.OrderByDescending(b => b.Value.Length).First().Key;

    private async Task<EmbeddedRegistry> SeedAsync()
    {
        var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("lib/x", _image, "1");
        return registry;
    }
}
