using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Tags;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Engine;

/// <summary>A source of four tags, places that hold two, and runs between them that prune.</summary>
internal static class PruneRuns
{
    internal static readonly TestImage[] Samples = [.. Enumerable.Range(0, 6).Select(
        i => ImageFactory.Create(new ImageSpec { Seed = 20 + i, Layers = 1, LayerSize = 300 }))];

    internal static string CosignTag(string digest) => digest.Replace(':', '-') + ".sig";

    internal static SyncRequest Planned(IEnumerable<SyncOutcome> plan, Func<OciSyncResult, bool> filter) => new()
    {
        Removals = plan.Select(o => o.Row).Where(r => r.Status == "WouldPrune").Where(filter)
            .Select(r => new SyncRemoval(ImageLocation.Parse(r.Destination), Digest.Parse(r.PreviousDigest!))).ToList(),
    };

    internal static async Task<EmbeddedRegistry> SourceAsync()
    {
        var source = await EmbeddedRegistry.StartAsync();
        await FillAsync(source);
        return source;
    }

    internal static async Task FillAsync(EmbeddedRegistry source)
    {
        for (var i = 1; i < 5; i++)
        {
            await source.AddAsync("a", Samples[i], $"{i}.0");
        }
    }

    internal static async Task<EmbeddedRegistry> PlaceAsync(string dialect)
    {
        var place = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = RegistryDialects.Get(dialect) });
        await place.AddAsync("a", Samples[0], "0.9");
        await place.AddAsync("a", Samples[1], "1.0");
        return place;
    }

    internal static SyncRequest Latest(int count, EmbeddedRegistry source, params EmbeddedRegistry[] places) =>
        Request(new TagChoice { Latest = count }, source, places);

    internal static SyncRequest Request(TagChoice choice, EmbeddedRegistry source, params EmbeddedRegistry[] places) =>
        Request(choice, source.Address, [.. places.Select(p => p.Address)]);

    internal static SyncRequest Request(TagChoice choice, string source, params string[] places) => new()
    {
        Repositories =
        [
            new SyncRepository(
                ImageReference.Parse(source + "/a"),
                new TagSelector(choice),
                places.Select(p => SyncPlace.Below(GivenDestination.Read(p), DestinationNaming.Leaf)).ToList(),
                source + "/a"),
        ],
        Prune = new PruneRequest { IsWanted = true },
    };
}
