using System.Text.Json.Nodes;
using OciSync.Core.Images;
using OciSync.Core.Inspection;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Engine;

/// <summary>Platforms of indexes whose images stand in indexes in them, or say nothing of a platform.</summary>
public sealed class NestedPlatformTests : IAsyncLifetime
{
    private static readonly TestImage Linux = ImageFactory.Create(new ImageSpec
    {
        Platforms = [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64], Attestations = true,
    });

    private static readonly TestImage Windows = ImageFactory.Create(new ImageSpec { Seed = 5, Platforms = [TestPlatform.WindowsAmd64], Index = true });
    private static readonly TestImage Nested = ImageFactory.Nest(Linux, Windows);
    private EmbeddedRegistry _registry = null!;

    private string Source => $"{_registry.Address}/a:1";

    public async ValueTask InitializeAsync()
    {
        _registry = await EmbeddedRegistry.StartAsync();
        await _registry.AddAsync("a", Nested, "1");
    }

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task One_platform_is_found_in_an_index_in_an_index()
    {
        var row = await CopyAsync("linux/arm64");

        Assert.Equal(("Copied", Linux.For(TestPlatform.LinuxArm64).Digest), (row.Status, row.Digest));
        Assert.Equal(["linux/arm64"], row.Platforms);
        Assert.Equal("linux/arm64 of linux/amd64, linux/arm64, windows/amd64:10.0.20348.2527, without its build attestation", row.Reason);
    }

    [Fact]
    public async Task Of_several_a_whole_inner_index_stays_and_a_part_takes_its_place()
    {
        var row = await CopyAsync("linux/arm64", "windows/amd64");

        var entries = await Indexes.EntriesAsync(_registry, "to/a", "1");
        var arm64 = Linux.For(TestPlatform.LinuxArm64).Digest;
        Assert.Equal([arm64, Windows.Digest], entries.Where(e => e["annotations"] is null).Select(Indexes.DigestOf));
        Assert.Equal(arm64, Assert.Single(entries, e => e["annotations"] is not null)["annotations"]!["vnd.docker.reference.digest"]!.GetValue<string>());
        Assert.Equal(["linux/arm64", "windows/amd64:10.0.20348.2527"], row.Platforms.Order());
    }

    [Fact]
    public async Task All_platforms_are_the_index_as_it_is()
    {
        var row = await CopyAsync("linux/amd64", "linux/arm64", "windows/amd64");
        Assert.Equal((Nested.Digest, null), (row.Digest, row.Reason));
        Assert.Equal(3, row.Platforms.Length);
    }

    [Fact]
    public async Task Attestations_in_an_inner_index_are_left_out_as_well()
    {
        var row = await Run.OneAsync(Request() with { Selection = new ImageSelection { ExcludeAttestation = true } });

        var entries = await Indexes.EntriesAsync(_registry, "to/a", "1");
        Assert.Equal(
            [Linux.For(TestPlatform.LinuxAmd64).Digest, Linux.For(TestPlatform.LinuxArm64).Digest, Windows.Digest], entries.Select(Indexes.DigestOf));
        Assert.Equal("without 2 build attestations", row.Reason);
    }

    [Fact]
    public async Task What_it_has_is_said_of_all_its_indexes()
    {
        var row = await CopyAsync("linux/s390x");
        Assert.Equal("OciPlatformUnknown", row.ErrorId);
        Assert.Contains("it has linux/amd64, linux/arm64, windows/amd64:10.0.20348.2527", row.Error, StringComparison.Ordinal);

        var info = await InspectAsync(null);
        Assert.Equal(["linux/amd64", "linux/arm64", "windows/amd64:10.0.20348.2527"], info.Platforms);
        Assert.Equal(Windows.For(TestPlatform.WindowsAmd64).Digest, (await InspectAsync("windows/amd64")).PlatformDigest);
        Assert.Equal(Linux.For(TestPlatform.LinuxArm64).Digest, (await InspectAsync("linux/arm64")).PlatformDigest);
    }

    [Theory]
    [InlineData("linux/arm64")]
    [InlineData(null)]
    public async Task A_docker_archive_gets_one_of_an_inner_index(string? platform)
    {
        using var folder = new TempFolder();
        var nested = ImageFactory.Nest(Windows, Linux);
        await _registry.AddAsync("b", nested, "1");
        var request = Carry.Request($"{_registry.Address}/b:1", $"docker-archive:{folder["a.tar"]}:b:1");

        var row = await Run.OneAsync(platform is null ? request : request with { Selection = Run.Only(platform) });

        Assert.True(row.Error is null, row.Error);
        Assert.Equal([platform ?? Platform.Default.ToString()], row.Platforms);
    }

