using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Tests.Archives;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing.Engines;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;
using OciSync.Testing;

namespace OciSync.Core.Tests.Integration;

/// <summary>Images to and from a real dockerd.</summary>
public sealed class DockerDaemonTests(DaemonFixture fixture) : IClassFixture<DaemonFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private EngineOptions Options => Run.Quick with { DaemonHost = Daemon.Address };

    private DockerDaemonProcess Daemon
    {
        get
        {
            Assert.SkipWhen(DockerDaemonProcess.WhyMissing is not null, DockerDaemonProcess.WhyMissing ?? string.Empty);
            return fixture.Daemon!;
        }
    }

    [Theory]
    [InlineData(false, LayerCompression.Gzip)]
    [InlineData(true, LayerCompression.Gzip)]
    [InlineData(false, LayerCompression.Zstd)]
    public async Task An_image_is_loaded_and_read_back_the_same(bool docker, LayerCompression compression)
    {
        var options = Options;
        using var folder = new TempFolder();
        using var temporary = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create(new ImageSpec { Seed = docker ? 21 : 22 + (int)compression, Docker = docker, Compression = compression, Layers = 3 });
        await source.AddAsync("a", image, "1");
        var name = $"back/{docker}-{compression}:1".ToLowerInvariant();
        options = options with { TempPath = temporary["t"] };

        var row = await OneAsync($"{source.Address}/a:1", "docker-daemon:" + name, options);
        Assert.Equal(("Copied", "Docker keeps layers unpacked"), (row.Status, row.Reason));
        Assert.Equal($"docker-daemon:docker.io/{name}", row.Destination);
        var id = await Daemon.FindIdAsync(name);
        Assert.Equal(ConfigOf(image.Root.Bytes), id);

        Assert.Equal(row.Digest, (await OneAsync("docker-daemon:" + name, "dir:" + folder["d"], options)).Digest);
        Assert.Equal(id, ConfigOf(File.ReadAllBytes(folder["d/manifest.json"])));
        var byId = await OneAsync("docker-daemon:" + id, destination.Address + "/b:1", options);
        using var reader = new RawRegistryReader(destination.BaseUri);
        Assert.Equal(byId.Digest, (await reader.VerifyAsync("b", "1", Token))[0]);
        Assert.Equal(id, ConfigOf(await RawAsync(destination.Address + "/b:1")));
        Assert.Empty(Directory.GetFileSystemEntries(temporary["t"]));
    }

    [Fact]
    public async Task What_we_load_runs()
    {
        var options = Options;
        Assert.SkipUnless(RuntimeInformation.IsOSPlatform(OSPlatform.Linux), "the program is one of this machine");
        await using var source = await EmbeddedRegistry.StartAsync();
        using var folder = new TempFolder();
        WriteProgram(folder["layer.tar"]);
        await OneAsync("tarball:" + folder["layer.tar"], source.Address + "/hello:1", options);
        await OneAsync($"{source.Address}/hello:1", "docker-daemon:hello:1", options);

        Assert.Equal("hello", (await Daemon.RunAsync("hello:1", "/bin/echo", "hello")).Trim());

        await OneAsync($"{source.Address}/hello:1", $"docker-archive:{folder["h.tar"]}:hello:2", options);
        Assert.Contains("Loaded image: hello:2", await Daemon.LoadAsync(folder["h.tar"]));
        Assert.Equal("again", (await Daemon.RunAsync("hello:2", "/bin/echo", "again")).Trim());
    }

    [Fact]
    public async Task Docker_saves_several_images_and_we_read_each()
    {
        var options = Options;
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var images = ImageFactory.Family(3, sharedSize: 20_000, seed: 7000);
        for (var i = 0; i < images.Count; i++)
        {
            await source.AddAsync("app", images[i], $"{i}");
        }

        var pairs = Enumerable.Range(0, 3).Select(i => Carry.Request($"{source.Address}/app:{i}", $"docker-daemon:reg.test/app:{i}").Pairs[0]).ToList();
        Assert.Equal(["Copied", "Copied", "Copied"], (await Run.SyncAsync(new SyncRequest { Pairs = pairs }, options)).Statuses());
        await Daemon.SaveAsync(folder["saved.tar"], "reg.test/app:0", "reg.test/app:1", "reg.test/app:2");

        var rows = await Run.SyncAsync(Carry.All("docker-archive:" + folder["saved.tar"], DestinationNaming.Path, destination.Address));
        Assert.Equal(["Copied", "Copied", "Copied"], rows.Statuses());
        using var reader = new RawRegistryReader(destination.BaseUri);
        for (var i = 0; i < images.Count; i++)
        {
            await reader.VerifyAsync("app", $"{i}", Token);
            Assert.Equal(ConfigOf(images[i].Root.Bytes), ConfigOf(await RawAsync($"{destination.Address}/app:{i}")));
        }
    }

    [Fact]
    public async Task An_archive_of_many_tags_is_loaded_by_docker()
    {
        _ = Options;
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        var images = ImageFactory.Family(3, sharedSize: 20_000, seed: 8000);
        for (var i = 0; i < images.Count; i++)
        {
            await source.AddAsync("many", images[i], $"{i}");
        }

        await Run.SyncAsync(ArchiveTests.Kept(Enumerable.Range(0, 3).Select(i => $"{source.Address}/many:{i}"), "docker-archive:" + folder["all.tar"]));
        var said = await Daemon.LoadAsync(folder["all.tar"]);

        for (var i = 0; i < images.Count; i++)
        {
            Assert.Contains($"Loaded image: {source.Address}/many:{i}", said);
            Assert.Equal(ConfigOf(images[i].Root.Bytes), await Daemon.FindIdAsync($"{source.Address}/many:{i}"));
        }
    }

    [Fact]
    public async Task What_docker_does_not_have_is_unknown()
    {
        using var folder = new TempFolder();
        var row = await Run.OneAsync(Carry.Request("docker-daemon:none:1", "dir:" + folder["d"]), Options);

        Assert.Equal(("Failed", "OciManifestUnknown"), (row.Status, row.ErrorId));
        Assert.Contains("has no image 'docker.io/library/none:1'", row.Error);
    }

    // The engine answers 200 whatever comes.
    [Theory]
    [InlineData("{\"errorDetail\":{\"message\":\"no space left on device\"},\"error\":\"no space left on device\"}\n", "no space left on device")]
    [InlineData("{\"stream\":\"something else\\n\"}\n", "it doesn't say that an image was loaded")]
    [InlineData("", "it doesn't say that an image was loaded")]
    [InlineData("{\"stream\":\"Loaded image: a:1\\n\"}\r\n{\"stream\":\"Error unpacking image a:1: no space left\\n\"}\r\n", "no space left")]
    public async Task A_load_that_fails_is_an_error_although_the_answer_is_200(string answer, string reason)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        await using var engine = await new FakeDockerEngine { ApiVersion = "1.41", LoadAnswer = answer }.StartAsync();

        var row = await Run.OneAsync(Carry.Request($"{source.Address}/a:1", "docker-daemon:a:1"), Run.Quick with { DaemonHost = engine.Address });

        Assert.Equal(("Failed", "OciDaemonFailed"), (row.Status, row.ErrorId));
        Assert.Contains(reason, row.Error);
    }

    [Theory]
    [InlineData("unix:///nowhere/docker.sock", "OciConnectionFailed", "can't be reached")]
    [InlineData("tcp://127.0.0.1:1", "OciConnectionFailed", "can't be reached")]
    [InlineData("nonsense", "OciReferenceInvalid", "is not the address of a Docker engine")]
    public async Task An_engine_that_is_not_there(string host, string errorId, string text)
    {
        using var folder = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        foreach (var (from, to) in new[] { ("docker-daemon:a:1", "dir:" + folder["d"]), ($"{source.Address}/a:1", "docker-daemon:a:1") })
        {
            var row = await Run.OneAsync(Carry.Request(from, to), Run.Quick with { DaemonHost = host });

            Assert.Equal(("Failed", errorId), (row.Status, row.ErrorId));
            Assert.Contains(text, row.Error);
        }
    }

    [Fact]
    public void An_id_is_no_destination()
    {
        var id = "docker-daemon:sha256:" + new string('a', 64);
        var failure = Assert.Throws<Core.Errors.OciException>(() => GivenDestination.Read(id).Exact(null));
        Assert.Equal("OciReferenceInvalid", failure.ErrorId);
    }

    private static async Task<OciSyncResult> OneAsync(string source, string destination, EngineOptions options)
    {
        var row = await Run.OneAsync(Carry.Request(source, destination), options);
        Assert.True(row.Error is null, row.Error);
        return row;
    }

    private static async Task<byte[]> RawAsync(string place)
    {
        using var engine = Run.Engine(cancellationToken: Token);
        return Encoding.UTF8.GetBytes(await engine.ReadManifestAsync(ImageLocation.Parse(place), null, Token));
    }

    private static string ConfigOf(byte[] manifest) => JsonDocument.Parse(manifest).RootElement.GetProperty("config").GetProperty("digest").GetString()!;

    // This machine's echo with the libraries it needs, as they are found in /proc/self/maps of such a process.
    private static void WriteProgram(string path)
    {
        using var writer = new TarWriter(File.Create(path), TarEntryFormat.Pax);
        writer.WriteEntry("/bin/echo", "bin/echo");
        foreach (var library in Libraries("/bin/echo"))
        {
            writer.WriteEntry(File.ResolveLinkTarget(library, returnFinalTarget: true)?.FullName ?? library, library.TrimStart('/'));
        }
    }

    private static IEnumerable<string> Libraries(string program)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("ldd", [program]) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadToEnd().Split('\n')
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault(w => w.StartsWith('/')))
            .OfType<string>().ToList();
    }
}
