using OciSync.Core.Archives;
using OciSync.Core.Errors;
using OciSync.Core.Folders;
using OciSync.Core.Layouts;
using OciSync.Core.Places;
using OciSync.Core.References;
using OciSync.Core.Requests;

namespace OciSync.Core.Syncing;

/// <summary>The images of a folder.</summary>
internal static class FolderLister
{
    internal static async Task<IReadOnlyList<FolderImage>> ListAsync(RegistryPool pool, ImageLocation folder) => folder.Transport switch
    {
        ImageTransport.Oci or ImageTransport.OciArchive => await ListLayoutAsync(pool, folder).ConfigureAwait(false),
        ImageTransport.DockerArchive => await ListArchiveAsync(pool, folder).ConfigureAwait(false),
        ImageTransport.Dir => ListFolders(folder),
        ImageTransport.DockerDaemon when folder.Name is null => await ListEngineAsync(pool, folder).ConfigureAwait(false),
        ImageTransport.DockerDaemon => throw new OciException(
            OciErrorKind.TransportUnsupported, $"'{folder}' names one image of a Docker engine; '{ImageLocation.DockerEngine}' lists all."),
        _ => throw new OciException(
            OciErrorKind.TransportUnsupported, $"'{folder}' is one image, made of files; there is no list of images in it."),
    };

    private static async Task<IReadOnlyList<FolderImage>> ListEngineAsync(RegistryPool pool, ImageLocation engine) =>
        (await pool.Engines.ListAsync(pool.Lifetime).ConfigureAwait(false))
            .Select(name => new FolderImage(engine.WithName(name.ToString()), () => name)).ToList();

    private static async Task<IReadOnlyList<FolderImage>> ListArchiveAsync(RegistryPool pool, ImageLocation archive)
    {
        var index = await ((DockerArchive)pool.GetSource(archive)).ReadIndexAsync(pool.Lifetime).ConfigureAwait(false);
        if (archive.Name is not null || archive.Index is not null)
        {
            return index.Find(archive.ManifestReference) is { } item
                ? ToImages(item, archive, index).ToList()
                : throw pool.GetSource(archive).Missing(archive.ManifestReference);
        }

        var named = index.Items.Where(i => i.Tags.Count > 0).ToList();
        return (named.Count > 0 ? named : index.Items).SelectMany(i => ToImages(i, archive, index)).ToList();
    }

    private static IEnumerable<FolderImage> ToImages(DockerArchiveItem item, ImageLocation archive, DockerArchiveIndex index) => item.Tags.Count > 0
        ? item.Tags.Select(t => new FolderImage(
            index.IsShared(t) ? archive.WithIndex(item.Index) : archive.WithName(t), () => ImageReference.Parse(t)))
        : [new FolderImage(archive.WithIndex(item.Index), () => throw new OciException(
            OciErrorKind.ReferenceInvalid, $"The image @{item.Index} of '{archive}' has no name. Copy it under a name you choose: Copy-OciImage."))];

    private static async Task<IReadOnlyList<FolderImage>> ListLayoutAsync(RegistryPool pool, ImageLocation folder)
    {
        var layout = (ILayoutSource)pool.GetSource(folder);
        if (folder.Index is { } index)
        {
            var entries = await layout.ListAsync(pool.Lifetime).ConfigureAwait(false);
            return index < entries.Count ? [ToImage(entries[index], folder, [])] : throw layout.Missing(folder.ManifestReference);
        }

        // What lost its name to a newer image has none; it is taken only where no image has one.
        var images = await layout.ListImagesAsync(pool.Lifetime).ConfigureAwait(false);
        var named = images.Where(e => e.Name is not null).ToList();
        if (named.Count > 0 && named.Count < images.Count)
        {
            var others = string.Join(", ", images.Where(e => e.Name is null).Select(e => "@" + e.Index));
            pool.Events.Tell($"'{folder}': images without a name are left out: {others}.");
        }

        var shared = SharedNames(images);
        return (named.Count > 0 ? named : images).Select(e => ToImage(e, folder, shared)).ToList();
    }

    // Different images of one name are told apart by their places: they meet at the destination, and there it is said.
    private static FolderImage ToImage(LayoutEntry entry, ImageLocation folder, HashSet<string> shared) => new(
        Locate(entry, folder, shared),
        () => entry.HasFullName ? entry.FullName!
            : entry.Name is { } name ? FolderName.Read(name, folder)
            : FolderName.Unnamed(entry.Manifest.Digest.ToString(), folder));

    /// <summary>How one of a layout's images is asked for.</summary>
    /// <param name="entry">The image.</param>
    /// <param name="folder">The layout.</param>
    /// <param name="shared">The names that several images of it have.</param>
    internal static ImageLocation Locate(LayoutEntry entry, ImageLocation folder, HashSet<string> shared) =>
        entry.Name is { } name && !shared.Contains(name) ? folder.WithName(name)
            : entry.Content is null ? folder.WithIndex(entry.Index) : folder;

    internal static HashSet<string> SharedNames(IEnumerable<LayoutEntry> images) =>
        new(images.Select(i => i.Name).OfType<string>().GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key), StringComparer.Ordinal);

    private static List<FolderImage> ListFolders(ImageLocation folder)
    {
        var root = FolderStores.FullPath(folder);
        if (!Directory.Exists(root))
        {
            throw new OciException(OciErrorKind.ManifestUnknown, $"'{folder}' has no image: there is no such folder.");
        }

        try
        {
            var found = new List<string>();
            Search(root, found);
            return found.Count == 0
                ? throw new OciException(OciErrorKind.ManifestUnknown, $"'{folder}' has no image: no folder with a '{DirImage.ManifestFile}' is in it.")
                : found.OrderBy(f => f, StringComparer.Ordinal)
                    .Select(f => new FolderImage(folder.WithPath(f), () => FolderName.ReadPath(f.Substring(root.Length), folder.WithPath(root)))).ToList();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFiles.Unreadable(root, e);
        }
    }

    // A folder that is an image has none below it. Links are not followed: they may lead round in a circle.
    private static void Search(string path, List<string> found)
    {
        if (File.Exists(Path.Combine(path, DirImage.ManifestFile)))
        {
            found.Add(path);
            return;
        }

        foreach (var folder in Directory.EnumerateDirectories(path).Where(f => (File.GetAttributes(f) & FileAttributes.ReparsePoint) == 0))
        {
            Search(folder, found);
        }
    }
}
