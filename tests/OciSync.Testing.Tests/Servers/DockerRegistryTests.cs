using OciSync.Testing.Images;
using OciSync.Testing.Servers;

namespace OciSync.Testing.Tests.Servers;

public sealed class DockerRegistryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DockerRegistryMode.Plain)]
    [InlineData(DockerRegistryMode.Tls)]
    [InlineData(DockerRegistryMode.Htpasswd)]
    [InlineData(DockerRegistryMode.Token)]
    [InlineData(DockerRegistryMode.NoDelete)]
    public async Task Generated_images_are_taken_and_given_back(DockerRegistryMode mode)
    {
        Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? "");
        await using var registry = await DockerRegistryProcess.StartAsync(mode);
        var image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, Attestations = true });
        TestImage[] images =
        [
            image,
            ImageFactory.Create(new ImageSpec { Docker = true, Platforms = TestPlatform.Usual, Content = LayerContent.Text }),
            ImageFactory.Create(new ImageSpec { Compression = LayerCompression.Zstd, Index = true }),
            ImageFactory.Nest(image, ImageFactory.Create(new ImageSpec { Seed = 5 })),
            ImageFactory.Artifact("application/spdx+json", "{}", image.Root),
            ImageFactory.Artifact("application/vnd.cncf.helm.chart.content.v1.tar+gzip", "chart", null, "application/vnd.cncf.helm.config.v1+json"),
        ];
        using var session = new SeedSession(registry.BaseUri, registry.Credentials);
        using var reader = new RawRegistryReader(registry.BaseUri, registry.Credentials);
        for (var i = 0; i < images.Length; i++)
        {
            await session.PushAsync(images[i], "x/y", [$"t{i}"], Token);
            Assert.Equal(images[i].Digest, (await reader.VerifyAsync("x/y", $"t{i}", Token))[0]);
        }

        Assert.Equal(images.Length, (await reader.GetTagsAsync("x/y", Token)).Count);
        await WaitForLogAsync(
            registry, entries => entries.Count(entry => entry is { Method: "PUT", Status: 201 } && entry.Path.EndsWith("/t0", StringComparison.Ordinal)) == 1);
        Assert.Equal(mode == DockerRegistryMode.Token, registry.Tokens?.Requests.Count > 0);
    }

    /// <summary>The log is written after the answer and by another process, so it is read until it is there, for five seconds at most.</summary>
    private static async Task WaitForLogAsync(DockerRegistryProcess registry, Func<IReadOnlyList<AccessLogEntry>, bool> condition)
    {
        for (var i = 0; i < 250 && !condition(registry.ReadAccessLog()); i++)
        {
            await Task.Delay(20, Token);
        }

        Assert.True(condition(registry.ReadAccessLog()), "The access log lacks an entry.");
    }
}