    [Fact]
    public async Task An_entry_that_says_no_platform_is_for_what_its_config_says()
    {
        var image = Indexes.Change(
            ImageFactory.Create(new ImageSpec { Platforms = [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64] }),
            root => root["manifests"]!.AsArray().ToList().ForEach(e => e!.AsObject().Remove("platform")));
        await _registry.AddAsync("a", image, "1");

        Assert.Equal(image.For(TestPlatform.LinuxArm64).Digest, (await CopyAsync("linux/arm64")).Digest);
        Assert.Equal(image.For(TestPlatform.LinuxArm64).Digest, (await InspectAsync("linux/arm64")).PlatformDigest);
        Assert.Equal("OciPlatformUnknown", (await CopyAsync("linux/s390x")).ErrorId);
    }

    // The .NET SDK's archives have such an index.json, and crane push --index makes it an image (findings/dotnet-container-archives.sh).
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Entries_with_an_empty_platform_are_as_ones_that_say_none(bool ofAnIndex)
    {
        var image = ofAnIndex ? ImageFactory.Nest(Linux) : ImageFactory.Create(new ImageSpec { Platforms = [TestPlatform.LinuxArm64], Index = true });
        await _registry.AddAsync("a", Indexes.Change(image, root => root["manifests"]![0]!["platform"] = new JsonObject()), "1");

        Assert.Equal(image.For(TestPlatform.LinuxArm64).Digest, (await CopyAsync("linux/arm64")).Digest);
        Assert.Equal(image.For(TestPlatform.LinuxArm64).Digest, (await InspectAsync("linux/arm64")).PlatformDigest);
        Assert.Equal(ofAnIndex ? ["linux/amd64", "linux/arm64"] : ["linux/arm64"], (await InspectAsync(null)).Platforms);
    }

    [Fact]
    public async Task Dockers_list_gets_the_platform_that_an_empty_one_stands_for()
    {
        var image = ImageFactory.Create(new ImageSpec { Platforms = [TestPlatform.LinuxArm64], Index = true });
        await _registry.AddAsync("a", Indexes.Change(image, root => root["manifests"]![0]!["platform"] = new JsonObject()), "1");

        await Conversion.Convert.SucceedAsync(Source, $"{_registry.Address}/b:1", Conversion.Convert.ToDocker);

        var platform = Assert.Single(await Indexes.EntriesAsync(_registry, "b", "1"))["platform"]!;
        Assert.Equal(("linux", "arm64"), (platform["os"]!.GetValue<string>(), platform["architecture"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_one_image_of_an_index_says_its_platform_itself()
    {
        var image = Indexes.Change(
            ImageFactory.Create(new ImageSpec { Index = true }), root => root["manifests"]![0]!.AsObject().Remove("platform"));
        await _registry.AddAsync("a", image, "1");
        Assert.Equal(["linux/amd64"], (await InspectAsync(null)).Platforms);
    }

    [Fact]
    public async Task The_type_of_an_artifact_that_is_an_index_is_shown_with_and_without_images_in_it()
    {
        const string Type = "application/vnd.example.bundle.v1";
        await _registry.AddAsync("a", Indexes.Change(Linux, root => root["artifactType"] = Type), "1");
        Assert.Equal((Type, "amd64"), await TypeAsync());

        await _registry.AddAsync("a", Indexes.Change(ImageFactory.Nest(), root => root["artifactType"] = Type), "1");
        Assert.Equal((Type, null), await TypeAsync());

        async Task<(string?, string?)> TypeAsync()
        {
            var info = await InspectAsync("linux/amd64", orNone: true);
            return (info.ArtifactType, info.Architecture);
        }
    }

    [Fact]
    public async Task Indexes_that_name_each_other_many_times_end()
    {
        var level = ImageFactory.Create(new ImageSpec { Index = true });
        for (var i = 0; i < 7; i++)
        {
            var inner = level;
            level = Indexes.Change(ImageFactory.Nest(inner), root =>
            {
                var list = root["manifests"]!.AsArray();
                Enumerable.Range(0, 200).ToList().ForEach(_ => list.Add(list[0]!.DeepClone()));
            });
        }

        await _registry.AddAsync("a", level, "1");
        Assert.Equal("linux/amd64", Assert.Single((await InspectAsync(null)).Platforms));
        Assert.Equal("Copied", (await CopyAsync("linux/amd64")).Status);
    }

    private SyncRequest Request() => Run.Request([Source], _registry.Address + "/to");

    private Task<OciSyncResult> CopyAsync(params string[] platforms) => Run.OneAsync(Request() with { Selection = Run.Only(platforms) });

    private async Task<OciImageInfo> InspectAsync(string? platform, bool orNone = false)
    {
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        var options = new InspectOptions { Platform = platform is null || orNone ? null : Platform.Parse(platform) };
        return await engine.InspectAsync(ImageLocation.Parse(Source), options, TestContext.Current.CancellationToken);
    }
}
