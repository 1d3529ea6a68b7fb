using System.Text.Json.Nodes;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Tags;
using OciSync.Core.Tests.Archives;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing;

namespace OciSync.Core.Tests.Transports;

/// <summary>Names in layouts: OCI's, which may be the tag alone, and the whole ones that Docker, containerd and nerdctl write beside them.</summary>
public sealed class LayoutNameTests
{
    private readonly TestImage _one = ImageFactory.Create(new ImageSpec { Seed = 1 });
    private readonly TestImage _two = ImageFactory.Create(new ImageSpec { Seed = 2 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("m")]
    [InlineData("m.tar")]
    public async Task Two_images_with_one_tag_are_two_by_their_whole_names(string path)
    {
        using var folder = new TempFolder();
        await using var registry = await EmbeddedRegistry.StartAsync();
        var layout = Two("latest", "docker.io/library/busybox:latest", "quay.io/team/tool:latest").Write(folder[path]);

        var rows = await Run.SyncAsync(Carry.All(layout, DestinationNaming.Path, registry.Address + "/x"));

        Assert.All(rows, r => Assert.True(r.Row.Error is null, r.Row.Error));
        Assert.Equal((_one.Digest, _two.Digest), (registry.DigestOf("x/library/busybox", "latest"), registry.DigestOf("x/team/tool", "latest")));
        foreach (var name in new[] { "docker.io/library/busybox:latest", "busybox:latest", "busybox" })
        {
            Assert.Equal(_one.Digest, (await Carry.SucceedAsync($"{layout}:{name}", "dir:" + folder["d"])).Digest);
        }

        using var engine = Run.Engine(cancellationToken: Token);
        var tags = await engine.ChooseTagsAsync(ImageLocation.Parse(layout), new TagSelector(new TagChoice()), Token);
        Assert.Equal([$"{layout}:docker.io/library/busybox:latest", $"{layout}:quay.io/team/tool:latest"], tags.All.Select(t => t.Reference).Order());
        Assert.All(await Checking.CheckTests.CheckAsync(layout), r => Assert.Equal("Whole", r.Row.Status));
    }

    [Fact]
    public async Task A_tag_that_several_images_have_is_told_with_what_to_write()
    {
        using var folder = new TempFolder();
        var layout = Two("1", "docker.io/library/busybox:1", "quay.io/team/tool:1").Write(folder["m.tar"]);

        var row = await Carry.CopyAsync(layout + ":1", "dir:" + folder["d"]);

        Assert.Equal("OciLayoutInvalid", row.ErrorId);
        Assert.Equal(
            $"'{folder["m.tar"]}': 2 different images are called '1'. Say which one: {layout}:docker.io/library/busybox:1, {layout}:quay.io/team/tool:1.",
            row.Error);
    }

    [Theory]
    [InlineData("m")]
    [InlineData("m.tar")]
    public async Task Different_images_of_one_name_are_told_apart_by_their_places(string path)
    {
        using var folder = new TempFolder();
        await using var registry = await EmbeddedRegistry.StartAsync();
        var layout = Two("a:1", null, null).Write(folder[path]);

        var row = await Carry.CopyAsync(layout + ":a:1", "dir:" + folder["d"]);
        Assert.EndsWith($"2 different images are called 'a:1'. Say which one: {layout}:@0, {layout}:@1.", row.Error);
        Assert.Equal(_two.Digest, (await Carry.SucceedAsync(layout + ":@1", "dir:" + folder["d"])).Digest);
        Assert.Equal([$"{layout}:@0", $"{layout}:@1"], (await Checking.CheckTests.CheckAsync(layout)).Select(r => r.Row.Reference));

        using var engine = Run.Engine(cancellationToken: Token);
        var tags = await engine.ChooseTagsAsync(ImageLocation.Parse(layout), new TagSelector(new TagChoice()), Token);
        Assert.Equal($"'{layout}': 2 images are called 'a:1', and the first is shown: {layout}:@0, {layout}:@1.", Assert.Single(tags.Remarks));

        var rows = await Run.SyncAsync(Carry.All(layout, DestinationNaming.Path, registry.Address));
        Assert.Equal(["OciNameCollision", "OciNameCollision"], rows.Select(r => r.Row.ErrorId));
        Assert.Equal([$"{layout}:@0", $"{layout}:@1"], rows.Select(r => r.Row.Source).Order());
    }

    [Theory]
    [InlineData("v2short:9", "docker.io/library/v2short:9")]
    [InlineData("team/app", "docker.io/team/app:latest")]
    [InlineData("reg.test/app:1", "reg.test/app:1")]
    [InlineData("1.27", null)]
    [InlineData("Upper/Case:1", null)]
    public async Task An_archive_has_the_whole_name_beside_the_one_that_was_given(string name, string? whole)
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", _one, "1");

        await Carry.SucceedAsync($"{source.Address}/a:1", $"oci-archive:{folder["a.tar"]}:{name}");

        var index = JsonNode.Parse(ArchiveTests.ReadTar(folder["a.tar"])["index.json"])!;
        var annotations = Assert.Single(index["manifests"]!.AsArray())!["annotations"]!;
        Assert.Equal((name, whole), ((string?)annotations["org.opencontainers.image.ref.name"], (string?)annotations["io.containerd.image.name"]));
        Assert.Equal(_one.Digest, (await Carry.SucceedAsync($"oci-archive:{folder["a.tar"]}:{name}", "dir:" + folder["d"])).Digest);
    }

