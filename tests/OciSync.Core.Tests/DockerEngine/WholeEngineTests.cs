using OciSync.Core.Conversion;
using OciSync.Core.Flow;
using OciSync.Core.Inspection;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Tags;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Engines;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using LayerCompression = OciSync.Testing.Images.LayerCompression;

namespace OciSync.Core.Tests.DockerEngine;

/// <summary>Engines with containerd's store keep digests: a fake one gives the answers that the real one gave.</summary>
public sealed class WholeEngineTests
{
    private const string Name = "docker.io/library/app:1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, LayerCompression.Gzip)]
    [InlineData(true, LayerCompression.Gzip)]
    [InlineData(false, LayerCompression.Zstd)]
    public async Task From_registry_to_engine_to_registry_with_one_digest(bool docker, LayerCompression compression)
    {
        await using var engine = await new FakeDockerEngine().StartAsync();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = Multi(docker, compression);
        await source.AddAsync("a", image, "1");

        var loaded = await CopyAsync(engine, $"{source.Address}/a:1", "docker-daemon:app:1");
        Assert.Equal(("Copied", null, image.Digest), (loaded.Status, loaded.Reason, loaded.Digest));
        Assert.Equal(image.Digest, engine.FindDigest(Name));
        Assert.All(image.Manifests.Select(m => m.Digest).Concat(image.Blobs.Keys), d => Assert.True(engine.Has(d), d));

        var back = await CopyAsync(engine, "docker-daemon:app:1", $"{destination.Address}/b:1", preserve: true);
        Assert.Equal(("Copied", null, image.Digest), (back.Status, back.Reason, back.Digest));
        Assert.Equal(2, back.Platforms.Length);
        using var reader = new RawRegistryReader(destination.BaseUri);
        Assert.Equal(image.Digest, (await reader.VerifyAsync("b", "1", Token))[0]);
    }

    [Fact]
    public async Task A_second_run_finds_the_image_there_and_neither_loads_nor_saves()
    {
        await using var engine = await new FakeDockerEngine().StartAsync();
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("a", Multi(), "1");
        Assert.Equal("Copied", (await CopyAsync(engine, $"{registry.Address}/a:1", "docker-daemon:app:1")).Status);
        Assert.Equal("Copied", (await CopyAsync(engine, "docker-daemon:app:1", $"{registry.Address}/b:1")).Status);
        var before = engine.Requests.Count;

        Assert.Equal("UpToDate", (await CopyAsync(engine, $"{registry.Address}/a:1", "docker-daemon:app:1")).Status);
        Assert.Equal("UpToDate", (await CopyAsync(engine, "docker-daemon:app:1", $"{registry.Address}/b:1")).Status);
        Assert.DoesNotContain(engine.Requests.Skip(before), r => r.Contains("/images/load") || r.Contains("/images/get"));
    }

    [Fact]
    public async Task A_name_that_moves_is_an_update()
    {
        await using var engine = await new FakeDockerEngine().StartAsync();
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("a", Multi(), "1");
        engine.Add(Name, ImageFactory.Create(new ImageSpec { Seed = 77 }));

        Assert.Equal("Updated", (await CopyAsync(engine, $"{registry.Address}/a:1", "docker-daemon:app:1")).Status);
    }

    [Fact]
    public async Task What_was_not_pulled_is_named_with_the_way_on()
    {
        await using var engine = await new FakeDockerEngine().StartAsync();
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = Multi();
        engine.Add(Name, image, TestPlatform.LinuxAmd64);

        var whole = await CopyAsync(engine, "docker-daemon:app:1", $"{registry.Address}/b:1");
        Assert.Equal(("Failed", "OciPlatformUnknown"), (whole.Status, whole.ErrorId));
        Assert.Contains("the Docker engine has linux/amd64 alone", whole.Error);
        Assert.Contains("-Platform linux/amd64", whole.Error);
        Assert.Contains($"docker pull --platform linux/arm64 {Name}", whole.Error);

        var part = await CopyAsync(engine, "docker-daemon:app:1", $"{registry.Address}/b:1", "linux/amd64");
        Assert.Equal(("Copied", image.For(TestPlatform.LinuxAmd64).Digest), (part.Status, part.Digest));
        Assert.Equal(image.Digest, part.SourceDigest);
    }

