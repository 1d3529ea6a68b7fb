using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Transports;
using OciSync.Core.Transports.Archives;

namespace OciSync.Core.Syncing;

/// <summary>The images of a folder.</summary>
internal static class FolderLister
{
    internal static async Task<IReadOnlyList<FolderImage>> ListAsync(RegistryPool pool, ImageLocation folder) => folder.Transport switch
    {
        ImageTransport.Oci or ImageTransport.OciArchive => await ListLayoutAsync(pool, folder).ConfigureAwait(false),
        ImageTransport.DockerArchive => await ListArchiveAsync(pool, folder).ConfigureAwait(false),
        ImageTransport.Dir => ListFolders(folder),
        ImageTransport.DockerDaemon => throw new OciException(
            OciErrorKind.TransportUnsupported,
            $"'{folder}': the images of a Docker engine are listed by Docker itself (docker image ls); each is read by its name, "
                + "docker-daemon:repository:tag."),
        _ => throw new OciException(
            OciErrorKind.TransportUnsupported, $"'{folder}' is one image, made of files; there is no list of images in it."),
    };

    private static async Task<IReadOnlyList<FolderImage>> ListArchiveAsync(RegistryPool pool, ImageLocation archive)
    {
        var index = await ((DockerArchive)pool.GetSource(archive)).ReadIndexAsync(pool.Lifetime).ConfigureAwait(false);
        if (archive.Name is not null || archive.Index is not null)
        {
            return index.Find(archive.ManifestReference) is { } item ? ToImages(item, archive).ToList() : throw pool.GetSource(archive).Missing(archive.ManifestReference);
        }

        var named = index.Items.Where(i => i.Tags.Count > 0).ToList();
        return (named.Count > 0 ? named : index.Items).SelectMany(i => ToImages(i, archive)).ToList();
    }

    private static IEnumerable<FolderImage> ToImages(DockerArchiveItem item, ImageLocation archive) => item.Tags.Count > 0
        ? item.Tags.Select(t => new FolderImage(archive.WithName(t), () => ImageReference.Parse(t)))
        : [new FolderImage(archive.WithIndex(item.Index), () => throw new OciException(
            OciErrorKind.ReferenceInvalid, $"The image @{item.Index} of '{archive}' has no name. Copy it under a name you choose: Copy-OciImage."))];

    private static async Task<IReadOnlyList<FolderImage>> ListLayoutAsync(RegistryPool pool, ImageLocation folder)
    {
        var entries = pool.GetSource(folder) is OciArchive archive
            ? await archive.ListAsync(pool.Lifetime).ConfigureAwait(false)
            : await ((OciLayout)pool.GetFolder(folder)).ListAsync().ConfigureAwait(false);
        if (folder.Index is { } index)
        {
            return index < entries.Count
                ? [ToImage(entries[index], folder)]
                : throw pool.GetSource(folder).Missing(folder.ManifestReference);
        }

        // Referrers go with their images, by -IncludeReferrer.
        entries = entries.Where(e => !e.IsReferrer).ToList();

        // What lost its name to a newer image has none; it is taken only where no image has one.
        var named = entries.Where(e => e.Name is not null).GroupBy(e => e.Name).Select(g => g.First()).ToList();
        if (named.Count > 0 && entries.Any(e => e.Name is null))
        {
            pool.Events.Decide($"'{folder}': images without a name are left out: {string.Join(", ", entries.Where(e => e.Name is null).Select(e => "@" + e.Index))}.");
        }

        return (named.Count > 0 ? named : entries).Select(e => ToImage(e, folder)).ToList();
    }

    private static FolderImage ToImage(LayoutEntry entry, ImageLocation folder) =>
        entry.Name is { } name
            ? new FolderImage(folder.WithName(name), () => FolderName.Read(name, folder))
            : new FolderImage(folder.WithIndex(entry.Index), () => FolderName.Unnamed(entry.Manifest.Digest.ToString(), folder));

    private static List<FolderImage> ListFolders(ImageLocation folder)
    {
        var root = FolderStores.FullPath(folder);
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
