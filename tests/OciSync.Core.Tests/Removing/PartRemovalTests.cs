using OciSync.Core.Errors;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Removing;

/// <summary>Removal of manifests that are parts of indexes under other tags.</summary>
public sealed class PartRemovalTests
{
    private static readonly TestImage Single = ImageFactory.Create(new ImageSpec { Seed = 3 });
    private static readonly TestImage Index = ImageFactory.Nest(Single, ImageFactory.Create(new ImageSpec { Seed = 4 }));

    [Theory]
    [InlineData("distribution2", "a:single", "digest only")]
    [InlineData("default", "a@", "broken.")]
    public async Task A_part_of_another_tags_index_stays(string dialect, string name, string words)
    {
        await using var registry = await SeededAsync(dialect, Index);
        var reference = $"{registry.Address}/{(name.EndsWith('@') ? name + Single.Digest : name)}";

        var fault = await Assert.ThrowsAsync<OciException>(() => new Removal().RunAsync(reference));

        Assert.Equal(OciErrorKind.DeleteUnsupported, fault.Kind);
        Assert.Contains($"a part of '{registry.Address}/a:index', which", fault.Message);
        Assert.Contains(words, fault.Message);
        Assert.True(registry.HasManifest("a", Single.Digest));
        Assert.Equal(["index", "single"], registry.TagsOf("a").Order());
    }

    [Fact]
    public async Task A_part_of_an_index_in_an_index_stays()
    {
        await using var registry = await SeededAsync("distribution2", ImageFactory.Nest(Index));

        await Assert.ThrowsAsync<OciException>(() => new Removal().RunAsync($"{registry.Address}/a:single"));

        Assert.True(registry.HasManifest("a", Single.Digest));
    }

    [Fact]
    public async Task A_part_goes_after_its_index()
    {
        await using var registry = await SeededAsync("distribution2", Index);

        Assert.NotNull(await new Removal().RunAsync($"{registry.Address}/a:index"));
        Assert.NotNull(await new Removal().RunAsync($"{registry.Address}/a:single"));

        Assert.Empty(registry.TagsOf("a"));
    }

    [Fact]
    public async Task Where_tags_go_alone_no_index_is_read()
    {
        await using var registry = await SeededAsync("default", Index);

        Assert.NotNull(await new Removal().RunAsync($"{registry.Address}/a:single"));

        Assert.True(registry.HasManifest("a", Single.Digest));
        Assert.Equal(0, registry.Requests.Count("GET", "/manifests/"));
    }

    private static async Task<EmbeddedRegistry> SeededAsync(string dialect, TestImage index)
    {
        var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = RegistryDialects.Get(dialect) });
        await registry.AddAsync("a", Single, "single");
        await registry.AddAsync("a", index, "index");
        return registry;
    }
}
