using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing;

namespace OciSync.Core.Tests.Layouts;

/// <summary>Layouts whose <c>index.json</c> lists the platforms of one image itself.</summary>
public sealed class LayoutGroupTests
{
    private readonly TestImage _amd = ImageFactory.Create(new ImageSpec { Seed = 1 });
    private readonly TestImage _arm = ImageFactory.Create(new ImageSpec { Seed = 2, Platforms = [TestPlatform.LinuxArm64] });

    public static TheoryData<string, string?> Forms => new() { { "m", "v1" }, { "m", null }, { "m.tar", "v1" }, { "m.tar", null } };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_platform_is_chosen(string path, string? name)
    {
        using var folder = new TempFolder();
        await using var registry = await EmbeddedRegistry.StartAsync();
        var source = Write(folder[path], name);

        var row = await Run.OneAsync(Carry.Request(source, registry.Address + "/a:1") with { Selection = Run.Only("linux/arm64") });

        Assert.True(row.Error is null, row.Error);
        Assert.Equal(_arm.Digest, registry.DigestOf("a", "1"));
        var other = await Run.OneAsync(Carry.Request(source, registry.Address + "/b:1") with { Selection = Run.Only("linux/s390x") });
        Assert.Equal("OciPlatformUnknown", other.ErrorId);
        Assert.Contains("it has linux/amd64, linux/arm64", other.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Without_a_choice_all_are_one_image_by_an_index_of_them(string path, string? name)
    {
        using var folder = new TempFolder();
        await using var registry = await EmbeddedRegistry.StartAsync();
        var source = Write(folder[path], name);

        var row = await Carry.SucceedAsync(source, registry.Address + "/a:1");

        Assert.Equal(["linux/amd64", "linux/arm64"], row.Platforms);
        using var reader = new RawRegistryReader(registry.BaseUri);
        var read = await reader.VerifyAsync("a", "1", TestContext.Current.CancellationToken);
        Assert.All([row.Digest!, _amd.Digest, _arm.Digest], d => Assert.Contains(d, read));
        Assert.Equal("UpToDate", (await Carry.SucceedAsync(source, registry.Address + "/a:1")).Status);
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        var info = await engine.InspectAsync(ImageLocation.Parse(source), new Inspection.InspectOptions(), TestContext.Current.CancellationToken);
        Assert.Equal((row.Digest, 2), (info.Digest, info.Platforms.Length));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_sync_and_a_check_have_one_row_for_them(string path, string? name)
    {
        using var folder = new TempFolder();
        await using var registry = await EmbeddedRegistry.StartAsync();
        Write(folder[path], name);
        var place = (path == "m" ? "oci:" : "oci-archive:") + folder[path];

        Assert.Equal(["Copied"], (await Run.SyncAsync(Carry.All(place, DestinationNaming.Leaf, registry.Address))).Statuses());
        Assert.Equal(("Whole", 3), Assert.Single((await Checking.CheckTests.CheckAsync(place)).Select(r => (r.Row.Status, r.Row.Manifests))));
    }

    [Fact]
    public async Task Two_of_one_platform_are_two_images()
    {
        using var folder = new TempFolder();
        var other = ImageFactory.Create(new ImageSpec { Seed = 3 });
        var layout = new LayoutBuilder().Add(_amd, other)
            .Entry(_amd.Root, "v1", platform: TestPlatform.LinuxAmd64).Entry(other.Root, "v1", platform: TestPlatform.LinuxAmd64).Write(folder["m"]);

        Assert.Contains("2 different images are called 'v1'", (await Carry.CopyAsync(layout + ":v1", "dir:" + folder["d"])).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removal_takes_all_of_them()
    {
        using var folder = new TempFolder();
        Write(folder["m"], "v1");
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);

        await engine.RemoveAsync(ImageLocation.Parse($"oci:{folder["m"]}:v1"), false, _ => Task.FromResult(true), TestContext.Current.CancellationToken);

        Assert.Empty(Directory.EnumerateFiles(folder["m/blobs/sha256"]));
    }

    // How it is asked for.
    private string Write(string path, string? name) => new LayoutBuilder().Add(_amd, _arm)
        .Entry(_amd.Root, name, platform: TestPlatform.LinuxAmd64).Entry(_arm.Root, name, platform: TestPlatform.LinuxArm64).Write(path)
        + (name is null ? string.Empty : ":" + name);
}