    [Fact]
    public async Task A_whole_name_moves_to_the_image_that_gets_it()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", _two, "2");
        var layout = new LayoutBuilder().Add(_one).Entry(_one.Root, "latest", "docker.io/library/busybox:latest").Write(folder["m"]);

        await Carry.SucceedAsync($"{source.Address}/a:2", layout + ":docker.io/library/busybox:latest");

        Assert.Equal(_two.Digest, (await Carry.SucceedAsync(layout + ":docker.io/library/busybox:latest", "dir:" + folder["d"])).Digest);
        Assert.Equal(_one.Digest, (await Carry.SucceedAsync(layout + ":@0", "dir:" + folder["e"])).Digest);
        Assert.Equal("OciManifestUnknown", (await Carry.CopyAsync(layout + ":latest", "dir:" + folder["f"])).ErrorId);
    }

    [Fact]
    public async Task Two_images_of_one_name_in_a_docker_archive_are_offered_by_their_places()
    {
        using var folder = new TempFolder();
        var layer = new byte[1024];
        byte[] Config(string author) =>
            ArchiveDamage.Bytes(
                $$$"""{"author":"{{{author}}}","os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":["{{{Digest.Of(layer)}}}"]}}""");
        ArchiveDamage.Write(
            folder["a.tar"],
            new Dictionary<string, byte[]>
            {
                ["l.tar"] = layer,
                ["a.json"] = Config("a"),
                ["b.json"] = Config("b"),
                ["manifest.json"] = ArchiveDamage.Bytes(
                    """[{"Config":"a.json","RepoTags":["x:1"],"Layers":["l.tar"]},{"Config":"b.json","RepoTags":["x:1","y:1"],"Layers":["l.tar"]}]"""),
            },
            []);
        var archive = "docker-archive:" + folder["a.tar"];

        var row = await Carry.CopyAsync(archive + ":x:1", "dir:" + folder["d"]);

        Assert.EndsWith($"2 images are called 'docker.io/library/x:1'. Say which one: {archive}:@0, {archive}:docker.io/library/y:1.", row.Error);
        Assert.Equal([$"{archive}:@0", $"{archive}:@1"], (await Checking.CheckTests.CheckAsync(archive)).Select(r => r.Row.Reference));
    }

    private LayoutBuilder Two(string name, string? first, string? second) =>
        new LayoutBuilder().Add(_one, _two).Entry(_one.Root, name, first).Entry(_two.Root, name, second);
}
