using System.Text.Json;
using OciSync.Core.References;
using OciSync.Core.Tests.Archives;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;
using OciSync.Testing;

namespace OciSync.Core.Tests.Integration;

/// <summary>Archives that OciSync and skopeo write for each other.</summary>
public sealed class SkopeoArchiveTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("single")]
    [InlineData("index")]
    [InlineData("zstd")]
    [InlineData("attested")]
    public async Task Oci_archives_go_both_ways_byte_for_byte(string kind)
    {
        SkipWithoutSkopeo();
        var image = WholeImageTests.Make(kind);
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a/b", image, "1");
        await Carry.SucceedAsync($"{source.Address}/a/b:1", $"oci-archive:{folder["ours.tar"]}:a/b:1");

        Assert.Equal(image.Root.Text, (await SkopeoAsync("inspect", "--raw", $"oci-archive:{folder["ours.tar"]}:a/b:1")).Succeeded());
        (await SkopeoAsync(
            "copy",
            "--all",
            "--preserve-digests",
            "--dest-tls-verify=false",
            $"oci-archive:{folder["ours.tar"]}:a/b:1",
            $"docker://{destination.Address}/c:1")).Succeeded();
        (await SkopeoAsync(
            "copy",
            "--all",
            "--preserve-digests",
            "--src-tls-verify=false",
            $"docker://{source.Address}/a/b:1",
            $"oci-archive:{folder["theirs.tar"]}:a/b:1")).Succeeded();
        Assert.Equal(image.Digest, (await Carry.SucceedAsync($"oci-archive:{folder["theirs.tar"]}:a/b:1", destination.Address + "/d:1")).Digest);

        using var reader = new RawRegistryReader(destination.BaseUri);
        Assert.Equal(image.Digest, (await reader.VerifyAsync("c", "1", Token))[0]);
        Assert.Equal(image.Digest, (await reader.VerifyAsync("d", "1", Token))[0]);
    }

    [Theory]
    [InlineData(false, LayerCompression.Gzip)]
    [InlineData(true, LayerCompression.Gzip)]
    [InlineData(false, LayerCompression.Zstd)]
    [InlineData(false, LayerCompression.None)]
    public async Task Docker_archives_of_ours_are_read_by_skopeo(bool docker, LayerCompression compression)
    {
        SkipWithoutSkopeo();
        var image = ImageFactory.Create(new ImageSpec { Docker = docker, Compression = compression, Layers = 3 });
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a/b", image, "1");
        await Carry.SucceedAsync($"{source.Address}/a/b:1", $"docker-archive:{folder["ours.tar"]}:reg.test/a/b:1");

        (await SkopeoAsync(
            "copy", "--dest-tls-verify=false", $"docker-archive:{folder["ours.tar"]}:reg.test/a/b:1", $"docker://{destination.Address}/c:1")).Succeeded();
        using var tags = JsonDocument.Parse((await SkopeoAsync("list-tags", "docker-archive:" + folder["ours.tar"])).Succeeded());
        Assert.Equal("reg.test/a/b:1", Assert.Single(tags.RootElement.GetProperty("Tags").EnumerateArray().ToList()).GetString());
        Assert.Equal(ConfigOf(image.Root.Bytes), await ConfigInAsync(destination, "c"));
    }

    // skopeo writes what it reads from a registry into an archive, and its own archive has the same files as ours.
    [Fact]
    public async Task Docker_archives_of_skopeo_are_read_and_ours_have_the_same_files()
    {
        SkipWithoutSkopeo();
        var image = ImageFactory.Create(new ImageSpec { Docker = true, Layers = 3, LayerSize = 100_000 });
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a/b", image, "1");
        (await SkopeoAsync(
            "copy", "--src-tls-verify=false", $"docker://{source.Address}/a/b:1", $"docker-archive:{folder["theirs.tar"]}:reg.test/a/b:1",
            "--additional-tag", "reg.test/a/b:latest")).Succeeded();
        await Run.OneAsync(
            Carry.Request($"{source.Address}/a/b:1", $"docker-archive:{folder["ours.tar"]}:reg.test/a/b:1") with { AdditionalTags = ["latest"] });

        var (theirs, ours) = (ArchiveTests.ReadTar(folder["theirs.tar"]), ArchiveTests.ReadTar(folder["ours.tar"]));
        Assert.Equal(
            theirs.Where(f => !f.Key.Contains('/') && f.Key != "repositories").Select(f => (f.Key, Digest.Of(f.Value).Hex)).Order(),
            ours.Where(f => !f.Key.Contains('/') && f.Key != "repositories").Select(f => (f.Key, Digest.Of(f.Value).Hex)).Order());
        Assert.Equal(
            theirs.Keys.Count(n => n.EndsWith("/layer.tar", StringComparison.Ordinal)),
            ours.Keys.Count(n => n.EndsWith("/layer.tar", StringComparison.Ordinal)));
        Assert.Equal(TagsOf(theirs["repositories"]), TagsOf(ours["repositories"]));

        await Carry.SucceedAsync($"docker-archive:{folder["theirs.tar"]}:reg.test/a/b:latest", destination.Address + "/c:1");
        Assert.Equal(ConfigOf(image.Root.Bytes), await ConfigInAsync(destination, "c"));
        Assert.Equal(
            await ArchiveTests.FindDigestAsync("docker-archive:" + folder["theirs.tar"]),
            await ArchiveTests.FindDigestAsync("docker-archive:" + folder["ours.tar"]));
    }

    [Fact]
    public async Task Many_images_of_our_archive_are_read_by_skopeo_one_by_one()
    {
        SkipWithoutSkopeo();
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        var images = ImageFactory.Family(3, sharedSize: 10_000);
        for (var i = 0; i < images.Count; i++)
        {
            await source.AddAsync("app", images[i], $"{i}");
        }

        await Run.SyncAsync(ArchiveTests.Kept(Enumerable.Range(0, 3).Select(i => $"{source.Address}/app:{i}"), "docker-archive:" + folder["all.tar"]));

        for (var i = 0; i < images.Count; i++)
        {
            var config = (await SkopeoAsync("inspect", "--raw", "--config", $"docker-archive:{folder["all.tar"]}:{source.Address}/app:{i}")).Succeeded();
            Assert.Equal(ConfigOf(images[i].Root.Bytes), Digest.Of(System.Text.Encoding.UTF8.GetBytes(config)).ToString());
        }
    }

    private static void SkipWithoutSkopeo() => Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);

    private static string ConfigOf(byte[] manifest) => JsonDocument.Parse(manifest).RootElement.GetProperty("config").GetProperty("digest").GetString()!;

    private static string TagsOf(byte[] repositories) => string.Join(
        " ",
        JsonDocument.Parse(repositories).RootElement.EnumerateObject().SelectMany(r => r.Value.EnumerateObject().Select(t => $"{r.Name}:{t.Name}")).Order());

    // What is the same before and after layers were packed anew.
    private static async Task<string> ConfigInAsync(EmbeddedRegistry registry, string repository)
    {
        using var reader = new RawRegistryReader(registry.BaseUri);
        await reader.VerifyAsync(repository, "1", Token);
        using var engine = Run.Engine(cancellationToken: Token);
        var config = await engine.ReadConfigAsync(ImageLocation.Parse($"{registry.Address}/{repository}:1"), null, Token);
        return Digest.Of(System.Text.Encoding.UTF8.GetBytes(config)).ToString();
    }

    private static Task<ProcessResult> SkopeoAsync(params string[] arguments) => Skopeo.RunAsync(arguments, null, Token);
}
