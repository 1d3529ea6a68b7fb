using OciSync.Core.Auth;
using OciSync.Core.AuthFiles;
using OciSync.Core.Connections;
using OciSync.Core.Logins;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>Real registries at both ends, and skopeo as judge.</summary>
public sealed class DockerRegistryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<DockerRegistryMode> Modes =>
        [DockerRegistryMode.Plain, DockerRegistryMode.Tls, DockerRegistryMode.Htpasswd, DockerRegistryMode.Token];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Images_of_all_kinds_arrive_as_skopeo_reads_them(DockerRegistryMode mode)
    {
        Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? string.Empty);
        Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);
        await using var source = await DockerRegistryProcess.StartAsync();
        await using var destination = await DockerRegistryProcess.StartAsync(mode);
        var images = MakeImages();
        foreach (var (name, image) in images)
        {
            await Seeder.PushAsync(image, source.BaseUri, "lib/" + name, ["1"], null, TestContext.Current.CancellationToken);
        }

        var request = Run.Request(images.Keys.Select(n => $"{source.Address}/lib/{n}:1"), destination.Address + "/m");
        var outcomes = await Run.SyncAsync(request, sessions: Sessions(destination));

        Assert.All(outcomes, o => Assert.True(o.Row.Status == "Copied", o.Row + " " + o.Row.Error));
        foreach (var (name, image) in images)
        {
            var raw = await Skopeo.RunAsync(
                ["inspect", "--raw", .. Options(destination, "--"), $"docker://{destination.Address}/m/{name}:1"], null, TestContext.Current.CancellationToken);
            Assert.Equal(image.Root.Text, raw.Succeeded());
        }

        Assert.All(await Run.SyncAsync(request, sessions: Sessions(destination)), o => Assert.Equal("UpToDate", o.Row.Status));
    }

    [Fact]
    public async Task What_skopeo_pushed_is_copied_and_skopeo_copies_onward()
    {
        Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? string.Empty);
        Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);
        await using var first = await DockerRegistryProcess.StartAsync();
        await using var second = await DockerRegistryProcess.StartAsync();
        await using var third = await DockerRegistryProcess.StartAsync();
        var image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, Attestations = true });
        await Seeder.PushAsync(image, first.BaseUri, "seed", ["1"], null, TestContext.Current.CancellationToken);
        (await CopyAsync($"{first.Address}/seed:1", $"{first.Address}/a:1")).Succeeded();

        var row = await Run.OneAsync(Run.Request([$"{first.Address}/a:1"], second.Address));
        Assert.Equal(("Copied", image.Digest), (row.Status, row.Digest));

        (await CopyAsync($"{second.Address}/a:1", $"{third.Address}/a:1")).Succeeded();
        using var reader = new RawRegistryReader(third.BaseUri);
        Assert.Equal(image.Digest, (await reader.VerifyAsync("a", "1", TestContext.Current.CancellationToken))[0]);
    }

    [Fact]
    public async Task Two_hundred_tags_and_an_unchanged_run_in_the_access_log()
    {
        Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? string.Empty);
        await using var source = await DockerRegistryProcess.StartAsync();
        await using var destination = await DockerRegistryProcess.StartAsync();
        var images = ImageFactory.Family(200, sharedSize: 20_000);
        using (var seed = new SeedSession(source.BaseUri))
        {
            for (var i = 0; i < images.Count; i++)
            {
                await seed.PushAsync(images[i], "a", [$"1.{i}"], TestContext.Current.CancellationToken);
            }
        }

        var request = Run.Request(Enumerable.Range(0, 200).Select(i => $"{source.Address}/a:1.{i}"), destination.Address);
        Assert.All(await Run.SyncAsync(request), o => Assert.Equal("Copied", o.Row.Status));
        var blobs = images.SelectMany(i => i.Blobs.Keys).Distinct().Count();
        var (read, written) = (await source.ReadAccessLogAsync(Token), await destination.ReadAccessLogAsync(Token));
        Assert.Equal(200, written.Count(e => e is { Method: "PUT", Status: 201 } && e.Path.Contains("/manifests/", StringComparison.Ordinal)));
        Assert.Equal(blobs, written.Count(e => e.Method == "PUT" && e.Path.Contains("/blobs/uploads/", StringComparison.Ordinal)));

        Assert.All(await Run.SyncAsync(request), o => Assert.Equal("UpToDate", o.Row.Status));
        foreach (var (registry, before) in new[] { (source, read), (destination, written) })
        {
            var asked = (await registry.ReadAccessLogAsync(Token)).Skip(before.Count).ToList();
            Assert.Equal((1, 200, 201), (asked.Count(e => e.Path == "/v2/"), asked.Count(e => e.Method == "HEAD"), asked.Count));
        }
    }

    private static Dictionary<string, TestImage> MakeImages()
    {
        var index = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, Attestations = true });
        return new Dictionary<string, TestImage>
        {
            ["index"] = index,
            ["single"] = ImageFactory.Create(new ImageSpec { Seed = 2 }),
            ["list"] = ImageFactory.Create(new ImageSpec { Seed = 3, Platforms = TestPlatform.Usual, Docker = true }),
            ["zstd"] = ImageFactory.Create(new ImageSpec { Seed = 4, Compression = LayerCompression.Zstd }),
            ["nested"] = ImageFactory.Nest(index, ImageFactory.Create(new ImageSpec { Seed = 5 })),
            ["sbom"] = ImageFactory.Artifact("application/spdx+json", "{}", index.Root),
        };
    }

    private static RegistrySessions Sessions(DockerRegistryProcess registry)
    {
        var sessions = new RegistrySessions();
        var credential = registry.Credentials is { } user ? RegistryCredential.FromPassword(user.Name, user.Password) : null;
        sessions.Set(registry.Address, new ConnectionSettings { CertificatePath = registry.CaPath }, credential);
        return sessions;
    }

    private static IEnumerable<string> Options(DockerRegistryProcess registry, string prefix) =>
        registry.Credentials is { } user
            ? [$"{prefix}tls-verify=false", $"{prefix}creds", $"{user.Name}:{user.Password}"]
            : [$"{prefix}tls-verify=false"];

    private static Task<ProcessResult> CopyAsync(string from, string to) =>
        Skopeo.RunAsync(
            ["copy", "--all", "--preserve-digests", "--src-tls-verify=false", "--dest-tls-verify=false", $"docker://{from}", $"docker://{to}"],
            null,
            TestContext.Current.CancellationToken);
}
