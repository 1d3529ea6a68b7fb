using OciSync.Core.Connections;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Tags;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Engine;

/// <summary>What a plan costs is what the source's registry counts when its rows are carried out: not one pull or request more or less.</summary>
public sealed class PlanCostTests
{
    private static readonly TestImage[] Images =
    [
        ImageFactory.Create(new ImageSpec { Seed = 80, Layers = 3, LayerSize = 3000, Platforms = TestPlatform.Usual }),
        ImageFactory.Create(new ImageSpec { Seed = 81, Layers = 2, LayerSize = 200_000, Attestations = true, Platforms = TestPlatform.Usual }),
        ImageFactory.Create(new ImageSpec { Seed = 82, Layers = 1, LayerSize = 500 }),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // What is at the first place before; how many places; what of the images.
    [Theory]
    [InlineData("", 1, null)]
    [InlineData("0", 1, null)]
    [InlineData("012", 1, null)]
    [InlineData("", 2, null)]
    [InlineData("12", 2, null)]
    [InlineData("", 1, "linux/arm64")]
    [InlineData("", 2, "linux/arm64,linux/amd64")]
    public async Task It_is_what_the_registry_counts(string there, int places, string? platforms)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await FillAsync(source);
        var destinations = new List<EmbeddedRegistry>();
        for (var i = 0; i < places; i++)
        {
            destinations.Add(await EmbeddedRegistry.StartAsync());
        }

        foreach (var number in there.Select(c => c - '0'))
        {
            await destinations[0].AddAsync("a", Images[number], $"{number}.0");
        }

        var names = new[] { "a:0.0", "a:1.0", "a:2.0", "b:0.0", "b:latest" }
            .Where(n => platforms is null || n != "a:2.0").Select(n => $"{source.Address}/{n}");
        var request = Run.Request(names, [.. destinations.Select(d => d.Address)]) with
        {
            Selection = platforms is null ? ImageSelection.All : Run.Only(platforms.Split(',')),
        };
        var (cost, rows) = await PlanAsync(request);
        source.Requests.Clear();
        await CarryOutAsync(request, rows);
        Assert.Equal(
            (source.Requests.Count("GET", "/manifests/"), source.Requests.Count(), source.Requests.Where("GET", "/blobs/", 200).Count),
            (cost.Pulls, cost.Requests, cost.Requests - 1 - cost.Pulls - source.Requests.Count("HEAD", "/manifests/")));
        Assert.Equal(rows.Where(r => r.Status.StartsWith("Would", StringComparison.Ordinal)).Select(r => r.Source).Distinct().Count(), cost.Images);
        foreach (var destination in destinations)
        {
            await destination.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_real_registry_counts_the_same()
    {
        Assert.SkipWhen(DockerRegistryProcess.WhyMissing is not null, DockerRegistryProcess.WhyMissing ?? string.Empty);
        await using var real = await DockerRegistryProcess.StartAsync();
        await using var maker = await EmbeddedRegistry.StartAsync();
        await FillAsync(maker);
        string[] names = ["a:0.0", "a:1.0", "a:2.0"];
        await Run.SyncAsync(Run.Request(names.Select(n => $"{maker.Address}/{n}"), $"{real.Address}/team"));
        await using var place = await EmbeddedRegistry.StartAsync();
        var request = Run.Request(names.Select(n => $"{real.Address}/team/{n}"), place.Address);
        var (cost, rows) = await PlanAsync(request);
        var before = await CountAsync(real);
        await CarryOutAsync(request, rows);
        Assert.Equal((cost.Pulls, cost.Requests), await CountAsync(real, before));
        Assert.True(cost.Bytes > 0);

        static async Task<(int Pulls, int Requests)> CountAsync(DockerRegistryProcess registry, (int Pulls, int Requests) before = default)
        {
            var entries = (await registry.ReadAccessLogAsync(Token)).Where(e => e.UserAgent.StartsWith("OciSync/", StringComparison.Ordinal)).ToList();
            var pulls = entries.Count(e => e.Method == "GET" && e.Path.Contains("/manifests/", StringComparison.Ordinal));
            return (pulls - before.Pulls, entries.Count - before.Requests);
        }
    }

    [Fact]
    public async Task Bytes_are_those_that_travel()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await FillAsync(source);
        await using var place = await EmbeddedRegistry.StartAsync();
        var request = Run.Request([$"{source.Address}/a:0.0", $"{source.Address}/b:0.0", $"{source.Address}/a:2.0"], place.Address);
        var (cost, _) = await PlanAsync(request);
        Assert.Equal((await Run.SyncAsync(request)).Sum(r => r.Row.BytesCopied), cost.Bytes);
    }

    [Theory]
    [InlineData(812, 200L, "6h", null, null, "812 pulls of r.test at 200 in 6 h: 25 h")]
    [InlineData(150, 200L, "6h", null, null, "150 pulls of r.test at 200 in 6 h: at once")]
    [InlineData(150, 200L, "6h", 20L, null, "150 pulls of r.test at 200 in 6 h: 5 h")]
    [InlineData(1, null, null, null, null, "1 pull of r.test")]
    public void It_says_when_it_would_be_done(int pulls, long? limit, string? period, long? remaining, int? hours, string text)
    {
        Assert.Null(hours);
        TimeSpan? time = period is null ? null : Core.Sights.AgeText.Parse(period);
        var cost = new OciPlanCost
        {
            Registry = "r.test",
            Pulls = pulls,
            Limit = limit,
            Period = time,
            Remaining = remaining,
            Duration = limit is null ? null : OciPlanCost.Wait(pulls, limit.Value, time!.Value, remaining),
        };
        Assert.Equal(text, cost.ToString());
    }

    [Fact]
    public async Task A_given_limit_goes_before_the_one_that_was_told_and_the_rate_counts_too()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await FillAsync(source);
        await using var place = await EmbeddedRegistry.StartAsync();
        var request = Run.Request([$"{source.Address}/a:0.0"], place.Address);
        using var engine = Run.Engine(Run.Quick with { RequestRate = new RequestRate(1000, TimeSpan.FromSeconds(1)) }, cancellationToken: Token);
        Assert.True(PullQuota.TryParse($"{source.Address}=2/6h", out var quota));
        var cost = Assert.Single(await engine.CostAsync(request, [quota!], _ => { }, Token));
        Assert.Equal((2L, TimeSpan.FromHours(6), TimeSpan.FromHours(3 * cost.Pulls)), (cost.Limit, cost.Period, cost.Duration));
        var free = Assert.Single(await engine.CostAsync(request, [], _ => { }, Token));
        Assert.Null(free.Limit);
        Assert.Equal(free.Requests / 1000.0, free.Duration!.Value.TotalSeconds, 6);
    }

