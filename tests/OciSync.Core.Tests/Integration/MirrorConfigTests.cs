using System.Text.Json.Nodes;
using OciSync.Core.MirrorFiles;
using OciSync.Core.References;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>
/// Real clients under the configurations that are written. Each falls back to the registry silently when something is wrong in one, so what
/// counts is what the mirror and the registry were asked, and not that a pull succeeds.
/// </summary>
public sealed class MirrorConfigTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, "mirror/hub/")]
    [InlineData(true, "mirror/hub/")]
    [InlineData(false, "")]
    [InlineData(true, "")]
    public async Task Containerd_pulls_from_the_mirror_by_hosts_toml(bool noFallback, string below)
    {
        Assert.SkipWhen(ContainerdProcess.WhyMissing is not null, ContainerdProcess.WhyMissing ?? string.Empty);
        await using var world = await World.StartAsync(below);
        await using var containerd = await ContainerdProcess.StartAsync();
        world.Write(MirrorFileFormat.Containerd, "certs.d", noFallback);
        var there = await containerd.PullAsync(world.Folder["certs.d"], $"{world.Upstream.Address}/team/app:1");
        Assert.True(there.ExitCode == 0, there.Error);
        world.RequireMirrorAlone();

        // A tag that only the registry has: who decides about tags, and that nothing of it is taken with -NoFallback.
        var newer = await containerd.PullAsync(world.Folder["certs.d"], $"{world.Upstream.Address}/team/app:2");
        Assert.True(noFallback == (newer.ExitCode != 0), newer.Error);
        Assert.Equal(noFallback, world.Upstream.Requests.Count() == 0);
        Assert.True(world.Mirror.Requests.Count("HEAD", $"{below}team/app/manifests/2", 404) > 0);
    }

    [Fact]
    public async Task Containerd_pulls_from_the_mirror_while_the_registry_is_away()
    {
        Assert.SkipWhen(ContainerdProcess.WhyMissing is not null, ContainerdProcess.WhyMissing ?? string.Empty);
        await using var world = await World.StartAsync("mirror/hub/");
        await using var containerd = await ContainerdProcess.StartAsync();
        foreach (var name in new[] { "docker.io/team/app", world.Upstream.Address + "/team/app" })
        {
            world.Write(MirrorFileFormat.Containerd, "certs.d", noFallback: false, name);
        }

        await world.Upstream.DisposeAsync();
        foreach (var name in new[] { "docker.io/team/app:1", world.Upstream.Address + "/team/app:1" })
        {
            world.Mirror.Requests.Clear();
            var result = await containerd.PullAsync(world.Folder["certs.d"], name);
            Assert.True(result.ExitCode == 0, result.Error);
            Assert.NotEmpty(world.Mirror.Requests.Where("GET", "/blobs/", 200));
        }
    }

    [Theory]
    [InlineData(false, "mirror/hub/team/app", "skopeo")]
    [InlineData(true, "mirror/hub/team/app", "skopeo")]
    [InlineData(false, "mirror/app", "skopeo")]
    [InlineData(true, "flat/team-app", "skopeo")]
    [InlineData(false, "mirror/hub/team/app", Debian13.Skopeo)]
    [InlineData(true, "mirror/hub/team/app", Debian13.Skopeo)]
    [InlineData(true, "flat/team-app", Debian13.Skopeo)]
    public async Task Skopeo_pulls_from_the_mirror_by_registries_conf(bool noFallback, string mirrored, string program)
    {
        var missing = program == Debian13.Skopeo ? Debian13.WhyMissing(program) : Skopeo.WhyMissing;
        Assert.SkipWhen(missing is not null, missing ?? string.Empty);
        await using var world = await World.StartNamedAsync(mirrored);
        world.Write(MirrorFileFormat.RegistriesConf, ".config/containers/registries.conf.d", noFallback);
        Assert.Equal(0, (await world.CopyBySkopeoAsync($"{world.Upstream.Address}/team/app:1", Token, program)).ExitCode);
        world.RequireMirrorAlone();
        var newer = await world.CopyBySkopeoAsync($"{world.Upstream.Address}/team/app:2", Token, program);
        Assert.True(noFallback == (newer.ExitCode != 0), newer.Error);
        Assert.Equal(noFallback, world.Upstream.Requests.Count() == 0);
        Assert.True(world.Mirror.Requests.Count("GET", $"{mirrored}/manifests/2", 404) > 0);
    }

    [Fact]
    public async Task Skopeo_pulls_what_it_takes_for_Docker_Hubs_from_the_mirror()
    {
        Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);
        await using var world = await World.StartAsync("mirror/hub/");
        world.Write(MirrorFileFormat.RegistriesConf, ".config/containers/registries.conf.d", noFallback: false, "docker.io/team/app");
        var result = await world.CopyBySkopeoAsync("docker.io/team/app:1", Token);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.NotEmpty(world.Mirror.Requests.Where("GET", "/blobs/", 200));
    }

    [Fact]
    public async Task Dockerd_pulls_from_the_mirror_by_registry_mirrors()
    {
        Assert.SkipWhen(DockerDaemonProcess.WhyMissing is not null, DockerDaemonProcess.WhyMissing ?? string.Empty);
        await using var world = await World.StartAsync(string.Empty);
        await File.WriteAllTextAsync(world.Folder["daemon.json"], """{"storage-driver":"vfs","labels":["a=b"]}""", Token);
        world.Write(MirrorFileFormat.Docker, "daemon.json", noFallback: false, "docker.io/team/app");
        Assert.Equal("a=b", JsonNode.Parse(await File.ReadAllTextAsync(world.Folder["daemon.json"], Token))!["labels"]![0]!.GetValue<string>());
        await using var daemon = await DockerDaemonProcess.StartWithAsync(world.Folder["daemon.json"]);
        var told = await daemon.PullAsync("team/app", "1");
        Assert.True(await daemon.FindIdAsync("team/app:1") is not null, told);
        Assert.NotEmpty(world.Mirror.Requests.Where("GET", "/blobs/", 200));
    }

    [Theory]
    [InlineData("quay.io")]
    [InlineData("docker.io")]
    public async Task Dockerd_with_the_containerd_store_pulls_from_the_mirror_by_hosts_toml(string registry)
    {
        Assert.SkipWhen(DockerDaemonProcess.WhyMissing is not null, DockerDaemonProcess.WhyMissing ?? string.Empty);
        Assert.SkipWhen(
            await DockerDaemonProcess.FindVersionAsync() is not { Major: >= 28 },
            "The dockerd on the PATH is older than 28: its containerd store does not read hosts.toml.");
        await using var world = await World.StartAsync("mirror/hub/");
        world.Write(MirrorFileFormat.Docker, "docker/certs.d", noFallback: true, registry + "/team/app");
        await File.WriteAllTextAsync(
            world.Folder["daemon.json"], """{"features":{"containerd-snapshotter":true},"storage-driver":"native"}""", Token);
        await using var daemon = await DockerDaemonProcess.StartWithAsync(world.Folder["daemon.json"], world.Folder["docker"]);
        var told = await daemon.PullAsync(registry + "/team/app", "1");
        Assert.True(await daemon.FindIdAsync(registry + "/team/app:1") is not null, told);
        Assert.NotEmpty(world.Mirror.Requests.Where("GET", "/blobs/", 200));
    }

    /// <summary>A registry with two tags and a mirror with one of them, and a folder for configurations.</summary>
    private sealed class World : IAsyncDisposable
    {
        private readonly string _mirrored;

        private World(EmbeddedRegistry mirror, EmbeddedRegistry upstream, string mirrored)
        {
            Mirror = mirror;
            Upstream = upstream;
            _mirrored = mirrored;
        }

        internal EmbeddedRegistry Mirror { get; }

        internal EmbeddedRegistry Upstream { get; }

        internal TempFolder Folder { get; } = new();

        internal static Task<World> StartAsync(string below) => StartNamedAsync(below + "team/app");

        internal static async Task<World> StartNamedAsync(string mirrored)
        {
            var world = new World(await EmbeddedRegistry.StartAsync(), await EmbeddedRegistry.StartAsync(), mirrored);
            var image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual });
            await world.Mirror.AddAsync(mirrored, image, "1");
            await world.Upstream.AddAsync("team/app", image, "1");
            await world.Upstream.AddAsync("team/app", ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, Seed = 7 }), "2");
            return world;
        }

        public async ValueTask DisposeAsync()
        {
            await Mirror.DisposeAsync();
            await Upstream.DisposeAsync();
            Folder.Dispose();
        }

        internal void Write(MirrorFileFormat format, string name, bool noFallback, string? source = null)
        {
            MirrorRoute[] routes =
            [
                new(ImageReference.Parse((source ?? Upstream.Address + "/team/app") + ":1"), ImageReference.Parse($"{Mirror.Address}/{_mirrored}:1")),
            ];
            var options = new MirrorOptions { NoFallback = noFallback, IsPlainHttp = PlainHosts.IsLoopback };
            var plan = MirrorFilePlan.Create(format, Folder[name], routes, options, force: false);
            plan.Files.ToList().ForEach(plan.Write);
        }

        internal Task<ProcessResult> CopyBySkopeoAsync(string image, CancellationToken cancellationToken, string program = "skopeo")
        {
            string[] copy = ["copy", "--override-arch", "amd64", "docker://" + image, "dir:" + Folder["copy"]];
            return program == Debian13.Skopeo
                ? Debian13.RunAsync(program, ["--insecure-policy", .. copy], Folder.Path) : Skopeo.RunAsync(copy, Folder, cancellationToken);
        }

        internal void RequireMirrorAlone()
        {
            Assert.NotEmpty(Mirror.Requests.Where("GET", "/blobs/", 200));
            Assert.Empty(Upstream.Requests);
        }
    }
}
