using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Transports;

public sealed class DirTests
{
    public static TheoryData<string> Kinds => WholeImageTests.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_kind_goes_into_a_folder_and_out_again_byte_for_byte(string kind)
    {
        var image = WholeImageTests.Make(kind);
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("lib/image", image, "1.0");
        var place = "dir:" + folder["d"];

        var inward = await Carry.SucceedAsync($"{source.Address}/lib/image:1.0", place);
        var outward = await Carry.SucceedAsync(place, $"{destination.Address}/m/image:1.0");

        Assert.Equal(("Copied", image.Digest, place), (inward.Status, inward.Digest, inward.Destination));
        Assert.Equal(("Copied", image.Digest), (outward.Status, outward.Digest));
        using var reader = new RawRegistryReader(destination.BaseUri);
        Assert.Equal(image.Digest, (await reader.VerifyAsync("m/image", "1.0", TestContext.Current.CancellationToken))[0]);
        Assert.Equal("Directory Transport Version: 1.1\n", File.ReadAllText(folder["d/version"]));
        Assert.Equal("UpToDate", (await Carry.SucceedAsync($"{source.Address}/lib/image:1.0", place)).Status);
    }

    [Fact]
    public async Task A_folder_for_each_image_and_back_and_a_second_run_moves_nothing()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var (index, single) = (ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual }), ImageFactory.Create(new ImageSpec { Seed = 5 }));
        await source.AddAsync("a/nginx", index, "1.27");
        await source.AddAsync("a/redis", single, "7");
        var inward = Run.Request([$"{source.Address}/a/nginx:1.27", $"{source.Address}/a/redis@{single.Digest}"], "dir:" + folder.Path);
        var outward = Carry.All("dir:" + folder.Path, DestinationNaming.Leaf, destination.Address + "/ns");

        Assert.Equal(["Copied", "Copied"], (await Run.SyncAsync(inward)).Statuses());
        Assert.Equal(["Copied", "Copied"], (await Run.SyncAsync(outward)).Statuses());

        Assert.Equal(index.Digest, destination.DigestOf("ns/nginx", "1.27"));
        Assert.True(destination.HasManifest("ns/redis", single.Digest));
        Assert.All(await Run.SyncAsync(inward), o => Assert.Equal("UpToDate", o.Row.Status));
        Assert.All(await Run.SyncAsync(outward), o => Assert.Equal("UpToDate", o.Row.Status));
    }

    [Fact]
    public async Task A_new_image_takes_the_place_of_the_old_one_and_nothing_else()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        var old = ImageFactory.Create(new ImageSpec { Platforms = [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64] });
        var current = ImageFactory.Create(new ImageSpec { Seed = 2, Platforms = [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64] });
        await source.AddAsync("a", old, "1");
        await source.AddAsync("a", current, "2");
        var place = "dir:" + folder["d"];
        await Carry.SucceedAsync($"{source.Address}/a:1", place);
        File.WriteAllText(folder["d/README"], "of the user");
        File.WriteAllText(folder["d/" + new string('a', 64)], "of a copy that was broken off");

        var row = await Carry.SucceedAsync($"{source.Address}/a:2", place);

        Assert.Equal(("Updated", old.Digest, current.Digest), (row.Status, row.PreviousDigest, row.Digest));
        await Carry.SucceedAsync($"{source.Address}/a:2", "dir:" + folder["fresh"]);
        var fresh = Carry.Tree(folder["fresh"]);
        fresh.Add("README", Digest.Of(File.ReadAllBytes(folder["d/README"])).ToString());
        Assert.Equal(fresh, Carry.Tree(folder["d"]));
    }

    [Fact]
    public async Task An_image_that_fails_leaves_the_old_one_whole()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        var (old, current) = (ImageFactory.Create(), ImageFactory.Create(new ImageSpec { Seed = 2 }));
        await source.AddAsync("a", old, "1");
        await source.AddAsync("a", current, "2");
        await Carry.SucceedAsync($"{source.Address}/a:1", "dir:" + folder["d"]);
        var before = Carry.Tree(folder["d"]);
        source.Faults.Add("GET", "/blobs/" + current.Blobs.Keys.First(), FaultAction.CutResponse(0), times: 1000);

        Assert.Equal("Failed", (await Carry.CopyAsync($"{source.Address}/a:2", "dir:" + folder["d"])).Status);

        var after = Carry.Tree(folder["d"]);
        Assert.All(before, f => Assert.Equal(f.Value, after[f.Key]));
    }

    [Fact]
    public async Task A_folder_of_something_else_is_left_alone()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        File.WriteAllText(folder["thesis.txt"], "years of work");

        foreach (var place in new[] { "dir:" + folder.Path, "oci:" + folder.Path + ":a:1" })
        {
            var row = await Carry.CopyAsync($"{source.Address}/a:1", place);

            Assert.Equal(("Failed", "OciLayoutInvalid"), (row.Status, row.ErrorId));
            Assert.Contains($"'{folder.Path}' is not", row.Error);
            Assert.Equal(["thesis.txt"], Carry.Tree(folder.Path).Keys);
        }
    }

    [Fact]
    public async Task Signatures_of_an_image_go_with_it_when_another_takes_its_place()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 2 }), "2");
        await Carry.SucceedAsync($"{source.Address}/a:1", "dir:" + folder["d"]);
        File.WriteAllText(folder["d/signature-1"], "of the first");
        File.WriteAllText(folder["d/my-signature-1"], "mine");

        Assert.Equal("UpToDate", (await Carry.SucceedAsync($"{source.Address}/a:1", "dir:" + folder["d"])).Status);
        Assert.True(File.Exists(folder["d/signature-1"]));
        await Carry.SucceedAsync($"{source.Address}/a:2", "dir:" + folder["d"]);
        Assert.False(File.Exists(folder["d/signature-1"]));
        Assert.True(File.Exists(folder["d/my-signature-1"]));
    }

    [Fact]
    public async Task Further_tags_go_beside_a_name_in_a_layout_and_nowhere_in_a_folder_of_one_image()
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "1.0");

        var layout = await Run.OneAsync(Carry.Request($"{source.Address}/a:1.0", $"oci:{folder["m"]}:x/a:1.0") with { AdditionalTags = ["1", "stable"] });
        var dir = await Run.OneAsync(Carry.Request($"{source.Address}/a:1.0", "dir:" + folder["d"]) with { AdditionalTags = ["1"] });

        Assert.Equal("Copied", layout.Status);
        Assert.Equal(("Failed", "OciReferenceInvalid"), (dir.Status, dir.ErrorId));
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        foreach (var tag in new[] { "1.0", "1", "stable" })
        {
            var place = ImageLocation.Parse($"oci:{folder["m"]}:x/a:{tag}");
            Assert.Equal(image.Digest, await engine.FindDigestAsync(place, null, TestContext.Current.CancellationToken));
        }
    }
}
