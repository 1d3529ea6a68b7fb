using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Integration;

/// <summary>A real registry without the referrers API: the index under the digest's tag, as skopeo reads it.</summary>
public sealed class RealReferrerTests
{
    [Fact]
    public async Task Go_to_a_docker_registry_and_from_there_to_another()
    {
        Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? string.Empty);
        Assert.SkipWhen(Skopeo.WhyMissing is not null, Skopeo.WhyMissing ?? string.Empty);
        await using var world = await ReferrerWorld.StartAsync();
        await using var first = await DockerRegistryProcess.StartAsync();
        await using var second = await DockerRegistryProcess.StartAsync();
        var signature = ImageFactory.Cosign("a");
        await world.Source.AddAsync("a", signature, ReferrerWorld.TagFor(world.Image.Digest) + ".sig");

        foreach (var (from, to) in new[] { (world.Source.Address, first.Address), (first.Address, second.Address) })
        {
            var request = Run.Request([$"{from}/a:1"], to) with { IncludeReferrer = true };
            var row = await Run.OneAsync(request);
            Assert.True(row.Error is null, row.Error);
            Assert.Equal(("Copied", 4), (row.Status, row.ReferrersCopied));
            Assert.Equal("UpToDate", (await Run.OneAsync(request)).Status);
        }

        foreach (var (reference, part) in new[]
        {
            (ReferrerWorld.TagFor(world.Image.Digest), world.Signature.Digest), (ReferrerWorld.TagFor(world.Image.Manifests[0].Digest), world.Sbom.Digest),
            (ReferrerWorld.TagFor(world.Sbom.Digest), world.SbomSignature.Digest), (ReferrerWorld.TagFor(world.Image.Digest) + ".sig", signature.Root.Text),
        })
        {
            var raw = await Skopeo.RunAsync(
                ["inspect", "--raw", "--tls-verify=false", $"docker://{second.Address}/a:{reference}"], null, TestContext.Current.CancellationToken);
            Assert.Contains(part, raw.Succeeded(), StringComparison.Ordinal);
        }
    }
}
