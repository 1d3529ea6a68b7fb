using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Transports;

public sealed class WritersTests
{
    // Each run has its own engine: they know of each other only by the lock file, as two processes do.
    [Fact]
    public async Task Writers_at_the_same_time_lose_nothing()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        var images = ImageFactory.Family(24, sharedSize: 2_000);
        for (var i = 0; i < images.Count; i++)
        {
            await source.AddAsync("a", images[i], $"{i}");
        }

        var runs = Enumerable.Range(0, 4).Select(w => Run.SyncAsync(
            Run.Request(Enumerable.Range(0, images.Count).Where(i => i % 4 == w).Select(i => $"{source.Address}/a:{i}"), "oci:" + folder["m"])));
        Assert.All((await Task.WhenAll(runs)).SelectMany(r => r), o => Assert.True(o.Row.Status == "Copied", o.Row.Error));

        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        for (var i = 0; i < images.Count; i++)
        {
            Assert.Equal(
                images[i].Digest, await engine.FindDigestAsync(ImageLocation.Parse($"oci:{folder["m"]}:a:{i}"), null, TestContext.Current.CancellationToken));
        }

        Assert.All(
            await Run.SyncAsync(Carry.All("oci:" + folder["m"], DestinationNaming.Leaf, "oci:" + folder["copy"])), o => Assert.Equal("Copied", o.Row.Status));
    }

    [Fact]
    public async Task A_layout_that_another_holds_locked_is_waited_for_and_then_named()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        Directory.CreateDirectory(folder["m"]);
        using var other = new FileStream(folder["m/.ocisync-lock"], FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        var row = await Run.OneAsync(
            Carry.Request($"{source.Address}/a:1", $"oci:{folder["m"]}:a:1"), Run.Quick with { StallTimeout = TimeSpan.FromMilliseconds(300) });

        Assert.Equal("OciStorageFailed", row.ErrorId);
        Assert.Contains(".ocisync-lock", row.Error);
    }

    [Fact]
    public async Task What_a_killed_write_left_is_no_image_and_is_removed_a_day_later()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "1");
        Directory.CreateDirectory(folder["m"]);
        var (fresh, old) = (folder["m/.ocisync-1.tmp"], folder["m/.ocisync-2.tmp"]);
        File.WriteAllText(fresh, "half a blob");
        File.WriteAllText(old, "half a blob");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-2));

        var row = await Carry.SucceedAsync($"{source.Address}/a:1", $"oci:{folder["m"]}:a:1");

        Assert.Equal(("Copied", image.Digest), (row.Status, row.Digest));
        Assert.Equal((true, false), (File.Exists(fresh), File.Exists(old)));
    }

    // The index as skopeo and others wrote it keeps what we don't know of.
    [Fact]
    public async Task What_others_wrote_into_the_index_stays()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 2 }), "2");
        await Carry.SucceedAsync($"{source.Address}/a:1", $"oci:{folder["m"]}:a:1");
        var index = folder["m/index.json"];
        File.WriteAllText(index, File.ReadAllText(index)
            .Replace("\"schemaVersion\":2", "\"schemaVersion\":2,\"annotations\":{\"by\":\"others\"},\"x-more\":[1.50]")
            .Replace("\"annotations\":{\"org", "\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"},\"annotations\":{\"y\":\"z\",\"org"));

        await Carry.SucceedAsync($"{source.Address}/a:2", $"oci:{folder["m"]}:a:1");

        var text = File.ReadAllText(index);
        Assert.Contains("\"annotations\":{\"by\":\"others\"},\"x-more\":[1.50]", text);
        Assert.Contains("\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"},\"annotations\":{\"y\":\"z\"}", text);
    }
}
