using OciSync.Core.Archives;
using OciSync.Core.Errors;
using OciSync.Core.Layouts;
using OciSync.Core.Places;
using OciSync.Core.References;

namespace OciSync.Core.Syncing;

/// <summary>All images of a folder or archive, those without a name too: what is looked at when it is looked at as a whole.</summary>
internal static class FolderContent
{
    /// <exception cref="OciException">It can't be read, or has no image (<see cref="OciErrorKind.ManifestUnknown"/>).</exception>
    internal static async Task<IReadOnlyList<ImageLocation>> ListAsync(RegistryPool pool, ImageLocation location, CancellationToken cancellationToken)
    {
        var images = pool.GetSource(location) switch
        {
            ILayoutSource layout => Locate(location, await layout.ListImagesAsync(cancellationToken).ConfigureAwait(false)),
            DockerArchive archive => Locate(location, await archive.ReadIndexAsync(cancellationToken).ConfigureAwait(false)),
            _ => (await FolderLister.ListAsync(pool, location).ConfigureAwait(false)).Select(i => i.Location).ToList(),
        };
        return images.Count == 0 ? throw new OciException(OciErrorKind.ManifestUnknown, $"'{location}' has no image.") : images;
    }

    private static List<ImageLocation> Locate(ImageLocation layout, IReadOnlyList<LayoutEntry> images)
    {
        var shared = FolderLister.SharedNames(images);
        return images.Select(i => FolderLister.Locate(i, layout, shared)).ToList();
    }

    private static List<ImageLocation> Locate(ImageLocation archive, DockerArchiveIndex index) =>
        index.Items.SelectMany(i => i.Tags.Count == 0 || i.Tags.Any(index.IsShared)
            ? [archive.WithIndex(i.Index)]
            : i.Tags.Select(archive.WithName)).ToList();
}
