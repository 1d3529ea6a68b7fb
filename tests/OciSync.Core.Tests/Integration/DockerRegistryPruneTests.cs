using OciSync.Core.Errors;
using OciSync.Core.Requests;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>Pruning at a real docker-registry, which deletes by digest only, or not at all.</summary>
public sealed class DockerRegistryPruneTests
{
    private static readonly TestImage Index = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual });

    [Fact]
    public async Task What_is_not_chosen_goes_and_what_is_needed_stays_whole()
    {
        Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? string.Empty);
        await using var source = await DockerRegistryProcess.StartAsync();
        await using var place = await SeededAsync(DockerRegistryMode.Plain);
        await PushAsync(source, Index, "2.0");

        var rows = await Run.SyncAsync(Request(source, place));

        Assert.Equal(["Copied", "Pruned", "Pruned", "Skipped", "Skipped"], rows.Statuses());
        using var reader = new RawRegistryReader(place.BaseUri);
        Assert.Equal(["2.0", "again", "amd64"], (await reader.GetTagsAsync("a", TestContext.Current.CancellationToken)).Order());
        Assert.Equal(Index.Digest, (await reader.VerifyAsync("a", "2.0", TestContext.Current.CancellationToken))[0]);
        Assert.Equal(["Skipped", "Skipped", "UpToDate"], (await Run.SyncAsync(Request(source, place))).Statuses());
    }

    [Fact]
    public async Task Without_deletion_nothing_is_copied()
    {
        Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? string.Empty);
        await using var source = await DockerRegistryProcess.StartAsync();
        await using var place = await SeededAsync(DockerRegistryMode.NoDelete);
        await PushAsync(source, Index, "2.0");

        var fault = await Assert.ThrowsAsync<OciException>(() => Run.SyncAsync(Request(source, place)));

        Assert.Equal(OciErrorKind.DeleteUnsupported, fault.Kind);
        using var reader = new RawRegistryReader(place.BaseUri);
        Assert.Equal(["again", "alias", "amd64", "old"], (await reader.GetTagsAsync("a", TestContext.Current.CancellationToken)).Order());
    }

    private static SyncRequest Request(DockerRegistryProcess source, DockerRegistryProcess place) =>
        Run.Request([$"{source.Address}/a:2.0"], place.Address) with { Prune = new PruneRequest { IsWanted = true } };

    private static async Task<DockerRegistryProcess> SeededAsync(DockerRegistryMode mode)
    {
        var registry = await DockerRegistryProcess.StartAsync(mode);
        await PushAsync(registry, Index, "again");
        await PushAsync(registry, new TestImage([Index.Manifests[0]], Index.Blobs), "amd64");
        await PushAsync(registry, ImageFactory.Create(new ImageSpec { Seed = 9 }), "old", "alias");
        return registry;
    }

    private static Task PushAsync(DockerRegistryProcess registry, TestImage image, params string[] tags) =>
        Seeder.PushAsync(image, registry.BaseUri, "a", tags, null, TestContext.Current.CancellationToken);
}
