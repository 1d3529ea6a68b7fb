using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Layouts;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing;

namespace OciSync.Core.Tests.Layouts;

public sealed class LayoutTests
{
    public static TheoryData<string> Kinds => WholeImageTests.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_kind_goes_into_a_layout_and_out_again_byte_for_byte(string kind)
    {
        var image = WholeImageTests.Make(kind);
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("lib/image", image, "1.0");
        var layout = "oci:" + folder["m"];

        var inward = await Carry.SucceedAsync($"{source.Address}/lib/image:1.0", layout + ":image:1.0");
        var outward = await Carry.SucceedAsync(layout + ":image:1.0", $"{destination.Address}/m/image:1.0");

        Assert.Equal(("Copied", image.Digest), (inward.Status, inward.Digest));
        Assert.Equal(("Copied", image.Digest), (outward.Status, outward.Digest));
        Assert.Equal(image.Blobs.Values.Sum(b => (long)b.Length), inward.BytesCopied);
        using var reader = new RawRegistryReader(destination.BaseUri);
        Assert.Equal(image.Digest, (await reader.VerifyAsync("m/image", "1.0", TestContext.Current.CancellationToken))[0]);
        Assert.DoesNotContain(Carry.Tree(folder["m"]).Keys, f => f.Contains(".ocisync"));
    }

    [Fact]
    public async Task A_disk_carries_repositories_from_registry_to_registry_and_a_second_run_moves_nothing()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var (index, single) = (ImageFactory.Create(
            new ImageSpec { Platforms = TestPlatform.Usual, Attestations = true }), ImageFactory.Create(new ImageSpec { Seed = 5 }));
        await source.AddAsync("a/nginx", index, "1.27");
        await source.AddAsync("a/nginx", index, "stable");
        await source.AddAsync("a/redis", single, "7");
        var layout = "oci:" + folder["m"];
        var inward = new SyncRequest
        {
            Pairs = Run.Request([$"{source.Address}/a/nginx:1.27", $"{source.Address}/a/nginx:stable", $"{source.Address}/a/redis:7"], layout).Pairs,
        };
        var outward = Carry.All(layout, DestinationNaming.Path, destination.Address + "/ns");

        Assert.Equal(["Copied", "Copied", "Copied"], (await Run.SyncAsync(inward)).Statuses());
        var before = Carry.Tree(folder["m"]);
        Assert.Equal(["Copied", "Copied", "Copied"], (await Run.SyncAsync(outward)).Statuses());
        Assert.Equal(
            (index.Digest, index.Digest, single.Digest),
            (destination.DigestOf("ns/nginx", "1.27"), destination.DigestOf("ns/nginx", "stable"), destination.DigestOf("ns/redis", "7")));

