using OciSync.Core.Distribution;
using OciSync.Core.Engine;
using OciSync.Core.Errors;
using OciSync.Core.Filling;
using OciSync.Core.Flow;
using OciSync.Core.Polyfills;
using OciSync.Core.Shelves;

namespace OciSync.Core.Serving;

/// <summary>What a server has that fetches what isn't in its folder.</summary>
internal sealed class MirrorFill : IDisposable
{
    private readonly CancellationTokenSource _lifetime = new();
    private readonly UpstreamPools _pools;
    private readonly MirrorFiller _filler;
    private readonly FillGate? _gate;
    private readonly string _path;

    /// <exception cref="OciException">An upstream registry is none.</exception>
    internal MirrorFill(RegistryServerSettings settings, ServedFolder folder, EngineOptions options, EngineEvents events, Func<OciEngine> createEngine)
    {
        var limits = new FillLimits { MaximumSize = settings.MaximumSize, MinimumFree = settings.MinimumFreeSpace };
        var names = new UpstreamNames(settings.Upstream);
        var pending = new PendingImages();
        _path = settings.Path;
        _pools = new UpstreamPools(
            () =>
            {
                var engine = createEngine();
                return (engine.Pool, engine);
            },
            options.Time,
            pending);
        _gate = settings.Choice is not { } entries ? null
            : new FillGate(entries, settings.Path, _pools, events, options.Time, settings.TagLifetime, _lifetime.Token);
        _filler = new MirrorFiller(settings.Path, _pools, options, events, limits)
        {
            Proofs = folder.Proofs,
            OnFilled = folder.Forget,
            Keeps = name => _gate?.KeepsAsync(name) ?? Task.FromResult(false),
        };
        Images = new FillingImages(
            folder, names, _pools, _filler, new TagAges(settings.TagLifetime, options.Time), pending, _lifetime.Token, _gate);
    }

    internal IServedImages Images { get; }

    /// <summary>Makes the layout where there is none.</summary>
    /// <exception cref="OciException">What is there is no layout.</exception>
    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(_path))
        {
            throw new OciException(OciErrorKind.LayoutInvalid, $"'{_path}' is a file; what is fetched goes into an OCI layout. Name a folder.");
        }

        _gate?.Check();
        await _filler.PrepareAsync(cancellationToken).ConfigureAwait(false);
        _gate?.WatchAsync().Observe();
    }

    /// <summary>Ends the work on files, and waits for that no longer than so.</summary>
    internal Task EndAsync(CancellationToken limit) => _filler.EndAsync(limit);

    public void Dispose()
    {
        _lifetime.Cancel();
        _filler.Dispose();
        _pools.Dispose();
        _gate?.Dispose();
        _lifetime.Dispose();
    }
}
