using OciSync.Core.Errors;
using OciSync.Core.Tests.Checking;
using OciSync.Core.Tests.Distribution;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Filling;

/// <summary>A fetch that broke goes on with what is there.</summary>
public sealed class BrokenFetchTests
{
    private const int There = 16 * 128 * 1024;

    private readonly TestImage _image = ImageFactory.Create(new ImageSpec { LayerSize = 3_000_000 });

    private string Layer => _image.Blobs.OrderByDescending(b => b.Value.Length).First().Key;

    [Fact]
    public async Task The_next_request_goes_on_where_it_broke()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await using var world = await FillWorld.StartAsync(registry, options: Run.Quick with { MaximumRetryCount = 0 });
        await registry.AddAsync("lib/x", _image, "1");
        await BreakAsync(registry, world);

        Assert.Equal(There, new FileInfo(Assert.Single(Parts(world.Root))).Length);
        Assert.Equal(_image.Blobs[Layer], await ReadAsync(world));
        Assert.Equal([$"bytes={There}-"], RangesAsked(registry));
        await world.WaitForAsync("lib/x:1");
        Assert.Empty(Parts(world.Root));
        Assert.Equal("Whole", Assert.Single(await CheckTests.CheckAsync(world.Layout)).Row.Status);
    }

    [Fact]
    public async Task Nobody_waits_for_a_registry_that_is_silent_when_the_folder_has_the_tag()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        var time = new ShiftedTime();
        await using var world = await FillWorld.StartAsync(registry, TimeSpan.FromMinutes(2), options: Run.Quick with { Time = time });
        await registry.AddAsync("lib/x", _image, "1");
        Assert.Equal(_image.Digest, await world.DigestAsync("lib/x", "1"));
        await world.WaitForAsync("lib/x:1");
        var newer = ImageFactory.Create(new ImageSpec { Seed = 9 });
        await registry.AddAsync("lib/x", newer, "1");
        time.Shift = TimeSpan.FromMinutes(3);
        var silence = registry.Faults.Add("HEAD", "/lib/x/manifests/1", FaultAction.StallBeforeHeaders(), times: 1000);

        var answer = world.DigestAsync("lib/x", "1");
        await silence.Reached.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(answer.IsCompleted);
        for (var i = 0; i < 500 && !answer.IsCompleted; i++)
        {
            world.LetRest();
            await Task.WhenAny(answer, Task.Delay(20, TestContext.Current.CancellationToken));
        }

        Assert.Equal(_image.Digest, await answer);

        // For a while nobody waits at all.
        Assert.Equal(_image.Digest, await world.DigestAsync("lib/x", "1"));

        // The answer that comes late is for those who ask later.
        silence.Release();
        await world.WaitForAsync(newer.Digest);
    }

    [Fact]
    public async Task A_new_server_goes_on_too_also_after_a_kill()
    {
        using var folder = new TempFolder();
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("lib/x", _image, "1");
        await using (var world = await FillWorld.StartAsync(registry, folder: folder["m"], options: Run.Quick with { MaximumRetryCount = 0 }))
        {
            await BreakAsync(registry, world);
        }

        // The name that a process has left which there is no more.
        var part = Assert.Single(Parts(folder["m"]));
        var digest = Layer.Replace(':', '.');
        var own = Path.GetFileName(Core.Folders.OwnFile.NameIn(folder["m"], "x")).Split('-');
        File.Move(part, folder[$"m/{own[0]}-{own[1]}-999999999-1-{digest}.{Guid.NewGuid():N}.tmp"]);

        await using var second = await FillWorld.StartAsync(registry, folder: folder["m"]);
        await second.DigestAsync("lib/x", "1");
        Assert.Equal(_image.Blobs[Layer], await ReadAsync(second));
        Assert.Equal([$"bytes={There}-"], RangesAsked(registry));
    }

    [Fact]
    public async Task What_is_there_and_wrong_is_thrown_away_and_fetched_anew()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await using var world = await FillWorld.StartAsync(registry, options: Run.Quick with { MaximumRetryCount = 0 });
        await registry.AddAsync("lib/x", _image, "1");
        await BreakAsync(registry, world);
        await File.WriteAllBytesAsync(Assert.Single(Parts(world.Root)), new byte[There], TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<OciException>(() => ReadAsync(world));
        Assert.Empty(Parts(world.Root));
        Assert.False(File.Exists(Path.Combine(world.Root, "blobs", Layer.Replace(':', '/'))));
        Assert.Equal(_image.Blobs[Layer], await ReadAsync(world));
    }

    [Fact]
    public async Task A_registry_without_ranges_is_read_from_the_start()
    {
        await using var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = new RegistryDialect { BlobRanges = false } });
        await using var world = await FillWorld.StartAsync(registry, options: Run.Quick with { MaximumRetryCount = 0 });
        await registry.AddAsync("lib/x", _image, "1");
        await BreakAsync(registry, world);
        Assert.Equal(_image.Blobs[Layer], await ReadAsync(world));
    }

    [Fact]
    public async Task A_link_in_the_place_of_what_is_there_is_not_written_through()
    {
        using var folder = new TempFolder();
        var other = folder["other.txt"];
        await File.WriteAllTextAsync(other, "precious", TestContext.Current.CancellationToken);
        await using var registry = await EmbeddedRegistry.StartAsync();
        await using var world = await FillWorld.StartAsync(registry);
        await registry.AddAsync("lib/x", _image, "1");
        File.CreateSymbolicLink(Path.Combine(world.Root, $".ocisync-part-{Layer.Replace(':', '.')}.tmp"), other);
        await world.DigestAsync("lib/x", "1");
        Assert.Equal(_image.Blobs[Layer], await ReadAsync(world));
        Assert.Equal("precious", await File.ReadAllTextAsync(other, TestContext.Current.CancellationToken));
    }

    private async Task BreakAsync(EmbeddedRegistry registry, FillWorld world)
    {
        registry.Faults.Add("GET", Layer, FaultAction.CutResponse(There), times: 1);
        Assert.Equal(_image.Digest, await world.DigestAsync("lib/x", "1"));
        await Assert.ThrowsAsync<OciException>(() => ReadAsync(world));
        Assert.Equal(1, registry.Requests.Count("GET", Layer));
    }

    private async Task<byte[]> ReadAsync(FillWorld world)
    {
        using var answer = await world.AskAsync($"{world.Prefix}lib/x/blobs/{Layer}");
        Assert.Equal(200, answer.Status);
        return await answer.ReadAsync();
    }

    private IEnumerable<string?> RangesAsked(EmbeddedRegistry registry) => registry.Requests.Where("GET", Layer).Select(r => r.Range).Skip(1);

    private static IReadOnlyList<string> Parts(string root) => Directory.GetFiles(root, ".ocisync-part-*");
}
