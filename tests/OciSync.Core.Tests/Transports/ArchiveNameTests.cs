using System.Text.Json;
using OciSync.Core.Inspection;
using OciSync.Core.References;
using OciSync.Core.Tests.Archives;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing;

namespace OciSync.Core.Tests.Transports;

/// <summary>What images are called in archives, layouts and Docker engines: further names, and the names that an inspection shows.</summary>
public sealed class ArchiveNameTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_image_in_a_docker_archive_gets_further_names_and_not_only_tags()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");

        await Run.OneAsync(
            Carry.Request($"{source.Address}/a:1", $"docker-archive:{folder["a.tar"]}:reg.test/a:1") with { AdditionalTags = ["2", "nginx:3", "other/x"] });

        using var list = JsonDocument.Parse(ArchiveTests.ReadTar(folder["a.tar"])["manifest.json"]);
        Assert.Equal(
            ["docker.io/library/nginx:3", "docker.io/other/x:latest", "reg.test/a:1", "reg.test/a:2"],
            Assert.Single(list.RootElement.EnumerateArray().ToList()).GetProperty("RepoTags").EnumerateArray().Select(t => t.GetString()).Order());
    }

    [Fact]
    public async Task An_image_in_an_oci_archive_gets_them_too()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");

        await Run.OneAsync(Carry.Request($"{source.Address}/a:1", $"oci-archive:{folder["a.tar"]}:a:1") with { AdditionalTags = ["2", "nginx:3"] });

        using var index = JsonDocument.Parse(ArchiveTests.ReadTar(folder["a.tar"])["index.json"]);
        Assert.Equal(
            ["a:1", "a:2", "nginx:3"],
            index.RootElement.GetProperty("manifests").EnumerateArray().Select(
                e => e.GetProperty("annotations").GetProperty("org.opencontainers.image.ref.name").GetString()).Order());
    }

    [Theory]
    [InlineData("registry")]
    [InlineData("oci")]
    public async Task A_whole_name_beside_another_is_refused_where_it_would_be_elsewhere(string to)
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        var place = to == "registry" ? source.Address + "/b:1" : $"oci:{folder["m"]}:b:1";

        var row = await Run.OneAsync(Carry.Request($"{source.Address}/a:1", place) with { AdditionalTags = ["nginx:3"] });

        Assert.Equal(("Failed", "OciReferenceInvalid"), (row.Status, row.ErrorId));
        Assert.Contains("-AdditionalTag 'nginx:3' is a whole name", row.Error, StringComparison.Ordinal);
        Assert.Empty(source.TagsOf("b"));
        Assert.False(Directory.Exists(folder["m"]));
    }

    [Theory]
    [InlineData("1.27", null)]
    [InlineData("nginx:1", null)]
    [InlineData("reg.test:5000/a/b:1", null)]
    [InlineData("", "it is empty")]
    [InlineData("a b", "the tag 'a b' has the character ' ' at position 2, which it can't have there")]
    [InlineData("Nginx:1", "'Nginx'")]
    public void A_further_name_is_checked_and_the_message_names_nothing_that_was_not_written(string name, string? fault)
    {
        var found = ImageLocation.FindFurtherNameFault(name);

        Assert.Equal(fault is null, found is null);
        Assert.Contains(fault ?? string.Empty, found ?? string.Empty, StringComparison.Ordinal);
        Assert.DoesNotContain("x.test", found ?? string.Empty, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("docker-archive:<path>/all.tar:reg.test/a:1", "reg.test/a", "1")]
    [InlineData("docker-archive:<path>/one.tar:@0", "docker.io/library/alpine", "3")]
    [InlineData("docker-archive:<path>/one.tar", "docker.io/library/alpine", "3")]
    [InlineData("docker-archive:<path>/none.tar", "docker-archive:<path>/none.tar", null)]
    [InlineData("oci:<path>/m:team/pause:3.10", "team/pause", "3.10")]
    [InlineData("oci:<path>/m", "team/pause", "3.10")]
    [InlineData("oci:<path>/tag:v1", "oci:<path>/tag", "v1")]
    [InlineData("oci-archive:<path>/docker.tar:latest", "docker.io/library/busybox", "latest")]
    [InlineData("dir:<path>/d", "dir:<path>/d", null)]
    public async Task An_inspection_shows_what_the_image_is_called(string reference, string name, string? tag)
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "1");
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 2 }), "2");
        foreach (var place in new[]
        {
            $"docker-archive:{folder["one.tar"]}:alpine:3",
            "docker-archive:" + folder["none.tar"],
            $"oci:{folder["m"]}:team/pause:3.10",
            $"oci:{folder["tag"]}:v1",
            "dir:" + folder["d"]
        })
        {
            await Carry.SucceedAsync($"{source.Address}/a:1", place);
        }

        new LayoutBuilder().Add(image).Entry(image.Root, "latest", "docker.io/library/busybox:latest").Write(folder["docker.tar"]);
        await Run.SyncAsync(Carry.Request($"{source.Address}/a:1", "dir:" + folder["unused"]) with
        {
            Pairs = [.. new[] { 1, 2 }.SelectMany(i => Carry.Request($"{source.Address}/a:{i}", $"docker-archive:{folder["all.tar"]}:reg.test/a:{i}").Pairs)],
        });
        using var engine = Run.Engine(cancellationToken: Token);

        var info = await engine.InspectAsync(ImageLocation.Parse(reference.Replace("<path>", folder.Path)), new InspectOptions(), Token);

        Assert.Equal((name.Replace("<path>", folder.Path), tag), (info.Name, info.Tag));
    }

    [Theory]
    [InlineData("docker-daemon:alpine:3", "docker.io/library/alpine:3", "docker.io/library/alpine", "3")]
    [InlineData("docker-daemon:sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        null, "docker-daemon:sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", null)]
    public void An_image_of_a_docker_engine_is_called_as_docker_calls_it(string reference, string? found, string name, string? tag) =>
        Assert.Equal((name, tag), ImageNames.Of(ImageLocation.Parse(reference), found));
}
