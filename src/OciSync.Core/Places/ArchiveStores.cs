using OciSync.Core.Archives;
using OciSync.Core.DockerEngine;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.References;

namespace OciSync.Core.Places;

/// <summary>The archives and Docker engines of one run, each opened once to be read and once to be written.</summary>
internal sealed class ArchiveStores(EngineOptions options, EngineEvents events, DockerEngines engines, CancellationToken lifetime) : IDisposable
{
    private readonly Dictionary<string, (object Store, FolderHost Host)> _stores = new(StringComparer.Ordinal);

    internal static bool Has(ImageLocation location) =>
        location.Transport is ImageTransport.OciArchive or ImageTransport.DockerArchive or ImageTransport.DockerDaemon or ImageTransport.Tarball;

    internal IImageSource GetSource(ImageLocation location)
    {
        var name = location.Transport == ImageTransport.DockerDaemon ? location.ToString() : NameOf(location);
        return (IImageSource)Get(name, engines.SourceOptions, host => location.Transport switch
        {
            ImageTransport.OciArchive => new OciArchive(location.PlaceName, PathOf(location), host),
            ImageTransport.DockerArchive => new DockerArchive(location.PlaceName, PathOf(location), host),
            ImageTransport.DockerDaemon => new DaemonSource(location, host, engines.FindSourceAsync),
            _ => new Tarball(location.ToString(), location.Paths, host),
        });
    }

    internal IImageDestination GetDestination(ImageLocation location)
    {
        if (location.Transport == ImageTransport.Tarball)
        {
            throw new OciException(
                OciErrorKind.TransportUnsupported, $"'{location}': 'tarball:' is only read. Write a docker-archive:, oci-archive:, oci: or dir:.");
        }

        // Its entries stand one after the other.
        return (IImageDestination)Get(NameOf(location) + " >", options with { MaxConnectionsPerRegistry = 1 }, host => location.Transport switch
        {
            ImageTransport.OciArchive => new OciArchiveWriter(location.PlaceName, PathOf(location), host),
            ImageTransport.DockerDaemon => engines.HoldsOnePlatform(location)
                ? new DaemonDestination(location.PlaceName, host)
                : new WholeDestination(location.PlaceName, host, engines.FindDestinationAsync),
            _ => new DockerArchiveWriter(location.PlaceName, PathOf(location), host),
        });
    }

    public void Dispose()
    {
        lock (_stores)
        {
            foreach (var (store, host) in _stores.Values)
            {
                (store as IDisposable)?.Dispose();
                host.Dispose();
            }

            _stores.Clear();
        }
    }

    private static string PathOf(ImageLocation location) => FolderStores.FullPath(location);

    private static string NameOf(ImageLocation location) =>
        location.Transport + ":" + (location.Path!.Length == 0 || location.Transport == ImageTransport.Tarball ? location.Path : PathOf(location));

    private object Get(string name, EngineOptions own, Func<FolderHost, object> create)
    {
        lock (_stores)
        {
            if (!_stores.TryGetValue(name, out var known))
            {
                var host = new FolderHost(name, own, events, lifetime);
                known = (create(host), host);
                _stores.Add(name, known);
            }

            return known.Store;
        }
    }
}
