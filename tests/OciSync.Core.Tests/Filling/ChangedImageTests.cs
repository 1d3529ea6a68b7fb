using OciSync.Core.Filling;
using OciSync.Core.Tests.Checking;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Filling;

/// <summary>Images that a sync file changes on their way: their clients wait for them, and so do the limits of the folder.</summary>
public sealed class ChangedImageTests
{
    private readonly TestImage[] _images = [.. Enumerable.Range(0, 3).Select(
        i => ImageFactory.Create(new ImageSpec { Seed = 70 + i, Platforms = TestPlatform.Usual, LayerSize = 200_000 }))];

    [Fact]
    public async Task Tags_of_one_image_that_are_asked_for_at_once_are_one_fetch()
    {
        string[] tags = ["1", "1.27", "1.27.3", "latest"];
        await using var registry = await EmbeddedRegistry.StartAsync();
        foreach (var tag in tags)
        {
            await registry.AddAsync("lib/x", _images[0], tag);
        }

        // So that they are under way at the same time.
        registry.Faults.Add("GET", "/blobs/", FaultAction.Delay(TimeSpan.FromMilliseconds(300)), times: 1000);
        await using var world = await FillWorld.StartAsync(
            registry, choice: FillChoiceTests.Choose($"{registry.Address}/lib/x: {{ allTags: true, platforms: [linux/amd64] }}"));
        var digests = await Task.WhenAll(tags.Select(t => Task.Run(() => world.DigestAsync("lib/x", t))));
        Assert.All(digests, d => Assert.Equal(_images[0].For(TestPlatform.LinuxAmd64).Digest, d));
        var blobs = registry.Requests.Where("GET", "/blobs/").Select(r => r.Path).ToList();
        Assert.Equal(blobs.Distinct().Count(), blobs.Count);
        Assert.All(await CheckTests.CheckAsync(world.Layout), r => Assert.Equal("Whole", r.Row.Status));
    }

    [Fact]
    public async Task Nothing_is_removed_for_its_size_while_another_image_is_coming()
    {
        var time = new ShiftedTime();
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("lib/x", _images[0], "1.0");
        await registry.AddAsync("lib/y", _images[1], "1");
        var choice = FillChoiceTests.Choose(
            $"{registry.Address}/lib/x: {{ latest: 1, platforms: [linux/amd64] }}\n  {registry.Address}/lib/y: {{ tags: ['1'], platforms: [linux/amd64] }}");
        await using var world = await FillWorld.StartAsync(
            registry, TimeSpan.FromMinutes(10), options: Run.Quick with { Time = time }, limits: new FillLimits { MaximumSize = 300_000 }, choice: choice);
        await world.DigestAsync("lib/x", "1.0");
        await world.WaitForAsync("lib/x:1.0");
        var stall = registry.Faults.Add("GET", "/lib/y/blobs/", FaultAction.StallBeforeHeaders(), times: 1000);
        var slow = Task.Run(() => world.DigestAsync("lib/y", "1"));
        await stall.Reached.WaitAsync(TestContext.Current.CancellationToken);

        // It is chosen no longer, and would go; but it would make no room, as the other one holds the folder.
        await registry.AddAsync("lib/x", _images[2], "1.1");
        time.Shift += TimeSpan.FromHours(1);
        Assert.Equal(_images[2].For(TestPlatform.LinuxAmd64).Digest, await world.DigestAsync("lib/x", "1.1"));
        Assert.Equal(["1.0", "1.1"], await FillChoiceTests.NamesAsync(world));

        registry.Faults.Clear();
        Assert.Equal(_images[1].For(TestPlatform.LinuxAmd64).Digest, await slow);
        await world.WaitForAsync("lib/y:1");
        Assert.Equal(["1", "1.1"], await FillChoiceTests.NamesAsync(world));
        Assert.DoesNotContain("stay until the next removal", world.Warnings, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_takes_the_last_of_the_disk_on_its_way_is_given_up()
    {
        var looks = 0;
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("lib/x", _images[0], "1");
        registry.Faults.Add("GET", "/blobs/", FaultAction.StallBeforeHeaders(), times: 1000);
        await using var world = await FillWorld.StartAsync(
            registry,
            options: Run.Quick with { StallTimeout = TimeSpan.FromHours(1) },
            limits: new FillLimits { MinimumFree = 1000, FindFree = _ => Interlocked.Increment(ref looks) > 1 ? 999 : 1001 },
            choice: FillChoiceTests.Choose($"{registry.Address}/lib/x: {{ tags: ['1'], platforms: [linux/amd64] }}"));
        var answer = await world.FaultAsync("lib/x", "1").WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.StartsWith("500 ", answer, StringComparison.Ordinal);
        Assert.Contains("has 999 bytes free on its disk, of which 1000 are to stay so (-MinimumFreeSpace)", answer, StringComparison.Ordinal);
    }
}
