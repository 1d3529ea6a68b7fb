using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Layouts;
using OciSync.Core.Machine;
using OciSync.Core.References;

namespace OciSync.Core.Places;

/// <summary>The folders of one run, each known once.</summary>
internal sealed class FolderStores(EngineOptions options, EngineEvents events, CancellationToken lifetime) : IDisposable
{
    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    private readonly Dictionary<string, (FolderStore Store, FolderHost Host)> _stores = new(StringComparer.Ordinal);

    /// <param name="location">The folder.</param>
    /// <param name="blobs">Where a layout's blobs are if not in it; or null.</param>
    internal FolderStore Get(ImageLocation location, string? blobs = null)
    {
        var path = FullPath(location);
        blobs = location.Transport == ImageTransport.Oci && blobs is not null ? Path.GetFullPath(blobs) : null;
        var name = location.Transport + ":" + path + (blobs is null ? string.Empty : "|" + blobs);
        lock (_stores)
        {
            if (!_stores.TryGetValue(name, out var known))
            {
                var host = new FolderHost(name, options, events, lifetime);
                known = (location.Transport == ImageTransport.Oci ? new OciLayout(path, host, blobs) : new DirImage(path, host), host);
                _stores.Add(name, known);
            }

            return known.Store;
        }
    }

    /// <summary>Lets the layouts go: nothing is written into them for now.</summary>
    internal void EndUse()
    {
        lock (_stores)
        {
            _stores.Values.Select(s => s.Store).OfType<OciLayout>().ToList().ForEach(l => l.EndUse());
        }
    }

    internal static string FullPath(ImageLocation location)
    {
        CheckDevice(location, Path.DirectorySeparatorChar == '\\');
        try
        {
            var path = Path.GetFullPath(location.Path!);
            return path.TrimEnd(Separators) is { Length: > 0 } trimmed && Path.GetPathRoot(path) != path ? trimmed : path;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or PathTooLongException or System.Security.SecurityException)
        {
            throw new OciException(OciErrorKind.StorageFailed, $"'{location}': the path can't be used: {e.Message}", e);
        }
    }

    /// <summary>Refuses what is no place for files.</summary>
    /// <exception cref="OciException">A part of the path is the name of a device.</exception>
    internal static void CheckDevice(ImageLocation location, bool isWindows)
    {
        if (isWindows && DeviceName.Find(location.Path!) is { } device)
        {
            throw new OciException(
                OciErrorKind.StorageFailed, $"'{location}': '{device}' is the name of a device of Windows, in every folder; take another name.");
        }
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
}
