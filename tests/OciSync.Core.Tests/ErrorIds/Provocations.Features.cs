using OciSync.Core.Conversion;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Signing;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Signing.Signers;
using OciSync.Core.Tags;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Removing;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.ErrorIds;

/// <summary>Ways to the failures of referrers, deletion, archives, engines and conversions.</summary>
internal static partial class Provocations
{
    // An image with attestations from one registry to another, asked for in a way that can't be.
    private static async Task<string?> OneAsync(Func<SyncRequest, SyncRequest> change)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, Attestations = true }), "1");
        return (await Run.OneAsync(change(Run.Request([$"{source.Address}/a:1"], destination.Address)))).ErrorId;
    }

    // An image that nobody signed, under a policy.
    private static async Task<string?> TrustAsync(string requirements)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["policy.json"], $$"""{"default": {{requirements}}}""");
        return await OneAsync(r => r with { Trust = new TrustOptions { Policy = OciPolicy.Open(folder["policy.json"]) } });
    }

    private static Task<string?> OpenKeyAsync(string text)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["a.key"], text);
        return Task.FromResult<string?>(IdOf(() => OciSigner.Open(folder["a.key"], null, new EngineOptions())));
    }

    private static async Task<string?> LoseReferrerAsync()
    {
        await using var world = await ReferrerWorld.StartAsync();
        world.Source.LoseBlob("a", world.Sbom.Blobs.Keys.Single(d => !world.Signature.Blobs.ContainsKey(d)));
        return (await Run.OneAsync(world.Request)).ErrorId;
    }

    private static async Task<string?> RemoveAsync(RegistryDialect dialect)
    {
        await using var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = dialect });
        await registry.AddAsync("a", ImageFactory.Create(), "1");
        return (await Assert.ThrowsAsync<OciException>(() => new Removal().RunAsync($"{registry.Address}/a:1"))).ErrorId;
    }

    private static async Task<string?> PruneAsync()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var place = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "2");
        await place.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 7 }), "0");
        await place.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 8 }), "1");
        var repository = ImageReference.Parse($"{source.Address}/a");
        var request = new SyncRequest
        {
            Repositories = [new SyncRepository(
                repository,
                new TagSelector(new TagChoice { Latest = 1 }), [SyncPlace.Below(GivenDestination.Read(place.Address), DestinationNaming.Leaf)], "a")],
            Prune = new PruneRequest { IsWanted = true, Limit = PruneLimit.Parse("1") },
        };
        return (await Run.SyncAsync(request)).Single(r => r.Failure is not null).Row.ErrorId;
    }

    private static async Task<string?> ArchiveAsync(bool from)
    {
        using var folder = new TempFolder();
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("a", ImageFactory.Create(), "1");
        await File.WriteAllTextAsync(folder["a.tar"], "no archive");
        var (image, archive) = ($"{registry.Address}/a:1", $"docker-archive:{folder["a.tar"]}");
        return (from ? await Carry.CopyAsync(archive, image) : await Carry.CopyAsync(image, archive + ":a:1")).ErrorId;
    }

    // A registry is no Docker engine: it answers 404 to what engines are asked.
    private static async Task<string?> DaemonAsync()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        return (await Run.OneAsync(
            Carry.Request($"{source.Address}/a:1", "docker-daemon:a:1"), Run.Quick with { DaemonHost = "http://" + source.Address })).ErrorId;
    }

    // A layer that is no gzip after all; with an address, one that only that address has.
    private static async Task<string?> LayerAsync(string? url, ConversionOptions options)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        byte[] bytes = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF, 0xFF];
        var digest = Digest.Of(bytes).ToString();
        var type = $"application/vnd.oci.image.layer{(url is null ? string.Empty : ".nondistributable")}.v1.tar+gzip";
        var image = ImageFactory.WithForeignLayers(new LayerDescriptor(type, digest, bytes.Length, digest) { Urls = url is null ? [] : [url] });
        var blobs = new Dictionary<string, byte[]>(image.Blobs);
        if (url is null)
        {
            blobs.Add(digest, bytes);
        }

        await source.AddAsync("a", image with { Blobs = blobs }, "1");
        return (await Run.OneAsync(Carry.Request($"{source.Address}/a:1", $"{destination.Address}/b:1") with { Conversion = options })).ErrorId;
    }

    // Open to the network, and nothing said of it: refused before a socket is opened.
    private static async Task<string?> ListenAsync()
    {
        var settings = new Core.Serving.RegistryServerSettings { Path = "nowhere", Address = System.Net.IPAddress.Any };
        var failure = await Assert.ThrowsAsync<OciException>(() => Core.Serving.OciRegistryServer.StartAsync(
            settings, Run.Quick, Core.Flow.EngineEvents.None, _ => { }, null, TestContext.Current.CancellationToken));
        return failure.ErrorId;
    }
}
