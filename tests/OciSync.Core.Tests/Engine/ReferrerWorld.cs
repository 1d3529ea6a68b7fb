using System.Text.Json.Nodes;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Engine;

/// <summary>An index with a signature, an SBOM of one of its platforms and a signature of that SBOM, at a registry with or without the referrers API.</summary>
internal sealed class ReferrerWorld : IAsyncDisposable
{
    private ReferrerWorld(EmbeddedRegistry source, EmbeddedRegistry destination)
    {
        (Source, Destination) = (source, destination);
        Signature = ImageFactory.Artifact("application/vnd.test.signature", "signed", Image.Root);
        Sbom = ImageFactory.Artifact("application/spdx+json", "{\"name\":\"sbom\"}", Image.Manifests[0]);
        SbomSignature = ImageFactory.Artifact("application/vnd.test.signature", "signed sbom", Sbom.Root);
    }

    internal EmbeddedRegistry Source { get; }

    internal EmbeddedRegistry Destination { get; }

    internal TestImage Image { get; } = ImageFactory.Create(new ImageSpec { Platforms = [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64] });

    internal TestImage Signature { get; }

    internal TestImage Sbom { get; }

    internal TestImage SbomSignature { get; }

    internal TestImage[] Referrers => [Signature, Sbom, SbomSignature];

    internal SyncRequest Request => Run.Request([$"{Source.Address}/a:1"], Destination.Address) with { IncludeReferrer = true };

    internal static Task<ReferrerWorld> StartAsync(bool sourceApi = true, bool destinationApi = true) =>
        StartAsync(new RegistryDialect { Referrers = sourceApi }, new RegistryDialect { Referrers = destinationApi });

    internal static async Task<ReferrerWorld> StartAsync(RegistryDialect source, RegistryDialect destination)
    {
        var world = new ReferrerWorld(
            await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = source }),
            await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = destination }));
        await world.Source.AddAsync("a", world.Image, "1");
        await world.AddAsync(world.Image.Digest, world.Signature);
        await world.AddAsync(world.Image.Manifests[0].Digest, world.Sbom);
        await world.AddAsync(world.Sbom.Digest, world.SbomSignature);
        return world;
    }

    /// <summary>Adds the only referrers of a manifest to the source.</summary>
    internal async Task AddAsync(string subject, params TestImage[] referrers)
    {
        foreach (var referrer in referrers)
        {
            await Source.AddAsync("a", referrer);
        }

        if (!Source.Options.Dialect.Referrers)
        {
            await Source.AddAsync("a", ImageFactory.ReferrersIndex(referrers), TagFor(subject));
        }
    }

    internal static string TagFor(string digest) => ReferrerIndex.TagFor(Digest.Parse(digest));

    /// <summary>The digests a registry lists for a subject, in the way it has.</summary>
    internal static async Task<IReadOnlyList<string>> ListAsync(EmbeddedRegistry registry, string subject, string repository = "a")
    {
        using var http = new HttpClient();
        var path = registry.Options.Dialect.Referrers ? $"referrers/{subject}" : $"manifests/{TagFor(subject)}";
        using var answer = await http.GetAsync(new Uri(registry.BaseUri, $"v2/{repository}/{path}"), TestContext.Current.CancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            return [];
        }

        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        return [.. json["manifests"]!.AsArray().Select(m => (string)m!["digest"]!)];
    }

    /// <summary>All three arrived, and are found by their subjects.</summary>
    internal static async Task CheckAsync(ReferrerWorld world, EmbeddedRegistry registry, string repository = "a")
    {
        foreach (var (subject, referrer) in new[]
        {
            (world.Image.Digest, world.Signature),
            (world.Image.Manifests[0].Digest, world.Sbom),
            (world.Sbom.Digest, world.SbomSignature)
        })
        {
            Assert.Equal([referrer.Digest], await ListAsync(registry, subject, repository));
            using var reader = new RawRegistryReader(registry.BaseUri);
            Assert.Equal(referrer.Digest, (await reader.VerifyAsync(repository, referrer.Digest, TestContext.Current.CancellationToken))[0]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Destination.DisposeAsync();
    }
}
