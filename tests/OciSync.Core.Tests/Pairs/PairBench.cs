using OciSync.Core.Flow;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Pairs;

/// <summary>
/// Runs cases: skopeo writes the image into the source (for an engine: the engine does, as skopeo asks it), OciSync copies it, and skopeo reads
/// what came of it into a folder, beside what it reads of the source.
/// </summary>
internal sealed class PairBench : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly DockerRegistryProcess _registry;
    private readonly DockerDaemonProcess? _daemon;
    private readonly Dictionary<(string Kind, string Transport), string> _sources = [];
    private readonly Dictionary<string, ImageView> _views = [];
    private int _count;

    private PairBench(DockerRegistryProcess registry, DockerDaemonProcess? daemon)
    {
        _registry = registry;
        _daemon = daemon;
    }

    /// <summary>Null when cases can run here, otherwise what is missing.</summary>
    internal static string? WhyMissing => Skopeo.WhyMissing ?? DockerRegistryProcess.WhyMissing;

    internal static async Task<PairBench> StartAsync()
    {
        var bench = new PairBench(
            await DockerRegistryProcess.StartAsync(), DockerDaemonProcess.WhyMissing is null ? await DockerDaemonProcess.StartAsync() : null);
        try
        {
            foreach (var kind in PairCase.Kinds)
            {
                await Seeder.PushAsync(WholeImageTests.Make(kind), bench._registry.BaseUri, "seed/" + kind, ["1"]);
            }

            return bench;
        }
        catch
        {
            await bench.DisposeAsync();
            throw;
        }
    }

    internal async Task<PairOutcome> RunAsync(PairCase one)
    {
        if (one.NeedsDaemon && _daemon is null)
        {
            return new PairOutcome(one, $"{PairOutcome.Skipped}: no dockerd");
        }

        // What skopeo can't write there is asked of OciSync, so that the reason is ours.
        if (one.Kind == "chart" && PairCase.IsDockers(one.Source))
        {
            return new PairOutcome(one, await RefuseAsync(one));
        }

        var source = await FindSourceAsync(one.Kind, one.Source);
        var destination = Place(one.Destination, $"{_count++}", one.Kind);
        var row = await Run.OneAsync(Carry.Request(Plain(source), Plain(destination)), Options);
        if (row.Error is not null)
        {
            return new PairOutcome(one, row.ErrorId is null ? row.Error : $"`{row.ErrorId}`");
        }

        try
        {
            return new PairOutcome(one, await CompareAsync(one, source, destination));
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or Xunit.Sdk.XunitException)
        {
            return new PairOutcome(one, $"not read back: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        await _registry.DisposeAsync();
        _folder.Dispose();
    }

    private EngineOptions Options => _daemon is null ? Run.Quick : Run.Quick with { DaemonHost = _daemon.Address };

    private async Task<string> RefuseAsync(PairCase one)
    {
        var row = await Run.OneAsync(Carry.Request($"{_registry.Address}/seed/{one.Kind}:1", Plain(Place(one.Source, $"{_count++}", one.Kind))), Options);
        return row.ErrorId is null ? row.Status : $"`{row.ErrorId}`";
    }

    private async Task<string> CompareAsync(PairCase one, string source, string destination)
    {
        var before = await ViewAsync(source, one.IsIndex);
        var after = await ViewAsync(destination, one.IsIndex);
        if (PairCase.IsDockers(one.Source) || PairCase.IsDockers(one.Destination))
        {
            await CompareIdAsync(one, destination, before);
            return before.ReadContent() != after.ReadContent() ? "another config" : one.IsIndex ? PairOutcome.OnePlatform : PairOutcome.Content;
        }

        after.Verify();
        return before.Root.AsSpan().SequenceEqual(after.Root) ? PairOutcome.Bytes : "another manifest";
    }

    // The engine's own word, beside what skopeo reads of it.
    private async Task CompareIdAsync(PairCase one, string destination, ImageView before)
    {
        if (one.Destination == "docker-daemon")
        {
            Assert.Equal(before.ReadContent(), await _daemon!.FindIdAsync(destination["docker-daemon:".Length..]));
        }
    }

    private async Task<string> FindSourceAsync(string kind, string transport)
    {
        if (!_sources.TryGetValue((kind, transport), out var place))
        {
            place = Place(transport, "source", kind);
            var from = $"docker://{_registry.Address}/seed/{kind}:1";
            if (kind == "zstd" && PairCase.IsDockers(transport))
            {
                // skopeo 1.9 can't unpack zstd on its way to Docker.
                var row = await Run.OneAsync(Carry.Request(Plain(from), place), Options);
                Assert.True(row.Error is null, row.Error);
                return _sources[(kind, transport)] = place;
            }

            if (transport == "docker")
            {
                await SkopeoAsync(from, $"dir:{_folder["seed-" + kind]}", "--all", "--preserve-digests");
                from = $"dir:{_folder["seed-" + kind]}";
            }

            // skopeo turns Docker's images into OCI's when it writes a layout.
            string[] options = PairCase.IsDockers(transport)
                ? []
                : kind == "docker" && transport.StartsWith("oci", StringComparison.Ordinal) ? ["--all"] : ["--all", "--preserve-digests"];
            await SkopeoAsync(from, place, options);
            _sources[(kind, transport)] = place;
        }

        return place;
    }

    private async Task<ImageView> ViewAsync(string place, bool isIndex)
    {
        if (!_views.TryGetValue(place, out var view))
        {
            var folder = _folder[$"view-{_views.Count}"];
            await SkopeoAsync(place, "dir:" + folder, isIndex && !PairCase.IsDockers(place.Split(':')[0]) ? ["--all", "--preserve-digests"] : []);
            _views[place] = view = new ImageView(folder);
        }

        return view;
    }

    private string Place(string transport, string number, string kind) => transport switch
    {
        "docker" => $"docker://{_registry.Address}/pairs/{kind}:{number}",
        "docker-daemon" => $"docker-daemon:pairs/{kind}:{number}",
        "docker-archive" => $"docker-archive:{_folder[$"{kind}-{number}.docker.tar"]}:pairs.test/{kind}:{number}",
        "oci-archive" => $"oci-archive:{_folder[$"{kind}-{number}.oci.tar"]}",
        _ => $"{transport}:{_folder[$"{kind}-{number}.{transport}"]}",
    };

    private static string Plain(string place) => place.Replace("docker://", string.Empty, StringComparison.Ordinal);

    private async Task SkopeoAsync(string source, string destination, params string[] options)
    {
        string[] daemon = _daemon is null ? [] : ["--src-daemon-host", _daemon.Address, "--dest-daemon-host", _daemon.Address];
        (await Skopeo.RunAsync(["copy", "--src-tls-verify=false", "--dest-tls-verify=false", .. daemon, .. options, source, destination])).Succeeded();
    }
}
