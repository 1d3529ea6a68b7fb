using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Servers;

namespace OciSync.Module.Tests.LongRuns;

/// <summary>The source, two destinations, and a proxy before each of them at which things go wrong.</summary>
internal sealed class SoakServers : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _all = [];
    private readonly List<FaultProxy> _proxies = [];

    private SoakServers(RandomFaults faults) => Faults = faults;

    internal RandomFaults Faults { get; }

    internal EmbeddedRegistry Source { get; private set; } = null!;

    /// <summary>The destinations themselves, without a proxy.</summary>
    internal List<Uri> Destinations { get; } = [];

    internal bool AreReal { get; } = DockerRegistryProcess.WhyMissing is null;

    internal string SourceAddress => _proxies[0].Address;

    internal IEnumerable<string> Places => _proxies.Skip(1).Select(p => p.Address + "/mirror");

    /// <summary>The tags of each repository, as they have to be everywhere.</summary>
    internal SortedDictionary<string, SortedDictionary<string, string>> Wanted { get; } = new(StringComparer.Ordinal);

    internal static async Task<SoakServers> StartAsync(SoakSize size)
    {
        var servers = new SoakServers(new RandomFaults(size.Seed, SoakSize.Percent));
        servers.Source = servers.Keep(await EmbeddedRegistry.StartAsync());
        await servers.FillAsync(size);
        for (var i = 0; i < 2; i++)
        {
            servers.Destinations.Add(servers.AreReal
                ? servers.Keep(await DockerRegistryProcess.StartAsync(accessLog: false)).BaseUri
                : servers.Keep(await EmbeddedRegistry.StartAsync()).BaseUri);
        }

        foreach (var target in servers.Destinations.Prepend(servers.Source.BaseUri))
        {
            servers._proxies.Add(servers.Keep(await FaultProxy.StartAsync(target, servers.Faults.Choose)));
        }

        return servers;
    }

    public async ValueTask DisposeAsync()
    {
        for (var i = _all.Count - 1; i >= 0; i--)
        {
            await _all[i].DisposeAsync();
        }
    }

    private T Keep<T>(T server)
        where T : IAsyncDisposable
    {
        _all.Add(server);
        return server;
    }

    // OCI images of a repository share two layers; each seventh is an index of two platforms, each fifth in Docker's format.
    private async Task FillAsync(SoakSize size)
    {
        for (var i = 0; i < size.Images; i++)
        {
            var r = i % size.Repositories;
            var image = ImageFactory.Create(new ImageSpec
            {
                Seed = 10 * i,
                Layers = i % 5 == 0 ? 2 : 1,
                LayerSize = 2000 + (i % 11 * 700),
                Docker = i % 5 == 0,
                SharedLayers = i % 5 == 0 ? [] : [TestLayer.Create(900_000 + (r % 20), 3000), TestLayer.Create(950_000 + r, 3000)],
                Platforms = i % 7 == 0 ? [TestPlatform.LinuxAmd64, TestPlatform.LinuxArm64] : [TestPlatform.LinuxAmd64],
            });
            var (repository, tag) = ($"soak/r{r:000}", $"1.{i / size.Repositories}.0");
            await Source.AddAsync(repository, image, tag);
            if (!Wanted.TryGetValue(repository, out var tags))
            {
                Wanted.Add(repository, tags = new SortedDictionary<string, string>(StringComparer.Ordinal));
            }

            tags.Add(tag, image.Digest);
        }
    }
}