    [Theory]
    [InlineData("docker.io=200/6h", true)]
    [InlineData("r.test:5000=1/1d", true)]
    [InlineData("200/6h", false)]
    [InlineData("docker.io=0/6h", false)]
    [InlineData("docker.io=200/0", false)]
    [InlineData("docker.io=200", false)]
    [InlineData("docker.io=x/6h", false)]
    public void Limits_are_read(string text, bool isOne) => Assert.Equal(isOne, PullQuota.TryParse(text, out _));

    private static async Task FillAsync(EmbeddedRegistry source)
    {
        for (var i = 0; i < Images.Length; i++)
        {
            await source.AddAsync("a", Images[i], $"{i}.0");
        }

        await source.AddAsync("b", Images[0], "0.0", "latest");
    }

    private static async Task<(OciPlanCost Cost, IReadOnlyList<OciSyncResult> Rows)> PlanAsync(SyncRequest request)
    {
        using var engine = Run.Engine(Run.Patient, cancellationToken: Token);
        var rows = new List<OciSyncResult>();
        var costs = await engine.CostAsync(
            request,
            [],
            outcome =>
            {
                lock (rows)
                {
                    rows.Add(outcome.Row);
                }
            },
            Token);
        return (Assert.Single(costs), rows);
    }

    // As rows of a plan come in: pairs with the digests that the plan saw.
    private static async Task CarryOutAsync(SyncRequest request, IReadOnlyList<OciSyncResult> rows)
    {
        var pairs = rows.Select(r => new SyncPair(ImageReference.Parse(r.Source), ImageReference.Parse(r.Destination), r.Source)
        {
            SourceDigest = Digest.Parse(r.SourceDigest!),
        }).ToList();
        var done = await Run.SyncAsync(request with { Pairs = pairs }, Run.Patient);
        Assert.All(done, r => Assert.Contains(r.Row.Status, new[] { "Copied", "Updated", "UpToDate" }));
    }
}
