using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Testing.Tests.Images;

public sealed class ImageTests
{
    [Fact]
    public void The_same_specification_gives_the_same_bytes()
    {
        var spec = new ImageSpec { Platforms = TestPlatform.Usual, Attestations = true, Seed = 42 };
        Assert.Equal(ImageFactory.Create(spec).Digest, ImageFactory.Create(spec).Digest);
        Assert.NotEqual(ImageFactory.Create(spec).Digest, ImageFactory.Create(spec with { Seed = 43 }).Digest);
    }

    [Fact]
    public void A_family_shares_layers()
    {
        var family = ImageFactory.Family(200, 1000);
        Assert.Equal(200, family.Select(image => image.Digest).Distinct().Count());
        Assert.Equal(403, family.SelectMany(image => image.Blobs.Keys).Distinct().Count());
    }

    [Fact]
    public async Task The_demo_set_is_whole_and_its_floating_tags_point_to_releases()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        foreach (var (repository, image, tags) in DemoSet.Images())
        {
            await registry.AddAsync(repository, image, [.. tags]);
        }

        foreach (var repository in DemoSet.Repositories)
        {
            Assert.Equal(DemoSet.TagsOf(repository).Order(StringComparer.Ordinal), registry.TagsOf(repository).Order(StringComparer.Ordinal));
        }

        Assert.Equal(registry.DigestOf("library/alpine", "3.23.4"), registry.DigestOf("library/alpine", "latest"));
        using var reader = new RawRegistryReader(registry.BaseUri);
        Assert.Equal(14, (await reader.VerifyAsync("library/alpine", "3.23.4", TestContext.Current.CancellationToken)).Count);
    }
}
