using OciSync.Core.DockerEngine;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;

namespace OciSync.Core.Places;

/// <summary>
/// How the Docker engines of a run keep images: that which is read and that which is written, which may be two. Each is asked once, and only when an image is
/// of an engine.
/// </summary>
internal sealed class DockerEngines(EngineOptions options, EngineEvents events, CancellationToken lifetime)
{
    private readonly SingleFlight<string, DaemonStore> _stores = new(lifetime);

    /// <summary>The options of the engine that images are read from.</summary>
    internal EngineOptions SourceOptions { get; } =
        options.SourceDaemonHost is { Length: > 0 } daemon ? options with { DaemonHost = daemon } : options;

    /// <summary>How the engine keeps images that is read.</summary>
    /// <exception cref="OciException">It can't be reached.</exception>
    internal Task<DaemonStore> FindSourceAsync(CancellationToken cancellationToken) => FindAsync(SourceOptions, cancellationToken);

    /// <summary>The same of the engine that is written to.</summary>
    /// <exception cref="OciException">It can't be reached.</exception>
    internal Task<DaemonStore> FindDestinationAsync(CancellationToken cancellationToken) => FindAsync(options, cancellationToken);

    /// <summary>The images of the engine that is read, by their names.</summary>
    /// <exception cref="OciException">It can't be reached.</exception>
    internal async Task<IReadOnlyList<ImageReference>> ListAsync(CancellationToken cancellationToken)
    {
        using var client = DaemonClient.Create(SourceOptions);
        var names = await client.ListNamesAsync(cancellationToken).ConfigureAwait(false);
        return names.Select(n => ImageReference.TryParse(n, out var name, out _) ? name : null).OfType<ImageReference>().ToList();
    }

    /// <summary>
    /// Asks the engines that are among these places, so that <see cref="KindOf"/> knows. One that can't be asked counts as one of the older kind; whatever is
    /// done with it next fails with the reason.
    /// </summary>
    internal async Task LearnAsync(
        IEnumerable<ImageLocation> sources, IEnumerable<ImageLocation> destinations, CancellationToken cancellationToken)
    {
        foreach (var (isUsed, engine) in new[] { (sources.Any(IsEngine), SourceOptions), (destinations.Any(IsEngine), options) })
        {
            try
            {
                _ = isUsed ? await FindAsync(engine, cancellationToken).ConfigureAwait(false) : null;
            }
            catch (OciException e)
            {
                events.Tell($"The Docker engine does not say how it keeps images: {e.Message}");
            }
        }
    }

    /// <summary>What a place is like to a copy: an engine that keeps whole images is like an OCI archive.</summary>
    /// <param name="location">The place.</param>
    /// <param name="isSource">It is read.</param>
    internal ImageTransport KindOf(ImageLocation location, bool isSource = false) =>
        IsEngine(location) && _stores.TryGet(KeyOf(isSource ? SourceOptions : options), out var store) && store!.KeepsDigests
            ? ImageTransport.OciArchive
            : location.Transport;

    /// <summary>Whether a place holds one platform of an image, without its index.</summary>
    internal bool HoldsOnePlatform(ImageLocation location) => location.IsDocker && KindOf(location) != ImageTransport.OciArchive;

    private static bool IsEngine(ImageLocation location) => location.Transport == ImageTransport.DockerDaemon;

    private static string KeyOf(EngineOptions engine) => engine.DaemonHost ?? string.Empty;

    private Task<DaemonStore> FindAsync(EngineOptions engine, CancellationToken cancellationToken) => _stores.RunAsync(
        KeyOf(engine),
        async token =>
        {
            using var client = DaemonClient.Create(engine);
            return await client.FindStoreAsync(token).ConfigureAwait(false);
        },
        cancellationToken);
}
