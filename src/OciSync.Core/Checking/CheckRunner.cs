using OciSync.Core.Archives;
using OciSync.Core.Errors;
using OciSync.Core.Images;
using OciSync.Core.Layouts;
using OciSync.Core.Places;
using OciSync.Core.References;
using OciSync.Core.Syncing;

namespace OciSync.Core.Checking;

/// <summary>Checks an image, or all images of a folder or archive one after the other.</summary>
internal sealed class CheckRunner(RegistryPool pool, CheckOptions options, BlobChecks blobs)
{
    internal async Task RunAsync(ImageLocation location, Func<OciImageCheck, OciException?, Task> onRow, CancellationToken cancellationToken)
    {
        var baseline = options.Baseline.Count > 0 ? new Baseline(options.Baseline, pool) : null;
        if (baseline is not null && location.Transport != ImageTransport.Oci)
        {
            throw new OciException(
                OciErrorKind.TransportUnsupported, $"'{location}': only images in an OCI layout (oci:path) can be there without what a baseline has.");
        }

        var isFolder = location.Image is null && location.Name is null && location.Index is null;
        var images = isFolder ? await ListAsync(location, cancellationToken).ConfigureAwait(false) : [location];
        pool.Events.CountImages(images.Count);
        var needed = new HashSet<Digest>();
        foreach (var image in images)
        {
            await CheckAsync(image, isFolder).ConfigureAwait(false);
        }

        if (isFolder && pool.GetSource(location) is ILayoutSource layout)
        {
            // What belongs to no image of the index, and is named there: a signature whose image is gone.
            var entries = await layout.ListAsync(cancellationToken).ConfigureAwait(false);
            foreach (var entry in entries.Where(e => !needed.Contains(e.Manifest.Digest)).ToList())
            {
                await CheckAsync(location.WithIndex(entry.Index), isFolder).ConfigureAwait(false);
            }
        }

        if (isFolder && location.Transport == ImageTransport.Oci)
        {
            TellOthers(location, needed);
        }

        async Task CheckAsync(ImageLocation image, bool withReferrers)
        {
            var elsewhere = baseline is null ? [] : await baseline.FindAsync(image, null, cancellationToken).ConfigureAwait(false);
            var checker = new ImageChecker(SourceOf(image), image, blobs, elsewhere) { IncludeReferrers = withReferrers };
            var (row, failure) = await checker.CheckAsync(cancellationToken).ConfigureAwait(false);
            needed.UnionWith(checker.Needed);
            await onRow(row, failure).ConfigureAwait(false);
        }
    }

    // The registry itself: a mirror's blobs are no proof.
    private IImageSource SourceOf(ImageLocation image) => image.Image is { } reference ? pool.GetClient(reference) : pool.GetSource(image);

    private async Task<IReadOnlyList<ImageLocation>> ListAsync(ImageLocation location, CancellationToken cancellationToken)
    {
        var images = pool.GetSource(location) switch
        {
            ILayoutSource layout => Locate(location, await layout.ListImagesAsync(cancellationToken).ConfigureAwait(false)),
            DockerArchive archive => Locate(location, await archive.ReadIndexAsync(cancellationToken).ConfigureAwait(false)),
            _ => (await FolderLister.ListAsync(pool, location).ConfigureAwait(false)).Select(i => i.Location).ToList(),
        };
        return images.Count == 0 ? throw new OciException(OciErrorKind.ManifestUnknown, $"'{location}' has no image.") : images;
    }

    // All there is, those without a name too.
    private static List<ImageLocation> Locate(ImageLocation layout, IReadOnlyList<LayoutEntry> images)
    {
        var shared = FolderLister.SharedNames(images);
        return images.Select(i => FolderLister.Locate(i, layout, shared)).ToList();
    }

    private static List<ImageLocation> Locate(ImageLocation archive, DockerArchiveIndex index) =>
        index.Items.SelectMany(i => i.Tags.Count == 0 || i.Tags.Any(index.IsShared)
            ? [archive.WithIndex(i.Index)]
            : i.Tags.Select(archive.WithName)).ToList();

    private void TellOthers(ImageLocation location, HashSet<Digest> needed)
    {
        var others = ((OciLayout)pool.GetFolder(location)).ListBlobs().Where(b => !needed.Contains(b.Digest)).ToList();
        if (others.Count > 0)
        {
            pool.Events.Decide($"'{location}': {others.Count} files with {others.Sum(o => o.Size)} bytes belong to no image of its index.");
        }
    }
}