    // The engine answers 404 to an export when the platform of its own machine is not there.
    [Fact]
    public async Task A_platform_of_another_machine_is_read_although_the_whole_export_is_404()
    {
        await using var engine = await new FakeDockerEngine().StartAsync();
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = Multi();
        engine.Add(Name, image, TestPlatform.LinuxArm64);

        var part = await CopyAsync(engine, "docker-daemon:app:1", $"{registry.Address}/b:1", "linux/arm64");
        Assert.Equal(("Copied", image.For(TestPlatform.LinuxArm64).Digest), (part.Status, part.Digest));
        Assert.Contains("linux/arm64 of linux/amd64, linux/arm64", part.Reason);
        using var reader = new RawRegistryReader(registry.BaseUri);
        await reader.VerifyAsync("b", "1", Token);

        var whole = await CopyAsync(engine, "docker-daemon:app:1", $"{registry.Address}/b:2");
        Assert.Equal(("Failed", "OciPlatformUnknown"), (whole.Status, whole.ErrorId));
        Assert.Contains("has linux/arm64 alone", whole.Error);

        using var run = Run.Engine(Of(engine), cancellationToken: Token);
        var info = await run.InspectAsync(ImageLocation.Parse("docker-daemon:app:1"), new InspectOptions { Platform = Platform.Parse("linux/arm64") }, Token);
        Assert.Equal((image.Digest, image.For(TestPlatform.LinuxArm64).Digest), (info.Digest, info.PlatformDigest));
        var raw = await Assert.ThrowsAsync<Core.Errors.OciException>(
            () => run.ReadManifestAsync(ImageLocation.Parse("docker-daemon:app:1"), null, Token));
        Assert.Contains("can't be read as a whole", raw.Message);
    }

    [Fact]
    public async Task With_its_own_index_a_platform_is_copied_where_the_engine_gives_that()
    {
        using var folder = new TempFolder();
        await using var engine = await new FakeDockerEngine().StartAsync();
        var image = ImageFactory.Create(new ImageSpec { Seed = 12, Platforms = [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64] });
        engine.Add(Name, image, TestPlatform.LinuxAmd64);
        engine.Add("docker.io/library/arm:1", image, TestPlatform.LinuxArm64);

        SyncRequest Keep(string name, string platform) => Carry.Request($"docker-daemon:{name}:1", $"oci:{folder["l"]}:{name}") with
        {
            Selection = Run.Only(platform) with { KeepIndex = true },
        };
        Assert.Equal(image.Digest, (await Run.OneAsync(Keep("app", "linux/amd64"), Of(engine))).Digest);
        engine.Lose(image.For(TestPlatform.LinuxAmd64).Digest);
        var row = await Run.OneAsync(Keep("arm", "linux/arm64"), Of(engine));
        Assert.Equal("OciPlatformUnknown", row.ErrorId);
        Assert.Contains("does not give the index", row.Error);
    }

    // Two platforms of three, and none of the machine's: there is an index of those two, made of what the engine tells.
    [Fact]
    public async Task Several_platforms_of_other_machines_become_an_index()
    {
        await using var engine = await new FakeDockerEngine().StartAsync();
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create(new ImageSpec { Platforms = [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64, TestPlatform.LinuxArm7] });
        engine.Add(Name, image, TestPlatform.LinuxArm64, TestPlatform.LinuxArm7);

        var row = await CopyAsync(engine, "docker-daemon:app:1", $"{registry.Address}/b:1", "linux/arm64", "linux/arm/v7");
        Assert.Equal("Copied", row.Status);
        using var reader = new RawRegistryReader(registry.BaseUri);
        var all = await reader.VerifyAsync("b", "1", Token);
        Assert.Contains(image.For(TestPlatform.LinuxArm64).Digest, all);
        Assert.Contains(image.For(TestPlatform.LinuxArm7).Digest, all);
    }

    [Fact]
    public async Task A_build_attestation_that_is_not_there_is_named()
    {
        await using var engine = await new FakeDockerEngine().StartAsync();
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create(new ImageSpec { Attestations = true });
        engine.Add(Name, image, TestPlatform.LinuxAmd64);

        var row = await CopyAsync(engine, "docker-daemon:app:1", $"{registry.Address}/b:1");
        Assert.Equal("Failed", row.Status);
        Assert.Contains("-ExcludeAttestation", row.Error);
    }

