using OciSync.Core.Checking;
using OciSync.Core.Errors;
using OciSync.Core.Tests.Checking;
using OciSync.Core.Tests.Distribution;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Filling;

/// <summary>A folder that fetches what it has not.</summary>
public sealed class FillingTests
{
    private readonly TestImage _image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, LayerSize = 300_000 });

    [Fact]
    public async Task An_image_is_fetched_for_its_first_client_and_whole_in_the_folder_soon_after()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await using var world = await FillWorld.StartAsync(registry);
        await registry.AddAsync("lib/x", _image, "1");

        await PullAsync(world, "lib/x", "1", _image.For(TestPlatform.LinuxAmd64));
        await world.WaitForAsync("lib/x:1");

        Assert.Equal("Whole", Assert.Single(await CheckTests.CheckAsync(world.Layout)).Row.Status);
        Assert.Equal([_image.Digest], registry.DigestOf("lib/x", "1") is { } digest ? [digest] : []);
        AssertReadOnce(registry, _image);
        Assert.Empty(Directory.EnumerateFiles(world.Root, ".ocisync-*.tmp"));
    }

    [Fact]
    public async Task Twenty_clients_at_once_are_one_fetch()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await using var world = await FillWorld.StartAsync(registry);
        await registry.AddAsync("lib/x", _image, "1");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => PullAsync(world, "lib/x", "1", _image.For(TestPlatform.LinuxAmd64)))));
        AssertReadOnce(registry, _image);
        Assert.Equal(1, registry.Requests.Count("HEAD", "/manifests/1"));
    }

    [Fact]
    public async Task The_platform_that_is_asked_for_comes_first_and_the_others_behind_it()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await using var world = await FillWorld.StartAsync(registry);
        await registry.AddAsync("lib/x", _image, "1");
        var asked = _image.For(TestPlatform.LinuxArm64);
        await PullAsync(world, "lib/x", "1", asked);
        var first = BlobsAsked(registry);
        await world.WaitForAsync("lib/x:1");
        Assert.Equal(BlobsOf(asked).Order(), first.Order());
        Assert.True(BlobsAsked(registry).Count > first.Count);
    }

    // Docker Hub counts them.
    [Fact]
    public async Task Each_manifest_is_read_once()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await using var world = await FillWorld.StartAsync(registry);
        await registry.AddAsync("lib/x", _image, "1");
        await PullAsync(world, "lib/x", "1", _image.For(TestPlatform.LinuxAmd64));
        await world.WaitForAsync("lib/x:1");
        Assert.Equal(1 + TestPlatform.Usual.Count, registry.Requests.Count("GET", "/manifests/"));
    }

    [Fact]
    public async Task Without_a_network_all_that_was_fetched_is_there()
    {
        var registry = await EmbeddedRegistry.StartAsync();
        await using var world = await FillWorld.StartAsync(registry, TimeSpan.Zero);
        await registry.AddAsync("lib/x", _image, "1");
        await PullAsync(world, "lib/x", "1", _image.For(TestPlatform.LinuxAmd64));
        await world.WaitForAsync("lib/x:1");
        await registry.DisposeAsync();

        await PullAsync(world, "lib/x", "1", _image.For(TestPlatform.LinuxArm64));
        using var absent = await world.AskAsync(world.Prefix + "lib/x/manifests/2");
        Assert.Equal(502, absent.Status);
    }

    [Fact]
    public async Task What_clients_have_fetched_is_there_also_when_the_rest_of_its_image_did_not_come()
    {
        var registry = await EmbeddedRegistry.StartAsync();
        await using var world = await FillWorld.StartAsync(registry, TimeSpan.Zero);
        await registry.AddAsync("lib/x", _image, "1");
        await PullAsync(world, "lib/x", "1", _image.For(TestPlatform.LinuxAmd64));
        await registry.DisposeAsync();
        await world.UntilAsync(() =>
        {
            world.LetRest();
            return world.Warnings.Contains("is not in the folder yet", StringComparison.Ordinal);
        });

        await PullAsync(world, "lib/x", "1", _image.For(TestPlatform.LinuxAmd64));
    }

    [Fact]
    public async Task A_server_that_is_started_anew_answers_from_what_was_fetched()
    {
        using var folder = new TempFolder();
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("lib/x", _image, "1");
        await using (var world = await FillWorld.StartAsync(registry, folder: folder["m"]))
        {
            await PullAsync(world, "lib/x", "1", _image.For(TestPlatform.LinuxAmd64));
            await world.WaitForAsync("lib/x:1");
        }

        registry.Requests.Clear();
        await using var second = await FillWorld.StartAsync(registry, folder: folder["m"]);
        await PullAsync(second, "lib/x", "1", _image.For(TestPlatform.LinuxArm64));
        Assert.Empty(BlobsAsked(registry));
    }

    [Fact]
    public async Task A_tag_is_asked_for_again_when_its_time_is_over()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await using var patient = await FillWorld.StartAsync(registry);
        await using var eager = await FillWorld.StartAsync(registry, TimeSpan.Zero);
        await registry.AddAsync("lib/x", _image, "1");
        foreach (var world in new[] { patient, eager })
        {
            await PullAsync(world, "lib/x", "1", _image.For(TestPlatform.LinuxAmd64));
            await world.WaitForAsync("lib/x:1");
        }

        var newer = ImageFactory.Create(new ImageSpec { Seed = 9 });
        await registry.AddAsync("lib/x", newer, "1");
        Assert.Equal(_image.Digest, await DigestAsync(patient, "lib/x", "1"));
        Assert.Equal(newer.Digest, await DigestAsync(eager, "lib/x", "1"));
        await eager.WaitForAsync(newer.Digest);
    }

    [Fact]
    public async Task What_is_not_there_is_asked_for_once_in_a_while()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await using var world = await FillWorld.StartAsync(registry);
        await registry.AddAsync("lib/x", _image, "1");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("404", await DigestAsync(world, "lib/x", "2"));
            Assert.Equal("404", await DigestAsync(world, "no/such", "1"));
        }

        // One HEAD, and one GET where a registry is not believed.
        Assert.Equal(1, registry.Requests.Count("HEAD", "/lib/x/manifests/2"));
        Assert.True(registry.Requests.Count("GET", "/lib/x/manifests/2") <= 1);
    }

    [Fact]
    public async Task Other_registries_are_not_asked_whoever_names_them()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await using var other = await EmbeddedRegistry.StartAsync();
        await using var world = await FillWorld.StartAsync(registry);
        await other.AddAsync("lib/x", _image, "1");
        var part = other.Address.Replace(':', '-');
        foreach (var target in new[] { $"/v2/lib/x/manifests/1?ns={other.Address}", $"/{part}/v2/lib/x/manifests/1", $"/v2/{part}/lib/x/manifests/1" })
        {
            using var answer = await world.AskAsync(target);
            Assert.Equal(404, answer.Status);
        }

        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task A_blob_with_other_bytes_is_cut_and_not_kept()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await using var world = await FillWorld.StartAsync(registry);
        await registry.AddAsync("lib/x", _image, "1");
        var layer = Layer();
        registry.Faults.Add("GET", layer, FaultAction.CorruptResponse(1000), times: 5);
        await DigestAsync(world, "lib/x", "1");
        await DigestAsync(world, "lib/x", _image.For(TestPlatform.LinuxAmd64).Digest);

        using (var answer = await world.AskAsync(world.Prefix + "lib/x/blobs/" + layer))
        {
            // When all of it has come before the first byte is passed on, there is a status for that; else the content breaks off.
            Assert.Contains(answer.Status, new[] { 200, 502 });
            if (answer.Status == 200)
            {
                await Assert.ThrowsAsync<OciException>(answer.ReadAsync);
            }
        }

        Assert.False(File.Exists(Path.Combine(world.Root, "blobs", layer.Replace(':', '/'))));
        registry.Faults.Clear();
        await PullAsync(world, "lib/x", "1", _image.For(TestPlatform.LinuxAmd64));
    }

    [Fact]
    public async Task Upstream_that_breaks_in_the_middle_leaves_nothing_half_and_the_next_request_goes_on()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await using var world = await FillWorld.StartAsync(registry, options: Run.Quick with { MaximumRetryCount = 0 });
        await registry.AddAsync("lib/x", _image, "1");
        var layer = Layer();
        registry.Faults.Add("GET", layer, FaultAction.CutResponse(1000), times: 1000);
        await DigestAsync(world, "lib/x", "1");
        await DigestAsync(world, "lib/x", _image.For(TestPlatform.LinuxAmd64).Digest);
        using (var answer = await world.AskAsync(world.Prefix + "lib/x/blobs/" + layer))
        {
            // So little came that nothing of it was passed on.
            Assert.Equal(502, answer.Status);
        }

        await WaitAsync(world, () => world.Warnings.Contains("is not in the folder yet", StringComparison.Ordinal));
        Assert.DoesNotContain("lib/x", File.ReadAllText(Path.Combine(world.Root, "index.json")), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(world.Root, "blobs", layer.Replace(':', '/'))));

        registry.Faults.Clear();
        await PullAsync(world, "lib/x", "1", _image.For(TestPlatform.LinuxAmd64));
        await world.WaitForAsync("lib/x:1");
        Assert.Equal("Whole", Assert.Single(await CheckTests.CheckAsync(world.Layout)).Row.Status);
    }

    [Fact]
    public async Task What_speaks_of_an_image_comes_along()
    {
        await using var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = new RegistryDialect { Referrers = true } });
        await using var world = await FillWorld.StartAsync(registry);
        var sbom = ImageFactory.Artifact("application/vnd.test.sbom", "bill", _image.Root);
        var tag = ReferrerWorld.TagFor(_image.Digest) + ".sig";
        await registry.AddAsync("lib/x", _image, "1");
        await registry.AddAsync("lib/x", sbom);
        await registry.AddAsync("lib/x", ImageFactory.Cosign("lib/x"), tag);

        await DigestAsync(world, "lib/x", "1");
        using var referrers = await world.AskAsync(world.Prefix + "lib/x/referrers/" + _image.Digest);
        Assert.Contains(sbom.Digest, System.Text.Encoding.UTF8.GetString(await referrers.ReadAsync()), StringComparison.Ordinal);
        await world.WaitForAsync(tag);
        Assert.DoesNotContain(await CheckTests.CheckAsync(world.Layout, new CheckOptions()), r => r.Row.Status != "Whole");
    }

    [Fact]
    public async Task An_image_that_is_asked_for_by_its_digest_is_kept_by_it()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await using var world = await FillWorld.StartAsync(registry);
        await registry.AddAsync("lib/x", _image, "1");
        Assert.Equal(_image.Digest, await DigestAsync(world, "lib/x", _image.Digest));
        await world.WaitForAsync("lib/x@" + _image.Digest);
        Assert.Equal(_image.Digest, await DigestAsync(world, "lib/x", _image.Digest));
    }

    [Fact]
    public async Task A_HEAD_of_a_blob_fetches_nothing()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await using var world = await FillWorld.StartAsync(registry);
        await registry.AddAsync("lib/x", _image, "1");
        await DigestAsync(world, "lib/x", "1");
        await DigestAsync(world, "lib/x", _image.For(TestPlatform.LinuxAmd64).Digest);
        var layer = Layer();
        using var answer = await world.AskAsync(world.Prefix + "lib/x/blobs/" + layer, "HEAD");
        Assert.Equal((200, (long)_image.Blobs[layer].Length), (answer.Status, answer.Length));
        Assert.Empty(BlobsAsked(registry));
    }

    [Fact]
    public async Task Beyond_its_size_what_was_asked_for_longest_ago_goes_whole_and_never_what_was_synced()
    {
        var images = Enumerable.Range(0, 4).Select(i => ImageFactory.Create(new ImageSpec { Seed = 20 + i, LayerSize = 200_000 })).ToList();
        var size = images[0].Blobs.Values.Sum(b => (long)b.Length) + images[0].Root.Bytes.Length;
        await using var registry = await EmbeddedRegistry.StartAsync();
        await using var world = await FillWorld.StartAsync(registry, limits: new Core.Filling.FillLimits { MaximumSize = (3 * size) + (size / 2) });
        for (var i = 0; i < 4; i++)
        {
            await registry.AddAsync("lib/x", images[i], $"v{i}");
        }

        // The first was brought by a sync; of those that are fetched v1 is asked for again.
        await Transports.Carry.SucceedAsync($"{registry.Address}/lib/x:v0", $"{world.Layout}:kept/x:v0");
        for (var i = 1; i < 3; i++)
        {
            Assert.Equal(images[i].Digest, await DigestAsync(world, "lib/x", $"v{i}"));
            await world.WaitForAsync($"lib/x:v{i}");
        }

        await DigestAsync(world, "lib/x", "v1");
        await DigestAsync(world, "lib/x", "v3");
        await world.WaitForAsync("lib/x:v3");
        await WaitAsync(world, () => !File.ReadAllText(Path.Combine(world.Root, "index.json")).Contains("lib/x:v2", StringComparison.Ordinal));

        var rows = await CheckTests.CheckAsync(world.Layout);
        Assert.Equal(["v0", "v1", "v3"], rows.Select(r => r.Row.Reference.Split(':')[^1]).Order());
        Assert.All(rows, r => Assert.Equal("Whole", r.Row.Status));
        Assert.False(File.Exists(Path.Combine(world.Root, "blobs", images[2].Digest.Replace(':', '/'))));
        Assert.Equal(images[2].Digest, await DigestAsync(world, "lib/x", "v2"));
    }

    [Fact]
    public async Task What_would_take_the_last_of_the_disk_is_not_fetched()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await using var world = await FillWorld.StartAsync(registry, limits: new Core.Filling.FillLimits { MinimumFree = long.MaxValue });
        await registry.AddAsync("lib/x", _image, "1");
        await DigestAsync(world, "lib/x", "1");
        await DigestAsync(world, "lib/x", _image.For(TestPlatform.LinuxAmd64).Digest);
        using var answer = await world.AskAsync(world.Prefix + "lib/x/blobs/" + Layer());
        Assert.Equal(500, answer.Status);
        Assert.Contains("-MinimumFreeSpace", answer.Fault, StringComparison.Ordinal);
        Assert.Empty(BlobsAsked(registry));
    }

    [Fact]
    public async Task What_is_no_layout_is_not_filled()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["m"]);
        File.WriteAllText(folder["m/something.txt"], "else");
        await using var registry = await EmbeddedRegistry.StartAsync();
        Assert.Equal(OciErrorKind.LayoutInvalid, (await Assert.ThrowsAsync<OciException>(() => FillWorld.StartAsync(registry, folder: folder["m"]))).Kind);
    }

    private string Layer() => BlobsOf(_image.For(TestPlatform.LinuxAmd64)).OrderByDescending(d => _image.Blobs[d].Length).First();

    private static Task<string> DigestAsync(FillWorld world, string repository, string reference) => world.DigestAsync(repository, reference);

    // As containerd does: the index, the platform's manifest, its blobs.
    private async Task PullAsync(FillWorld world, string repository, string tag, TestManifest platform)
    {
        Assert.Equal(_image.Digest, await DigestAsync(world, repository, tag));
        using var manifest = await world.AskAsync($"{world.Prefix}{repository}/manifests/{platform.Digest}");
        Assert.Equal(platform.Bytes, await manifest.ReadAsync());
        foreach (var digest in BlobsOf(platform))
        {
            using var blob = await world.AskAsync($"{world.Prefix}{repository}/blobs/{digest}");
            Assert.Equal(_image.Blobs[digest], await blob.ReadAsync());
        }
    }

    private static IReadOnlyList<string> BlobsOf(TestManifest manifest)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(manifest.Bytes)!;
        return [json["config"]!["digest"]!.GetValue<string>(), .. json["layers"]!.AsArray().Select(l => l!["digest"]!.GetValue<string>())];
    }

    private static IReadOnlyList<string> BlobsAsked(EmbeddedRegistry registry) =>
        registry.Requests.Where("GET", "/blobs/").Select(r => r.Path.Substring(r.Path.LastIndexOf('/') + 1)).ToList();

    private static void AssertReadOnce(EmbeddedRegistry registry, TestImage image)
    {
        var asked = BlobsAsked(registry);
        Assert.Equal(asked.Count, asked.Distinct().Count());
        Assert.True(asked.Count <= image.Blobs.Count);
    }

    private static async Task WaitAsync(FillWorld world, Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 1500);
            world.LetRest();
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
