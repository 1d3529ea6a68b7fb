using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Mono.Tests;

public sealed class EngineTests(MonoProgram mono) : IClassFixture<MonoProgram>
{
    private static readonly TestImage Image = ImageFactory.Create(new ImageSpec { Index = true, Platforms = TestPlatform.Usual });

    [Fact]
    public async Task The_engine_and_what_it_needs_come_from_the_modules_folder()
    {
        var answer = Assert.Single(await mono.AskAsync("runtime")).Split('\t');

        Assert.Equal(("Mono", Path.Combine(MonoProgram.Engine, "OciSync.Core.dll")), (answer[0], answer[1]));
    }

    [Fact]
    public async Task Tags_are_listed_in_order()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("lib/a", Image, "1.10", "1.9", "latest");

        Assert.Equal(["latest", "1.9", "1.10"], await mono.AskAsync("tags", $"{registry.Address}/lib/a"));
    }

    [Fact]
    public async Task A_whole_image_is_copied_and_then_up_to_date()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", Image, "1");

        Assert.Equal(["Copied", Image.Digest], (await mono.CopyAsync($"{source.Address}/a:1", $"{destination.Address}/b:1"))[..2]);
        Assert.Equal(["UpToDate", Image.Digest], (await mono.CopyAsync($"{source.Address}/a:1", $"{destination.Address}/b:1"))[..2]);
        Assert.All(Image.Manifests, m => Assert.True(destination.HasManifest("b", m.Digest)));
        Assert.Equal(Image.Digest, Assert.Single(await mono.AskAsync("digest", $"{destination.Address}/b:1")));
    }

    [Theory]
    [InlineData("oci:", ":x:1")]
    [InlineData("dir:", "")]
    [InlineData("oci-archive:", ":x:1")]
    public async Task Folders_and_archives_give_back_what_they_took(string prefix, string name)
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", Image, "1");
        var place = prefix + folder["place"] + name;

        Assert.Equal(["Copied", Image.Digest], (await mono.CopyAsync($"{source.Address}/a:1", place))[..2]);
        Assert.Equal(["Copied", Image.Digest], (await mono.CopyAsync(place, $"{destination.Address}/b:1"))[..2]);
        Assert.All(Image.Manifests, m => Assert.True(destination.HasManifest("b", m.Digest)));
    }

    [Theory]
    [InlineData(LayerCompression.Gzip)]
    [InlineData(LayerCompression.Zstd)]
    [InlineData(LayerCompression.None)]
    public async Task An_archive_of_Docker_holds_the_layers_unpacked_and_gives_them_back(LayerCompression compression)
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create(new ImageSpec { Compression = compression });
        await source.AddAsync("a", image, "1");

        Assert.Equal("Copied", (await mono.CopyAsync($"{source.Address}/a:1", $"docker-archive:{folder["x.tar"]}:x:1"))[0]);
        Assert.Equal("Copied", (await mono.CopyAsync($"docker-archive:{folder["x.tar"]}:x:1", $"{destination.Address}/b:1"))[0]);
        Assert.Equal(Layers.DiffIds(image), (await Layers.ReadAsync(destination, "b", "1")).Select(l => l.DiffId));
    }

    [Fact]
    public async Task A_sync_file_is_followed()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("lib/a", Image, "1.0", "1.1", "2.0");
        File.WriteAllText(folder["sync.yaml"], $"{source.Address}:\n  images:\n    lib/a: ['1.0', '1.1']\n");

        var rows = await mono.AskAsync("file", folder["sync.yaml"], $"{destination.Address}/mirror");

        Assert.All(rows, row => Assert.StartsWith("Copied\t" + Image.Digest, row));
        Assert.Equal(["1.0", "1.1"], destination.TagsOf("mirror/a").Order());
    }

    [Fact]
    public async Task What_is_not_there_is_a_row_with_its_error()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("a", Image, "1");

        Assert.Equal(["Failed", "", "OciManifestUnknown"], (await mono.CopyAsync($"{registry.Address}/a:2", $"{registry.Address}/b:2"))[..3]);
    }

    [Fact]
    public async Task A_copy_that_waits_ends_when_it_is_told_to()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", Image, "1");
        var fault = source.Faults.Add(new Fault { Method = "GET", PathContains = "/blobs/", Times = 100, Action = FaultAction.StallBeforeHeaders() });

        await mono.StartAsync("copy-until-told", $"{source.Address}/a:1", $"{destination.Address}/b:1", string.Empty, string.Empty);
        await fault.Reached.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await mono.TellAsync("stop");
        var rows = await mono.AnswerAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.NotEmpty(rows);
        Assert.DoesNotContain(rows, row => row.StartsWith("Copied", StringComparison.Ordinal) || row.StartsWith("error", StringComparison.Ordinal));
        Assert.Empty(destination.TagsOf("b"));
    }
}