    [Fact]
    public async Task A_lost_layer_is_seen_before_anything_is_saved()
    {
        await using var engine = await new FakeDockerEngine().StartAsync();
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create(new ImageSpec { Seed = 8 });
        engine.Add(Name, image);
        engine.Lose(image.Blobs.Keys.First());

        var row = await CopyAsync(engine, "docker-daemon:app:1", $"{registry.Address}/b:1");
        Assert.Equal(("Failed", "OciPlatformUnknown"), (row.Status, row.ErrorId));
        Assert.Contains("none of them whole", row.Error);
    }

    [Fact]
    public async Task A_layer_that_can_not_be_unpacked_is_a_failure_although_the_image_counts_as_loaded()
    {
        await using var engine = await new FakeDockerEngine().StartAsync();
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("a", Broken(), "1");
        await registry.AddAsync("good", ImageFactory.Create(new ImageSpec { Seed = 5 }), "1");
        var request = new SyncRequest
        {
            Pairs = [.. new[] { "a", "good" }.Select(n => Carry.Request($"{registry.Address}/{n}:1", $"docker-daemon:{n}:1").Pairs[0])],
        };

        var rows = (await Run.SyncAsync(request, Of(engine))).Select(o => o.Row).ToDictionary(r => r.Source.Split('/')[1]);
        Assert.Equal(("Failed", "OciDaemonFailed"), (rows["a:1"].Status, rows["a:1"].ErrorId));
        Assert.Contains("Error unpacking image a:1", rows["a:1"].Error);
        Assert.Contains("invalid tar header", rows["a:1"].Error);
        Assert.Equal("Copied", rows["good:1"].Status);

        // And it does not count as there in the next run.
        Assert.Equal("Failed", (await CopyAsync(engine, $"{registry.Address}/a:1", "docker-daemon:a:1")).Status);
    }

    [Fact]
    public async Task A_platform_that_the_engine_drops_without_a_word_is_a_failure()
    {
        await using var engine = await new FakeDockerEngine().StartAsync();
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = Multi();
        await registry.AddAsync("a", image, "1");
        engine.Dropped.Add(LayerOf(image.For(TestPlatform.LinuxArm64)));

        var row = await CopyAsync(engine, $"{registry.Address}/a:1", "docker-daemon:app:1");
        Assert.Equal(("Failed", "OciDaemonFailed"), (row.Status, row.ErrorId));
        Assert.Contains("it has not kept linux/arm64", row.Error);
    }

    [Fact]
    public async Task Many_images_go_into_the_engine_at_once_and_its_names_are_listed()
    {
        await using var engine = await new FakeDockerEngine().StartAsync();
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("a", Multi(), "1", "2");
        await registry.AddAsync("b", ImageFactory.Create(new ImageSpec { Seed = 3 }), "3");
        var place = SyncPlace.Below(GivenDestination.Read("docker-daemon:"), DestinationNaming.Leaf);
        var pairs = new[] { "a:1", "a:2", "b:3" }.Select(n => ImageReference.Parse($"{registry.Address}/{n}"))
            .Select(s => new SyncPair(s, place.Name(s), s.ToString())).ToList();

        Assert.Equal(["Copied", "Copied", "Copied"], (await Run.SyncAsync(new SyncRequest { Pairs = pairs }, Of(engine))).Statuses());
        Assert.Single(engine.Requests, r => r.StartsWith("POST /images/load", StringComparison.Ordinal));
        using var run = Run.Engine(Of(engine), cancellationToken: Token);
        var tags = await run.ChooseTagsAsync(ImageLocation.DockerEngine, new TagSelector(new TagChoice()), Token);
        Assert.Equal(
            ["docker-daemon:docker.io/library/a:1", "docker-daemon:docker.io/library/a:2", "docker-daemon:docker.io/library/b:3"],
            tags.All.Select(t => t.Reference));
    }

    [Fact]
    public async Task Signatures_are_refused_as_by_every_engine()
    {
        await using var engine = await new FakeDockerEngine().StartAsync();
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("a", Multi(), "1");

        var row = await Run.OneAsync(Carry.Request($"{registry.Address}/a:1", "docker-daemon:app:1") with { IncludeReferrer = true }, Of(engine));
        Assert.Equal("OciTransportUnsupported", row.ErrorId);
    }

