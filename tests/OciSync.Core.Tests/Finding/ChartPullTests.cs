using System.Text;
using OciSync.Core.AuthFiles;
using OciSync.Core.Engine;
using OciSync.Core.Errors;
using OciSync.Core.Finding;
using OciSync.Core.Flow;
using OciSync.Core.Logins;
using OciSync.Core.References;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Finding;

/// <summary>Charts in registries.</summary>
public sealed class ChartPullTests
{
    private const string Layer = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

    private static TestImage Chart(byte[] packed)
    {
        var config = Encoding.UTF8.GetBytes("""{"name":"c","version":"1.0.0","apiVersion":"v2"}""");
        var manifest = $$"""
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
             "config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"{{ContentDigest.Of(config)}}","size":{{config.Length}}},
             "layers":[{"mediaType":"{{Layer}}","digest":"{{ContentDigest.Of(packed)}}","size":{{packed.Length}}}]}
            """;
        return new TestImage(
            [new TestManifest("application/vnd.oci.image.manifest.v1+json", Encoding.UTF8.GetBytes(manifest))],
            new Dictionary<string, byte[]> { [ContentDigest.Of(config)] = config, [ContentDigest.Of(packed)] = packed });
    }

    private static async Task<FindOutcome> FindAsync(EmbeddedRegistry registry, string name)
    {
        using var engine = new OciEngine(
            Run.Quick, EngineEvents.None, new RegistrySessions(), new Dictionary<string, RegistryCredential>(), TestContext.Current.CancellationToken);
        return await engine.FindInChartAsync(
            ImageReference.Parse($"{registry.Address}/{name}"), new FindOptions(), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_chart_is_read_from_its_registry()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        var packed = FindCase.Pack(("c/Chart.yaml", "name: c\nappVersion: \"2.0\"\n"), ("c/values.yaml", "image: {repository: quay.io/a/b}\n"));
        await registry.AddAsync("charts/c", Chart(packed), "1.0.0");

        var outcome = await FindAsync(registry, "charts/c:1.0.0");

        var image = Assert.Single(outcome.Images);
        Assert.Equal(("quay.io/a/b:2.0", $"oci://{registry.Address}/charts/c:1.0.0", "c/values.yaml"), (image.Reference, image.File, image.Entry));
        Assert.Empty(image.Parts);
    }

    [Fact]
    public async Task An_image_is_no_chart()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("a", ImageFactory.Create(), "1");

        Assert.Equal(OciErrorKind.DocumentInvalid, (await Assert.ThrowsAsync<OciException>(() => FindAsync(registry, "a:1"))).Kind);
    }
}
