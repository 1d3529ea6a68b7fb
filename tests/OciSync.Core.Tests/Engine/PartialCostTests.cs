using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Engine;

/// <summary>
/// What a plan costs where destinations hold different parts of its images, one of them is a folder, or signatures come along: what the source's
/// registry counts when it is carried out, to the request.
/// </summary>
public sealed class PartialCostTests
{
    // One image at a time: of two that bring the same blob to two repositories at once, either may be the first.
    private static readonly EngineOptions InTurn = Run.Quick with { ThrottleLimit = 1 };

    private static readonly TestImage[] Images =
    [
        ImageFactory.Create(new ImageSpec { Seed = 180, Layers = 3, LayerSize = 3000, Platforms = TestPlatform.Usual }),
        ImageFactory.Create(new ImageSpec { Seed = 181, Layers = 2, LayerSize = 200_000, Platforms = TestPlatform.Usual }),
        ImageFactory.Create(new ImageSpec { Seed = 182, Layers = 2, LayerSize = 150_000 }),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // The first place has the first image, the second the second one; large ones lie in parts (blobs alone) at either, under a tag or without any.
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Two_registries_with_different_parts(bool isBackwards, bool hasTags)
    {
        await using var world = await World.StartAsync();
        await world.Places[0].AddAsync("a", Images[0], "0.0");
        await world.Places[1].AddAsync("a", Images[1], "1.0");
        await world.AddPartAsync(0, "a", Images[2], hasTags);
        await world.AddPartAsync(1, "b", Images[1], hasTags);
        await world.AddPartAsync(1, "b", Images[0], hasTags);
        string[] names = ["a:0.0", "a:1.0", "a:2.0", "b:0.0", "b:1.0", "b:2.0"];
        await world.CheckAsync(isBackwards ? names.Reverse() : names, world.Addresses);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Any_parts_at_any_place(int seed)
    {
        var random = new Random(seed);
        await using var world = await World.StartAsync();
        for (var place = 0; place < 2; place++)
        {
            foreach (var (repository, image) in from r in new[] { "a", "b" } from i in Enumerable.Range(0, 3) select (r, i))
            {
                switch (random.Next(4))
                {
                    case 0:
                        await world.Places[place].AddAsync(repository, Images[image], $"{image}.0");
                        break;
                    case 1:
                        await world.AddPartAsync(place, repository, Images[image], random.Next(2) == 0, random.Next(1, 4));
                        break;
                    default:
                        break;
                }
            }
        }

        await world.CheckAsync(from i in Enumerable.Range(0, 3) from r in new[] { "a", "b" } select $"{r}:{i}.0", world.Addresses);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_place_is_a_folder(bool isFilled)
    {
        await using var world = await World.StartAsync();
        await world.Places[0].AddAsync("a", Images[0], "0.0");
        var layout = "oci:" + world.Folder["layout"];
        if (isFilled)
        {
            var filled = await Run.SyncAsync(Run.Request([$"{world.Source.Address}/a:0.0", $"{world.Source.Address}/b:1.0"], layout));
            Assert.All(filled, r => Assert.Equal("Copied", r.Row.Status));
        }

        await world.CheckAsync(["a:0.0", "a:1.0", "b:0.0", "a:2.0"], [world.Places[0].Address, layout]);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task What_speaks_of_images_counts_too(bool hasApi, bool isThere)
    {
        await using var world = await ReferrerWorld.StartAsync(sourceApi: hasApi);
        await using var second = await EmbeddedRegistry.StartAsync();
        if (isThere)
        {
            await world.Destination.AddAsync("a", world.Image, "1");
            await world.Destination.AddAsync("a", world.Signature);
        }

        var request = Run.Request([$"{world.Source.Address}/a:1"], world.Destination.Address, second.Address) with { IncludeReferrer = true };
        await CheckAsync(request, world.Source);
    }

    private static async Task CheckAsync(SyncRequest request, EmbeddedRegistry source)
    {
        var rows = new List<OciSyncResult>();
        OciPlanCost cost;
        using (var engine = Run.Engine(InTurn, cancellationToken: Token))
        {
            cost = Assert.Single(await engine.CostAsync(request, [], o => { lock (rows) { rows.Add(o.Row); } }, Token), c => c.Registry == source.Address);
        }

        source.Requests.Clear();
        var pairs = rows.Select(r => request.Pairs.Single(p => p.Input == r.Source && p.Destination!.ToString() == r.Destination) with
        {
            SourceDigest = Digest.Parse(r.SourceDigest!),
        }).ToList();
        var done = await Run.SyncAsync(request with { Pairs = pairs }, InTurn);
        Assert.All(done, r => Assert.Contains(r.Row.Status, new[] { "Copied", "Updated", "UpToDate" }));
        var counted = (source.Requests.Count("GET", "/manifests/"), source.Requests.Count());
        Assert.True(counted == (cost.Pulls, cost.Requests), $"counted {counted}, planned {(cost.Pulls, cost.Requests)}:\n{string.Join("\n", source.Requests)}");
    }

    private sealed class World : IAsyncDisposable
    {
        internal EmbeddedRegistry Source { get; private init; } = null!;

        internal IReadOnlyList<EmbeddedRegistry> Places { get; private init; } = [];

        internal TempFolder Folder { get; } = new();

        internal string[] Addresses => [.. Places.Select(p => p.Address)];

        internal static async Task<World> StartAsync()
        {
            var world = new World
            {
                Source = await EmbeddedRegistry.StartAsync(),
                Places = [await EmbeddedRegistry.StartAsync(), await EmbeddedRegistry.StartAsync()],
            };
            foreach (var (repository, image) in from r in new[] { "a", "b" } from i in Enumerable.Range(0, 3) select (r, i))
            {
                await world.Source.AddAsync(repository, Images[image], $"{image}.0");
            }

            return world;
        }

        public async ValueTask DisposeAsync()
        {
            await Source.DisposeAsync();
            foreach (var place in Places)
            {
                await place.DisposeAsync();
            }

            Folder.Dispose();
        }

        // What a run that was killed leaves: the blobs, without the image.
        internal async Task AddPartAsync(int place, string repository, TestImage image, bool hasTags, int lost = 1)
        {
            await Places[place].AddAsync(repository, image, "part");
            using var http = new HttpClient();
            foreach (var digest in image.Blobs.Keys.Order(StringComparer.Ordinal).Take(lost))
            {
                Places[place].LoseBlob(repository, digest);
            }

            (await http.DeleteAsync(new Uri(Places[place].BaseUri, $"v2/{repository}/manifests/{image.Digest}"), Token)).EnsureSuccessStatusCode();
            if (hasTags)
            {
                await Places[place].AddAsync(repository, ImageFactory.Create(new ImageSpec { Seed = 190, Layers = 1, LayerSize = 10 }), "other");
            }
        }

        internal Task CheckAsync(IEnumerable<string> names, string[] places) =>
            PartialCostTests.CheckAsync(Run.Request(names.Select(n => $"{Source.Address}/{n}"), places), Source);
    }
}
