using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>Folders that OciSync and skopeo write for each other.</summary>
public sealed class SkopeoFolderTests
{
    public static TheoryData<string, string> Written
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var kind in new[] { "single", "index", "docker", "attested", "zstd" })
            {
                data.Add(kind, "dir");


                // A layout keeps Docker's types as they are; skopeo finds by their names only those of OCI.
                if (kind != "docker")
                {
                    data.Add(kind, "oci");
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Written))]
    public async Task What_we_write_skopeo_reads_and_copies_byte_for_byte(string kind, string transport)
    {
        Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);
        var image = WholeImageTests.Make(kind);
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a/b", image, "1.0");
        var place = transport == "oci" ? $"oci:{folder["m"]}:a/b:1.0" : $"dir:{folder["d"]}";
        await Carry.SucceedAsync($"{source.Address}/a/b:1.0", place);

        Assert.Equal(image.Root.Text, (await SkopeoAsync("inspect", "--raw", place)).Succeeded());
        (await SkopeoAsync("copy", "--all", "--preserve-digests", "--dest-tls-verify=false", place, $"docker://{destination.Address}/c:1")).Succeeded();

        using var reader = new RawRegistryReader(destination.BaseUri);
        Assert.Equal(image.Digest, (await reader.VerifyAsync("c", "1", TestContext.Current.CancellationToken))[0]);
    }

    [Theory]
    [MemberData(nameof(Written))]
    public async Task What_skopeo_writes_we_read_and_copy_byte_for_byte(string kind, string transport)
    {
        Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);
        var image = WholeImageTests.Make(kind);
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a/b", image, "1.0");
        var place = transport == "oci" ? $"oci:{folder["m"]}:a/b:1.0" : $"dir:{folder["d"]}";
        (await SkopeoAsync("copy", "--all", "--preserve-digests", "--src-tls-verify=false", $"docker://{source.Address}/a/b:1.0", place)).Succeeded();

        var row = await Carry.SucceedAsync(place, $"{destination.Address}/c:1");

        Assert.Equal(("Copied", image.Digest), (row.Status, row.Digest));
        using var reader = new RawRegistryReader(destination.BaseUri);
        Assert.Equal(image.Digest, (await reader.VerifyAsync("c", "1", TestContext.Current.CancellationToken))[0]);
    }

    [Fact]
    public async Task Both_write_one_layout_in_turn_and_lose_nothing()
    {
        Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        var images = Enumerable.Range(1, 4).Select(i => ImageFactory.Create(new ImageSpec { Seed = i })).ToList();
        for (var i = 0; i < images.Count; i++)
        {
            await source.AddAsync("a", images[i], $"{i}");
        }

        var layout = "oci:" + folder["m"];
        for (var i = 0; i < images.Count; i++)
        {
            var (from, to) = ($"{source.Address}/a:{i}", $"{layout}:a:{i}");
            if (i % 2 == 0)
            {
                await Carry.SucceedAsync(from, to);
            }
            else
            {
                (await SkopeoAsync("copy", "--src-tls-verify=false", "docker://" + from, to)).Succeeded();
            }
        }

        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        for (var i = 0; i < images.Count; i++)
        {
            Assert.Equal(images[i].Digest, await engine.FindDigestAsync(ImageLocation.Parse($"{layout}:a:{i}"), null, TestContext.Current.CancellationToken));
            Assert.Equal(images[i].Root.Text, (await SkopeoAsync("inspect", "--raw", $"{layout}:a:{i}")).Succeeded());
        }
    }

    [Fact]
    public async Task Folders_of_skopeo_sync_are_synced_back_and_ours_by_skopeo()
    {
        Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skopeo's folder names are none on Windows");
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a/b", image, "1.0");
        Directory.CreateDirectory(folder["theirs"]);
        (await SkopeoAsync("sync", "--src-tls-verify=false", "--src", "docker", "--dest", "dir", $"{source.Address}/a/b:1.0", folder["theirs"])).Succeeded();

        Assert.Equal("Copied", (await Run.OneAsync(Carry.All("dir:" + folder["theirs"], DestinationNaming.Leaf, destination.Address + "/x"))).Status);
        Assert.Equal("Copied", (await Run.OneAsync(Run.Request([$"{source.Address}/a/b:1.0"], "dir:" + folder["ours"]))).Status);
        (await SkopeoAsync("sync", "--dest-tls-verify=false", "--src", "dir", "--dest", "docker", folder["ours"], destination.Address + "/y")).Succeeded();

        Assert.Equal(Carry.Tree(folder["theirs"]), Carry.Tree(folder["ours"]));
        Assert.Equal((image.Digest, image.Digest), (destination.DigestOf("x/b", "1.0"), destination.DigestOf("y/b", "1.0")));
    }

    // oci -> dir -> oci of every platform ends with the same files (skopeo's TestCopyAllWithManifestListRoundTrip).
    [Fact]
    public async Task A_way_round_ends_where_it_began()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual }), "1");

        await Carry.SucceedAsync($"{source.Address}/a:1", $"oci:{folder["oci1"]}:a:1");
        await Carry.SucceedAsync($"oci:{folder["oci1"]}:a:1", "dir:" + folder["dir1"]);
        await Carry.SucceedAsync("dir:" + folder["dir1"], $"oci:{folder["oci2"]}:a:1");
        await Carry.SucceedAsync($"oci:{folder["oci2"]}:a:1", "dir:" + folder["dir2"]);

        Assert.Equal(Carry.Tree(folder["oci1"]), Carry.Tree(folder["oci2"]));
        Assert.Equal(Carry.Tree(folder["dir1"]), Carry.Tree(folder["dir2"]));
    }

    [Fact]
    public async Task Dockers_types_are_kept_in_a_layout_and_found_by_their_place()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        var image = WholeImageTests.Make("docker");
        await source.AddAsync("a", image, "1");
        await Carry.SucceedAsync($"{source.Address}/a:1", $"oci:{folder["m"]}:a:1");

        Assert.Equal(image.Digest, (await Carry.SucceedAsync($"oci:{folder["m"]}:a:1", "dir:" + folder["d"])).Digest);
        Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);
        var read = await SkopeoAsync("inspect", "--raw", $"oci:{folder["m"]}");
        Assert.Equal(image.Root.Text, read.Succeeded());
    }

    private static Task<ProcessResult> SkopeoAsync(params string[] arguments) => Skopeo.RunAsync(arguments, null, TestContext.Current.CancellationToken);
}