        source.Requests.Clear();
        destination.Requests.Clear();
        Assert.All(await Run.SyncAsync(inward), o => Assert.Equal("UpToDate", o.Row.Status));
        Assert.All(await Run.SyncAsync(outward), o => Assert.Equal("UpToDate", o.Row.Status));
        Assert.Equal(before, Carry.Tree(folder["m"]));
        Assert.DoesNotContain(source.Requests.Concat(destination.Requests), e => e.Method is not "HEAD" && e.Path != "/v2/");
    }

    [Fact]
    public async Task Blobs_are_shared_between_images_and_only_what_is_missing_is_read()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "1");
        await source.AddAsync("b", image, "1");

        var rows = await Run.SyncAsync(Run.Request([$"{source.Address}/a:1", $"{source.Address}/b:1"], "oci:" + folder["m"]));

        var size = image.Blobs.Values.Sum(b => (long)b.Length);
        Assert.Equal((size, size), (rows.Sum(r => r.Row.BytesCopied), rows.Sum(r => r.Row.BytesSkipped)));
        Assert.Equal(image.Blobs.Count + image.Manifests.Count, Directory.GetFiles(folder["m/blobs/sha256"]).Length);
    }

    [Fact]
    public async Task A_name_that_moves_leaves_the_older_image_in_the_index_without_a_name()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        var (old, current) = (ImageFactory.Create(), ImageFactory.Create(new ImageSpec { Seed = 2 }));
        var (from, to) = ($"{source.Address}/a:1", $"oci:{folder["m"]}:a:1");
        await source.AddAsync("a", old, "1");
        await Carry.SucceedAsync(from, to);
        await source.AddAsync("a", current, "1");

        var row = await Carry.SucceedAsync(from, to);

        Assert.Equal(("Updated", old.Digest, current.Digest), (row.Status, row.PreviousDigest, row.Digest));
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(old.Digest, await engine.FindDigestAsync(ImageLocation.Parse($"oci:{folder["m"]}:@0"), null, TestContext.Current.CancellationToken));
        Assert.Equal(current.Digest, await engine.FindDigestAsync(ImageLocation.Parse(to), null, TestContext.Current.CancellationToken));
        await Carry.SucceedAsync($"oci:{folder["m"]}:@0", $"oci:{folder["m"]}:a:old");
        Assert.Equal(old.Digest, await engine.FindDigestAsync(ImageLocation.Parse($"oci:{folder["m"]}:a:old"), null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_image_without_a_name_is_an_entry_even_where_it_is_a_part_of_another()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual });
        await source.AddAsync("a", image, "1");
        var layout = "oci:" + folder["m"];
        await Carry.SucceedAsync($"{source.Address}/a:1", layout);
        var part = image.Manifests.First(m => m.Digest != image.Digest);

        var row = await Carry.SucceedAsync($"{source.Address}/a@{part.Digest}", layout);

        Assert.Equal(("Copied", layout), (row.Status, row.Destination));
        Assert.Equal("UpToDate", (await Carry.SucceedAsync($"{source.Address}/a@{part.Digest}", layout)).Status);
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(part.Digest, await engine.FindDigestAsync(ImageLocation.Parse(layout + ":@1"), null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Images_without_a_name_are_taken_where_none_has_one()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var images = Enumerable.Range(1, 2).Select(i => ImageFactory.Create(new ImageSpec { Seed = i })).ToList();
        var layout = "oci:" + folder["m"];
        foreach (var image in images)
        {
            await source.AddAsync("a", image, "1");
            await Carry.SucceedAsync($"{source.Address}/a:1", layout);
        }

        var all = Carry.All(layout, DestinationNaming.Leaf, destination.Address);
        var rows = await Run.SyncAsync(all);

        Assert.Equal(images.Select(i => $"{destination.Address}/m@{i.Digest}").Order(), rows.Select(r => r.Row.Destination).Order());
        Assert.All(images, i => Assert.True(destination.HasManifest("m", i.Digest)));
        await Carry.SucceedAsync($"{layout}:@1", layout + ":b:1");
        Assert.Equal($"{destination.Address}/b:1", (await Run.OneAsync(all)).Destination);
        var one = Carry.All(layout + ":@0", DestinationNaming.Leaf, destination.Address);
        Assert.Equal((images[0].Digest, "UpToDate"), ((await Run.OneAsync(one)).Digest, (await Run.OneAsync(one)).Status));
    }

    [Fact]
    public async Task Nothing_is_written_when_it_is_only_asked_what_would_be()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");

        var rows = new[] { $"oci:{folder["m"]}:a:1", $"dir:{folder["d"]}" }.Select(d => Carry.Request($"{source.Address}/a:1", d) with { IsReadOnly = true });

        foreach (var request in rows)
        {
            Assert.Equal("WouldCopy", (await Run.OneAsync(request)).Status);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Verify_reads_every_byte_and_mends_what_is_wrong()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "1");
        var (from, to) = ($"{source.Address}/a:1", $"oci:{folder["m"]}:a:1");
        await Carry.SucceedAsync(from, to);
        var before = Carry.Tree(folder["m"]);
        var blob = Path.Combine(folder["m"], "blobs", "sha256", image.Blobs.Keys.First().Substring("sha256:".Length));
        var bytes = File.ReadAllBytes(blob);
        bytes[0] ^= 1;
        File.WriteAllBytes(blob, bytes);

        var row = await Run.OneAsync(Carry.Request(from, to) with { Verify = true });

        Assert.Equal(("Updated", bytes.LongLength), (row.Status, row.BytesCopied));
        Assert.Equal(before, Carry.Tree(folder["m"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_folder_that_is_being_made_has_no_image_yet_and_is_not_taken_for_something_else(bool isLayout)
    {
        using var folder = new TempFolder();
        var manifest = ImageFactory.Create().Manifests[^1];
        for (var i = 0; i < 100; i++)
        {
            var path = folder["m" + i];
            using var writerHost = new FolderHost(path, new EngineOptions(), new EngineEvents(), TestContext.Current.CancellationToken);
            using var readerHost = new FolderHost(path, new EngineOptions(), new EngineEvents(), TestContext.Current.CancellationToken);
            FolderStore Open(FolderHost host) => isLayout ? new OciLayout(path, host) : new DirImage(path, host);
            var (writer, reader) = (Open(writerHost), Open(readerHost));
            using var isMade = new CancellationTokenSource();
            var looking = Task.Run(
                async () =>
                {
                    while (!isMade.IsCancellationRequested)
                    {
                        Assert.Null(await reader.HeadManifestAsync("a:2", WorkScope.Uncounted(default)));
                    }
                },
                TestContext.Current.CancellationToken);

            await writer.PutManifestAsync(
                "a:1",
                ManifestReader.Read(manifest.Bytes, null, Digest.Of(manifest.Bytes, "sha256"), "m"),
                true,
                WorkScope.Uncounted(TestContext.Current.CancellationToken));
            await isMade.CancelAsync();
            await looking;
            (writer as IDisposable)?.Dispose();
            (reader as IDisposable)?.Dispose();
        }
    }

    [Fact]
    public async Task A_registry_and_a_layout_are_served_by_one_read()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var other = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "1");

        var rows = await Run.SyncAsync(Run.Request([$"{source.Address}/a:1"], other.Address, "oci:" + folder["m"]));

        Assert.Equal(["Copied", "Copied"], rows.Statuses());
        Assert.Equal(image.Blobs.Count, source.Requests.Count("GET", "/blobs/"));
    }
}
