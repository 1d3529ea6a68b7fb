using OciSync.Core.Images;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Conversion;

public sealed class PlaceTests
{
    // skopeo's TestCopyNoneWithManifestList: manifest.json and version, nothing else.
    [Fact]
    public async Task An_index_alone_goes_where_its_images_are_or_into_a_folder()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = WholeImageTests.Make("index");
        await source.AddAsync("a", image, "1");
        var alone = new ImageSelection { IndexOnly = true };
        var request = Carry.Request($"{source.Address}/a:1", $"{destination.Address}/b:new") with { Selection = alone };

        var row = await Run.OneAsync(Carry.Request($"{source.Address}/a:1", "dir:" + folder["d"]) with { Selection = alone });
        var early = await Run.OneAsync(request);
        await destination.AddAsync("b", image, "old");
        var late = await Run.OneAsync(request);

        Assert.Equal((image.Digest, 0L), (row.Digest, row.BytesCopied));
        Assert.Equal(["manifest.json", "version"], Carry.Tree(folder["d"]).Keys);
        Assert.Equal(("Failed", "OciBlobUnknown"), (early.Status, early.ErrorId));
        Assert.Equal(("Copied", image.Digest), (late.Status, destination.DigestOf("b", "new")));
    }

    [Fact]
    public async Task Layouts_share_their_blobs_in_a_folder_as_skopeos_do()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = WholeImageTests.Make("index");
        await source.AddAsync("a", image, "1");
        var shared = Run.Quick with { SourceBlobPath = folder["blobs"], DestinationBlobPath = folder["blobs"] };

        var first = await Run.OneAsync(Carry.Request($"{source.Address}/a:1", $"oci:{folder["m1"]}:a:1"), shared);
        var second = await Run.OneAsync(Carry.Request($"{source.Address}/a:1", $"oci:{folder["m2"]}:a:1"), shared);
        var back = await Run.OneAsync(Carry.Request($"oci:{folder["m2"]}:a:1", $"{destination.Address}/b:1"), shared);

        Assert.Equal((image.Digest, image.Digest, image.Digest), (first.Digest, second.Digest, back.Digest));
        Assert.Equal(0, second.BytesCopied);
        Assert.Equal(["index.json", "oci-layout"], Carry.Tree(folder["m1"]).Keys);
        Assert.Equal(image.Manifests.Count + image.Blobs.Count, Carry.Tree(folder["blobs"]).Count);
        Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);
        (await SkopeoAsync("copy", "--all", "--src-shared-blob-dir", folder["blobs"], $"oci:{folder["m1"]}:a:1", "dir:" + folder["theirs"])).Succeeded();
        Assert.Equal(image.Digest, Carry.Tree(folder["theirs"])["manifest.json"]);
        (await SkopeoAsync("copy", "--all", "--dest-shared-blob-dir", folder["blobs2"], "dir:" + folder["theirs"], $"oci:{folder["m3"]}:a:1")).Succeeded();
        var theirs = await Run.OneAsync(
            Carry.Request($"oci:{folder["m3"]}:a:1", "dir:" + folder["ours"]), Run.Quick with { SourceBlobPath = folder["blobs2"] });
        Assert.Equal(image.Digest, theirs.Digest);
    }

    private static Task<ProcessResult> SkopeoAsync(params string[] arguments) => Skopeo.RunAsync(arguments, null, TestContext.Current.CancellationToken);
}
