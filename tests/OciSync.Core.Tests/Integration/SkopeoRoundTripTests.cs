using OciSync.Core.Conversion;
using OciSync.Core.References;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;
using Convert = OciSync.Core.Tests.Conversion.Convert;

namespace OciSync.Core.Tests.Integration;

/// <summary>skopeo's own tests of ways round (integration/copy_test.go), and its folders beside ours.</summary>
public sealed class SkopeoRoundTripTests
{
    // TestCopyAllWithManifestListRoundTrip, with a registry between.
    [Theory]
    [InlineData("index")]
    [InlineData("attested")]
    [InlineData("docker")]
    public async Task From_layout_to_registry_to_layout_to_folder_to_layout_every_file_is_the_same(string kind)
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var middle = await EmbeddedRegistry.StartAsync();
        var image = WholeImageTests.Make(kind);
        await source.AddAsync("a", image, "1");
        string[] way = [
            $"oci:{folder["1"]}:a:1", $"{middle.Address}/a:1", $"oci:{folder["2"]}:a:1", "dir:" + folder["d"], $"oci:{folder["3"]}:a:1", "dir:" + folder["e"]];

        var from = $"{source.Address}/a:1";
        foreach (var to in way)
        {
            Assert.Equal(image.Digest, (await Carry.SucceedAsync(from, to)).Digest);
            from = to;
        }

        Assert.Equal(image.Manifests.Count + image.Blobs.Count + 2, Carry.Tree(folder["1"]).Count);
        Assert.Equal(Carry.Tree(folder["1"]), Carry.Tree(folder["2"]));
        Assert.Equal(Carry.Tree(folder["1"]), Carry.Tree(folder["3"]));
        Assert.Equal(Carry.Tree(folder["d"]), Carry.Tree(folder["e"]));
    }

    // TestCopyAllWithManifestListConverge: skopeo's folder and ours have the same files.
    [Theory]
    [InlineData("index")]
    [InlineData("docker")]
    [InlineData("zstd")]
    public async Task A_folder_of_skopeo_has_the_same_files_as_ours(string kind)
    {
        SkipWithoutSkopeo();
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", WholeImageTests.Make(kind), "1");

        (await SkopeoAsync("copy", "--all", "--src-tls-verify=false", $"docker://{source.Address}/a:1", "dir:" + folder["theirs"])).Succeeded();
        await Carry.SucceedAsync($"{source.Address}/a:1", "dir:" + folder["ours"]);

        Assert.Equal(Carry.Tree(folder["theirs"]), Carry.Tree(folder["ours"]));
    }

    // TestCopyWithManifestListDigest: of a list by its digest one platform is the same whether all came first or not.
    [Fact]
    public async Task One_platform_of_a_list_is_the_same_directly_and_out_of_a_folder_of_all()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        var image = WholeImageTests.Make("docker");
        await source.AddAsync("a", image, "1");
        var one = Run.Only("linux/arm64/v8");
        var name = $"{source.Address}/a@{image.Digest}";

        await Carry.SucceedAsync(name, "dir:" + folder["all"]);
        await Run.OneAsync(Carry.Request("dir:" + folder["all"], $"oci:{folder["1"]}:a:1") with { Selection = one });
        await Run.OneAsync(Carry.Request(name, $"oci:{folder["2"]}:a:1") with { Selection = one });

        Assert.Equal(Carry.Tree(folder["1"]), Carry.Tree(folder["2"]));
        var child = image.For(TestPlatform.LinuxArm64);
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(child.Digest, await engine.FindDigestAsync(ImageLocation.Parse($"oci:{folder["1"]}:a:1"), null, TestContext.Current.CancellationToken));
    }

    // TestCopyPreserveDigests: all platforms into a folder; asked for another format as well it fails.
    [Fact]
    public async Task Digests_of_a_list_are_preserved_and_another_format_is_refused()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        var image = WholeImageTests.Make("docker");
        await source.AddAsync("a", image, "1");
        var preserve = new ConversionOptions { PreserveDigest = true };

        var row = await Convert.CopyAsync($"{source.Address}/a:1", "dir:" + folder["no"], preserve with { Format = ImageFormat.Oci });
        Assert.Equal(("Failed", "OciDigestNotPreserved"), (row.Status, row.ErrorId));
        Assert.False(Directory.Exists(folder["no"]));
        Assert.Equal(image.Digest, (await Convert.SucceedAsync($"{source.Address}/a:1", "dir:" + folder["yes"], preserve)).Digest);
    }

    // systemtest 070: the names in an archive that is packed as a whole.
    [Fact]
    public async Task The_names_in_a_packed_archive_of_skopeo_are_listed()
    {
        SkipWithoutSkopeo();
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        (await SkopeoAsync(
            "copy",
            "--src-tls-verify=false",
            $"docker://{source.Address}/a:1",
            $"docker-archive:{folder["a.tar"]}:reg.test/a:1",
            "--additional-tag",
            "reg.test/a:latest")).Succeeded();
        File.WriteAllBytes(folder["a.tar.gz"], Convert.Gzip(File.ReadAllBytes(folder["a.tar"])));

        var names = (await Checking.CheckTests.CheckAsync("docker-archive:" + folder["a.tar.gz"])).Select(r => r.Row.Reference);
        Assert.Equal([$"docker-archive:{folder["a.tar.gz"]}:reg.test/a:1", $"docker-archive:{folder["a.tar.gz"]}:reg.test/a:latest"], names);
    }

    private static void SkipWithoutSkopeo() => Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);

    private static Task<ProcessResult> SkopeoAsync(params string[] arguments) => Skopeo.RunAsync(arguments, null, TestContext.Current.CancellationToken);
}
