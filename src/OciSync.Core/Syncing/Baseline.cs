using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Layouts;
using OciSync.Core.Manifests;
using OciSync.Core.Places;
using OciSync.Core.References;
using OciSync.Core.SyncFiles;

namespace OciSync.Core.Syncing;

/// <summary>
/// What the other side has already: the images of layouts it has, or of lock files. Counted by repository, as a registry there finds a
/// blob without doubt only in the repository it came to. What a manifest names is there; whether the layout here still has it doesn't matter.
/// </summary>
internal sealed class Baseline
{
    private readonly RegistryPool _pool;
    private readonly IReadOnlyList<string> _paths;
    private readonly SingleFlight<string, HashSet<Digest>> _blobs;
    private readonly SingleFlight<string, IReadOnlyList<ImageReference>> _locks;

    internal Baseline(IReadOnlyList<string> paths, RegistryPool pool)
    {
        _paths = paths;
        _pool = pool;
        _blobs = new SingleFlight<string, HashSet<Digest>>(pool.Lifetime);
        _locks = new SingleFlight<string, IReadOnlyList<ImageReference>>(pool.Lifetime);
    }

    /// <summary>The repository in the name of a layout's image; empty where the name is a tag alone.</summary>
    internal static string RepositoryOf(string? name)
    {
        var end = name is null
            ? -1
            : name.IndexOf('@') is >= 0 and var at ? at : name.LastIndexOf(':') is var colon && colon > name.LastIndexOf('/') ? colon : -1;
        return end >= 0 ? name!.Substring(0, end) : name is not null && name.Contains("/") ? name : string.Empty;
    }

    /// <summary>The blobs the other side has of the repository that an image goes to, or, by a lock file, comes from.</summary>
    internal async Task<HashSet<Digest>> FindAsync(ImageLocation destination, ImageReference? source, CancellationToken cancellationToken)
    {
        var found = new HashSet<Digest>();
        foreach (var path in _paths)
        {
            if (!File.Exists(path))
            {
                var repository = RepositoryOf(destination.Name);
                found.UnionWith(await _blobs.RunAsync(
                    path + "\n" + repository, token => ReadLayoutAsync(path, repository, token), cancellationToken).ConfigureAwait(false));
            }
            else if (source is not null)
            {
                var repository = source.Name;
                found.UnionWith(
                    await _blobs.RunAsync(path + "\n" + repository, token => ReadLockAsync(path, repository, token), cancellationToken).ConfigureAwait(false));
            }
        }

        return found;
    }

    private async Task<HashSet<Digest>> ReadLayoutAsync(string path, string repository, CancellationToken cancellationToken)
    {
        var layout = (OciLayout)_pool.GetFolder(new ImageLocation(ImageTransport.Oci, path, null, null));
        var entries = await layout.ListAsync(cancellationToken).ConfigureAwait(false);
        var found = new HashSet<Digest>();
        foreach (var entry in entries.Where(e => e.Name is not null && RepositoryOf(e.Name) == repository))
        {
            await AddAsync(layout, entry.Manifest.Digest, found, cancellationToken).ConfigureAwait(false);
        }

        return found;
    }

    private async Task<HashSet<Digest>> ReadLockAsync(string path, string repository, CancellationToken cancellationToken)
    {
        var images = await _locks.RunAsync(path, _ => Task.FromResult(ReadLock(path)), cancellationToken).ConfigureAwait(false);
        var found = new HashSet<Digest>();
        foreach (var image in images.Where(i => i.Name == repository))
        {
            try
            {
                await AddAsync(_pool.GetSource(image), image.Digest!, found, cancellationToken).ConfigureAwait(false);
            }
            catch (OciException e) when (e.Kind == OciErrorKind.ManifestUnknown)
            {
                _pool.Events.Warn(
                    $"'{image}' of '{path}' is no longer at its registry: what it has in common with newer images is not known, and is exported.");
            }
        }

        return found;
    }

    private static IReadOnlyList<ImageReference> ReadLock(string path)
    {
        var file = SyncFile.Load(path, _ => null);
        if (file.Mistakes.Count > 0)
        {
            throw new OciException(OciErrorKind.ConfigurationInvalid, $"'{path}' can't be a baseline: {file.Mistakes[0]}");
        }

        return file.Entries
            .SelectMany(e => e.Tag.Select(t => ImageReference.Parse(e.ReferenceOf(t))))
            .Where(r => r.Digest is not null)
            .ToList() is { Count: > 0 } images
            && file.Entries.All(e => e.Tag.Length > 0 && e.Tag.All(t => t.Contains(":")))
            ? images
            : throw new OciException(
                OciErrorKind.ConfigurationInvalid,
                $"'{path}' can't be a baseline: it is no lock file, in which each image has its digest (- '1.27@sha256:…'). What a tag meant to the other "
                + "side can't be known.");
    }

    private static async Task AddAsync(IImageSource source, Digest root, HashSet<Digest> found, CancellationToken cancellationToken)
    {
        var work = WorkScope.Uncounted(cancellationToken);
        var manifest = await source.GetManifestAsync(root.ToString(), work).ConfigureAwait(false);
        var tree = await ImageTree.LoadAsync(source, manifest, work).ConfigureAwait(false);
        found.UnionWith(tree.Blobs.Select(b => b.Digest));
    }
}
