using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Engine;

public sealed class WholeImageTests
{
    public static TheoryData<string> Kinds => ["single", "index", "docker", "attested", "zstd", "nested", "artifact", "chart", "empty-layer"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_kind_arrives_byte_for_byte(string kind)
    {
        var image = Make(kind);
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("lib/image", image, "1.0");

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/lib/image:1.0"], $"{destination.Address}/m"));

        Assert.Equal(("Copied", image.Digest, image.Digest), (row.Status, row.Digest, row.SourceDigest));
        Assert.Equal($"{destination.Address}/m/image:1.0", row.Destination);
        Assert.Equal(image.Blobs.Values.Sum(b => (long)b.Length), row.BytesCopied);
        using var reader = new RawRegistryReader(destination.BaseUri);
        var found = await reader.VerifyAsync("m/image", "1.0", TestContext.Current.CancellationToken);
        Assert.Equal(image.Digest, found[0]);
        Assert.All(image.Manifests, m => Assert.True(destination.HasManifest("m/image", m.Digest)));
        Assert.Equal(0, destination.OpenUploads);
    }

    [Fact]
    public async Task A_tag_with_a_digest_is_pushed_under_the_tag_and_the_digest_decides()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var (old, current) = (ImageFactory.Create(), ImageFactory.Create(new ImageSpec { Seed = 2 }));
        await source.AddAsync("a", old, "1");
        await source.AddAsync("a", current, "1");

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1@{old.Digest}"], destination.Address));

        Assert.Equal(("Copied", old.Digest), (row.Status, destination.DigestOf("a", "1")));
    }

    [Fact]
    public async Task A_digest_alone_goes_by_its_digest()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "1");

        var request = Run.Request([$"{source.Address}/a@{image.Digest}"], destination.Address);
        var row = await Run.OneAsync(request);

        Assert.Equal(("Copied", $"{destination.Address}/a@{image.Digest}"), (row.Status, row.Destination));
        Assert.True(destination.HasManifest("a", image.Digest));
        Assert.Empty(destination.TagsOf("a"));
        Assert.Equal("UpToDate", (await Run.OneAsync(request)).Status);
    }

    [Fact]
    public async Task Further_tags_point_to_the_same_image()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "1.2.3");

        var request = Run.Request([$"{source.Address}/a:1.2.3"], destination.Address) with { AdditionalTags = ["1.2", "1", "1.2.3"] };
        Assert.Equal("Copied", (await Run.OneAsync(request)).Status);
        Assert.Equal(["1", "1.2", "1.2.3"], destination.TagsOf("a").Order());
        Assert.Equal("UpToDate", (await Run.OneAsync(request)).Status);
    }

    [Fact]
    public async Task A_moved_tag_is_updated_and_says_from_what()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var (old, current) = (ImageFactory.Create(), ImageFactory.Create(new ImageSpec { Seed = 2 }));
        await source.AddAsync("a", current, "1");
        await destination.AddAsync("a", old, "1");

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address));

        Assert.Equal(("Updated", old.Digest, true), (row.Status, row.PreviousDigest, row.DigestChanged));
        Assert.Equal(current.Digest, destination.DigestOf("a", "1"));
    }

    internal static TestImage Make(string kind) => kind switch
    {
        "index" => ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual }),
        "docker" => ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, Docker = true }),
        "attested" => ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, Attestations = true }),
        "zstd" => ImageFactory.Create(new ImageSpec { Compression = LayerCompression.Zstd }),
        "nested" => ImageFactory.Nest(ImageFactory.Create(new ImageSpec { Index = true }), ImageFactory.Create(new ImageSpec { Seed = 2 })),
        "artifact" => ImageFactory.Artifact("application/spdx+json", "{}"),
        "chart" =>
            ImageFactory.Artifact("application/vnd.cncf.helm.chart.content.v1.tar+gzip", "chart", configType: "application/vnd.cncf.helm.config.v1+json"),
        "empty-layer" => ImageFactory.Artifact("application/x-empty", string.Empty),
        _ => ImageFactory.Create(),
    };
}
