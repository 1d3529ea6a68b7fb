using OciSync.Core.Archives;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.Layouts;
using OciSync.Core.References;
using OciSync.Core.Requests;

namespace OciSync.Core.Shelves;

/// <summary>The names under which the images of a place are asked for: those by which a sync of the whole place would call them.</summary>
internal static class ShelfNames
{
    /// <exception cref="OciException">The place can't be read.</exception>
    internal static async Task<IReadOnlyList<ShelvedImage>> ReadAsync(
        ShelfPlace place, IImageSource source, EngineEvents events, CancellationToken cancellationToken)
    {
        var images = new List<ShelvedImage>();
        void Add(Func<ImageReference> name, string reference)
        {
            try
            {
                var read = name();
                images.Add(new ShelvedImage(PathOf(read), read.Tag, reference));
            }
            catch (OciException e)
            {
                events.Warn($"An image is not served: {e.Message}");
            }
        }

        switch (source)
        {
            case ILayoutSource layout:
                await AddLayoutAsync(place, layout, Add, cancellationToken).ConfigureAwait(false);
                break;
            case DockerArchive archive:
                foreach (var item in (await archive.ReadIndexAsync(cancellationToken).ConfigureAwait(false)).Items)
                {
                    item.Tags.ToList().ForEach(tag => Add(() => ImageReference.Parse(tag), "@" + item.Index));
                }

                break;
            case DirImage dir when await HasImageAsync(dir, cancellationToken).ConfigureAwait(false):
                Add(() => FolderName.ReadPath(place.Relative, new ImageLocation(ImageTransport.Dir, place.Path, null, null)), ImageLocation.OnlyImage);
                break;
        }

        return images;
    }

    private static async Task<bool> HasImageAsync(DirImage dir, CancellationToken cancellationToken) =>
        await dir.HeadManifestAsync(ImageLocation.OnlyImage, WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false) is not null;

    private static async Task AddLayoutAsync(
        ShelfPlace place, ILayoutSource layout, Action<Func<ImageReference>, string> add, CancellationToken cancellationToken)
    {
        var folder = new ImageLocation(ImageTransport.Oci, WithoutExtension(place), null, null);
        var images = await layout.ListImagesAsync(cancellationToken).ConfigureAwait(false);

        // What speaks of an image may have a name too, cosign's tag: it is asked for by it.
        var known = new HashSet<int>(images.Select(i => i.Index));
        var named = (await layout.ListAsync(cancellationToken).ConfigureAwait(false))
            .Where(e => e.Name is not null && (e.IsReferrer || e.AttachedTo is not null) && !known.Contains(e.Index));
        foreach (var entry in images.Concat(named))
        {
            var digest = entry.Manifest.Digest.ToString();
            add(() => entry.Name is { } name ? FolderName.Read(name, folder) : FolderName.Unnamed(digest, folder), digest);
        }

        // The only image, without a name, is also the latest of the folder's name.
        if (images is [{ Name: null }])
        {
            var only = images[0].Manifest.Digest.ToString();
            add(() => FolderName.Read(ImageReference.DefaultTag, folder), only);
        }
    }

    // An archive's images without a repository are called like the file.
    private static string WithoutExtension(ShelfPlace place) =>
        place.Kind == ShelfKind.Archive ? Path.Combine(Path.GetDirectoryName(place.Path)!, Path.GetFileNameWithoutExtension(place.Path)) : place.Path;

    private static string PathOf(ImageReference name) =>
        name.Registry.Length == 0 ? name.Repository : name.Registry.Replace(':', '-') + "/" + name.Repository;
}
