using System.Text.Json.Nodes;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Removing;

/// <summary>Removal from layouts: the name goes, and the blobs that nobody else needs.</summary>
public sealed class LayoutRemovalTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Layout => "oci:" + _folder["m"];

    [Fact]
    public async Task A_layout_after_a_removal_is_as_if_the_image_had_never_been_there()
    {
        var images = ImageFactory.Family(2, sharedSize: 3_000);
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", images[0], "1");
        await source.AddAsync("a", images[1], "2");
        await Carry.SucceedAsync($"{source.Address}/a:1", Layout + ":a:1");
        var before = Carry.Tree(_folder["m"]);
        var two = await Carry.SucceedAsync($"{source.Address}/a:2", Layout + ":a:2");
        var removal = new Removal();

        var removed = await removal.RunAsync(Layout + ":a:2");

        Assert.Equal((Layout + ":a:2", images[1].Digest), (removed!.Reference, removed.Digest));
        Assert.Equal(two.BytesCopied + images[1].Root.Bytes.Length, removed.BytesFreed);
        Assert.Equal(before, Carry.Tree(_folder["m"]));
        Assert.Empty(removal.Warnings);
        Assert.Equal("UpToDate", (await Carry.CopyAsync($"{source.Address}/a:1", Layout + ":a:1")).Status);
    }

    [Fact]
    public async Task An_index_goes_with_its_parts_but_a_part_that_has_a_name_stays_whole()
    {
        var image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, Attestations = true });
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", image, "1");
        await Carry.SucceedAsync($"{source.Address}/a:1", Layout + ":a:1");
        await Carry.SucceedAsync($"{source.Address}/a@{image.Manifests[0].Digest}", Layout + ":a:part");

        await new Removal().RunAsync(Layout + ":a:1");

        await using var target = await EmbeddedRegistry.StartAsync();
        await Carry.SucceedAsync(Layout + ":a:part", $"{target.Address}/a:part");
        await new Removal().RunAsync(Layout + ":a:part");
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Another_name_of_the_image_keeps_it()
    {
        await using var source = await SeededAsync(ImageFactory.Create());
        await Carry.SucceedAsync($"{source.Address}/a:1", Layout + ":a:again");
        var files = Files();

        var removed = await new Removal().RunAsync(Layout + ":a:1");

        Assert.Equal(0, removed!.BytesFreed);
        Assert.Equal(files, Files());
        await using var target = await EmbeddedRegistry.StartAsync();
        await Carry.SucceedAsync(Layout + ":a:again", $"{target.Address}/a:1");
    }

    [Theory]
    [InlineData(":@0")]
    [InlineData("")]
    public async Task An_image_is_removed_by_its_place_and_as_the_only_one(string place)
    {
        await using var source = await SeededAsync(ImageFactory.Create());

        Assert.NotNull(await new Removal().RunAsync(Layout + place));
        Assert.Empty(Files());
        Assert.Equal("Copied", (await Carry.CopyAsync($"{source.Address}/a:1", Layout + ":a:1")).Status);
    }

    [Fact]
    public async Task What_speaks_of_an_image_goes_with_it_unless_it_has_a_name()
    {
        var image = ImageFactory.Create();
        await using var source = await SeededAsync(image);
        var signature = ImageFactory.Artifact("application/vnd.test.signature", "of a", image.Root);
        var sbom = ImageFactory.Artifact("application/vnd.test.sbom", "of a", image.Root);
        await source.AddAsync("a", signature, "sig");
        await source.AddAsync("a", sbom, "sbom");
        await Carry.SucceedAsync($"{source.Address}/a:sig", Layout);
        await Carry.SucceedAsync($"{source.Address}/a:sbom", Layout + ":a:sbom");

        await new Removal().RunAsync(Layout + ":a:1");
        Assert.True(Has(image.Digest), "a named SBOM still speaks of it");
        Assert.False(Has(signature.Digest));

        await new Removal().RunAsync(Layout + ":a:sbom");
        Assert.Empty(Files());
    }

    [Fact]
    public async Task What_speaks_of_a_part_of_an_image_goes_with_it_and_stays_while_another_image_has_the_part()
    {
        var image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual });
        var signature = ImageFactory.Artifact("application/vnd.test.signature", "of a part", image.Manifests[0]);
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", image, "1");
        await source.AddAsync("a", signature, "sig");
        var rows = await Run.SyncAsync(Run.Request([$"{source.Address}/a:1"], Layout) with { IncludeReferrer = true });
        Assert.Equal(1, Assert.Single(rows).Row.ReferrersCopied);
        await Carry.SucceedAsync($"{source.Address}/a@{image.Manifests[0].Digest}", Layout + ":a:part");

        await new Removal().RunAsync(Layout + ":a:1");
        Assert.True(Has(signature.Digest), "the part is an image of its own and is signed");

        await new Removal().RunAsync(Layout + ":a:part");
        Assert.Empty(Files());
    }

    [Fact]
    public async Task While_another_writes_blobs_stay_and_go_with_the_next_removal()
    {
        await using var source = await SeededAsync(ImageFactory.Create());
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 7 }), "2");
        await Carry.SucceedAsync($"{source.Address}/a:2", Layout + ":a:2");
        var files = Files();
        var removal = new Removal();
        using (new FileStream(_folder["m/.ocisync-users"], FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            Assert.Equal(0, (await removal.RunAsync(Layout + ":a:1"))!.BytesFreed);
        }

        Assert.Contains("is being written to", Assert.Single(removal.Warnings));
        Assert.Equal(files, Files());
        await FailsAsync(OciErrorKind.ManifestUnknown, Layout + ":a:1");
        await new Removal().RunAsync(Layout + ":a:2");
        Assert.Empty(Files());
    }

    [Fact]
    public async Task A_writer_that_has_found_a_blob_keeps_it_from_being_collected()
    {
        var images = ImageFactory.Family(2, sharedSize: 3_000);
        await using var source = await SeededAsync(images[0]);
        await source.AddAsync("a", images[1], "2");
        var stalled = source.Faults.Add(
            "GET", $"/blobs/{images[1].Blobs.Keys.Except(images[0].Blobs.Keys).First()}", Testing.Registry.Faults.FaultAction.StallBeforeHeaders(), times: 1);
        var copying = Carry.CopyAsync($"{source.Address}/a:2", Layout + ":a:2");
        await stalled.Reached;

        await new Removal().RunAsync(Layout + ":a:1");
        stalled.Release();

        Assert.Equal("Copied", (await copying).Status);
        await using var target = await EmbeddedRegistry.StartAsync();
        await Carry.SucceedAsync(Layout + ":a:2", $"{target.Address}/a:2");
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("application/vnd.test.of.the.future+json")]
    public async Task Where_it_cant_be_said_what_is_needed_every_blob_stays(string fault)
    {
        await using var source = await SeededAsync(ImageFactory.Create());
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 7 }), "2");
        await Carry.SucceedAsync($"{source.Address}/a:2", Layout + ":a:2");
        if (fault == "garbage")
        {
            await File.WriteAllTextAsync(_folder["m/blobs/sha256/" + source.DigestOf("a", "2")![7..]], "no manifest", TestContext.Current.CancellationToken);
        }
        else
        {
            var text = $"{{\"schemaVersion\":3,\"mediaType\":\"{fault}\"}}";
            var digest = Digest.Of(System.Text.Encoding.UTF8.GetBytes(text));
            await File.WriteAllTextAsync(_folder["m/blobs/sha256/" + digest.Hex], text, TestContext.Current.CancellationToken);
            var index = JsonNode.Parse(await File.ReadAllTextAsync(_folder["m/index.json"], TestContext.Current.CancellationToken))!;
            index["manifests"]!.AsArray().Add(new JsonObject { ["mediaType"] = fault, ["digest"] = digest.ToString(), ["size"] = text.Length });
            await File.WriteAllTextAsync(_folder["m/index.json"], index.ToJsonString(), TestContext.Current.CancellationToken);
        }

        var files = Files();
        var removal = new Removal();

        Assert.Equal(0, (await removal.RunAsync(Layout + ":a:1"))!.BytesFreed);
        Assert.Contains("its blobs stay", Assert.Single(removal.Warnings));
        Assert.Equal(files, Files());
    }

    [Fact]
    public async Task A_file_that_is_no_blob_and_an_image_that_is_not_there_do_no_harm()
    {
        await using var source = await SeededAsync(ImageFactory.Create());
        await File.WriteAllTextAsync(_folder["m/blobs/sha256/README"], "mine", TestContext.Current.CancellationToken);
        File.Delete(_folder["m/blobs/sha256/" + source.DigestOf("a", "1")![7..]]);

        await new Removal().RunAsync(Layout + ":a:1");
        Assert.Equal(["README"], Files());
    }

    [Fact]
    public async Task Nothing_changes_without_a_yes_and_when_it_is_only_asked_what_would_be()
    {
        await using var source = await SeededAsync(ImageFactory.Create());
        var before = Carry.Tree(_folder["m"]);

        Assert.Null(await new Removal { Answer = _ => false }.RunAsync(Layout + ":a:1"));
        Assert.Null(await new Removal().RunAsync(Layout + ":a:1", isReadOnly: true));
        Assert.Equal(before, Carry.Tree(_folder["m"]));
    }

    [Fact]
    public async Task What_is_wrong_is_an_error()
    {
        await FailsAsync(OciErrorKind.ManifestUnknown, Layout + ":a:1");
        await FailsAsync(OciErrorKind.TransportUnsupported, "dir:" + _folder["x"]);
        await using var source = await SeededAsync(ImageFactory.Create());
        await FailsAsync(OciErrorKind.ManifestUnknown, Layout + ":a:2");
        Assert.NotEmpty(Files());
    }

    public void Dispose() => _folder.Dispose();

    private async Task<EmbeddedRegistry> SeededAsync(TestImage image)
    {
        var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", image, "1");
        await Carry.SucceedAsync($"{source.Address}/a:1", Layout + ":a:1");
        return source;
    }

    private List<string> Files() =>
        Directory.GetFiles(_folder["m/blobs"], "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal).ToList();

    private bool Has(string digest) => File.Exists(_folder["m/blobs/sha256/" + digest[7..]]);

    private static async Task FailsAsync(OciErrorKind kind, string reference) =>
        Assert.Equal(kind, (await Assert.ThrowsAsync<OciException>(() => new Removal().RunAsync(reference))).Kind);
}