    [Theory]
    [InlineData("1.47", true)]
    [InlineData("1.51", false)]
    public async Task An_older_engine_gets_a_docker_archive_with_one_platform(string api, bool containerd)
    {
        await using var engine = await new FakeDockerEngine { ApiVersion = api, IsContainerd = containerd }.StartAsync();
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("a", Multi(), "1");

        // The fake one takes layouts alone: what it says shows that it got something else.
        var row = await CopyAsync(engine, $"{registry.Address}/a:1", "docker-daemon:app:1");
        Assert.Contains("unrecognized image format", row.Error);
    }

    [Theory]
    [InlineData("{\"errorDetail\":{\"message\":\"no space left on device\"},\"error\":\"no space left on device\"}\n", "no space left on device")]
    [InlineData("{\"stream\":\"something else\\n\"}\n", "it doesn't say that an image was loaded")]
    [InlineData("", "it doesn't say that an image was loaded")]
    [InlineData("{\"stream\":\"Loaded image: app:1\\n\"}\r\n{\"stream\":\"Error unpacking image app:1: no space left\\n\"}\r\n", "no space left")]
    [InlineData("{\"stream\":\"Loaded image: app:1\\n\"}\r\n", "it has no 'docker.io/library/app:1' afterwards")]
    public async Task A_load_that_fails_is_an_error_although_the_answer_is_200(string answer, string reason)
    {
        await using var engine = await new FakeDockerEngine { LoadAnswer = answer }.StartAsync();
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("a", Multi(), "1");

        var row = await CopyAsync(engine, $"{registry.Address}/a:1", "docker-daemon:app:1");
        Assert.Equal(("Failed", "OciDaemonFailed"), (row.Status, row.ErrorId));
        Assert.Contains(reason, row.Error);
    }

    [Fact]
    public async Task Nothing_is_left_in_the_temp_folder()
    {
        using var temporary = new TempFolder();
        await using var engine = await new FakeDockerEngine().StartAsync();
        await using var registry = await EmbeddedRegistry.StartAsync();
        engine.Add(Name, Multi(), TestPlatform.LinuxArm64);
        var options = Of(engine) with { TempPath = temporary["t"] };

        await Run.OneAsync(Request("docker-daemon:app:1", $"{registry.Address}/b:1", "linux/arm64"), options);
        await Run.OneAsync(Carry.Request($"{registry.Address}/b:1", "docker-daemon:c:1"), options);
        Assert.Empty(Directory.GetFileSystemEntries(temporary["t"]));
    }

    private static EngineOptions Of(FakeDockerEngine engine) => Run.Quick with { DaemonHost = engine.Address };

    private static SyncRequest Request(string source, string destination, params string[] platforms) =>
        Carry.Request(source, destination) with { Selection = Run.Only(platforms) };

    private static Task<OciSyncResult> CopyAsync(FakeDockerEngine engine, string source, string destination, params string[] platforms) =>
        Run.OneAsync(Request(source, destination, platforms), Of(engine));

    private static Task<OciSyncResult> CopyAsync(FakeDockerEngine engine, string source, string destination, bool preserve) =>
        Run.OneAsync(Carry.Request(source, destination) with { Conversion = new ConversionOptions { PreserveDigest = preserve } }, Of(engine));

    private static TestImage Multi(bool docker = false, LayerCompression compression = LayerCompression.Gzip) => ImageFactory.Create(new ImageSpec
    {
        Seed = 41,
        Docker = docker,
        Compression = compression,
        Platforms = [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64],
        Attestations = !docker,
    });

    private static string LayerOf(TestManifest manifest) =>
        System.Text.Json.JsonDocument.Parse(manifest.Bytes).RootElement.GetProperty("layers")[0].GetProperty("digest").GetString()!;

    // A layer that is called a tar file and is none.
    private static TestImage Broken()
    {
        var text = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("no tar at all ", 60)));
        var layer = new TestLayer(
            new LayerDescriptor(MediaTypes.OciLayer, ContentDigest.Of(text), text.Length, ContentDigest.Of(text)), text);
        return ImageFactory.Create(new ImageSpec { Seed = 99, SharedLayers = [layer], Layers = 1 });
    }
}
