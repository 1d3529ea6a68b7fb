using OciSync.Core.Errors;
using OciSync.Core.Tests.Removing;
using OciSync.Testing.Images;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>Removal from a real docker-registry, which deletes by digest only, or not at all.</summary>
public sealed class DockerRegistryRemovalTests
{
    [Fact]
    public async Task A_tag_takes_those_of_its_digest_along_and_no_other()
    {
        Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? string.Empty);
        await using var registry = await SeededAsync(DockerRegistryMode.Plain);
        var removal = new Removal();

        var removed = await removal.RunAsync($"{registry.Address}/a:1");

        Assert.Equal([$"{registry.Address}/a:latest"], removed!.AlsoRemoved);
        Assert.Equal([[], ["latest"]], removal.Questions.Select(q => q.Others));
        using var reader = new RawRegistryReader(registry.BaseUri);
        Assert.Equal(["other"], await reader.GetTagsAsync("a", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_deletion_it_says_so_before_anything_is_asked_twice()
    {
        Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? string.Empty);
        await using var registry = await SeededAsync(DockerRegistryMode.NoDelete);
        var removal = new Removal();

        var fault = await Assert.ThrowsAsync<OciException>(() => removal.RunAsync($"{registry.Address}/a:1"));

        Assert.Equal(OciErrorKind.DeleteUnsupported, fault.Kind);
        Assert.Single(removal.Questions);
        using var reader = new RawRegistryReader(registry.BaseUri);
        Assert.Equal(3, (await reader.GetTagsAsync("a", TestContext.Current.CancellationToken)).Count);
    }

    private static async Task<DockerRegistryProcess> SeededAsync(DockerRegistryMode mode)
    {
        var registry = await DockerRegistryProcess.StartAsync(mode);
        await Seeder.PushAsync(ImageFactory.Create(), registry.BaseUri, "a", ["1", "latest"], null, TestContext.Current.CancellationToken);
        await Seeder.PushAsync(ImageFactory.Create(new ImageSpec { Seed = 9 }), registry.BaseUri, "a", ["other"], null, TestContext.Current.CancellationToken);
        return registry;
    }
}
