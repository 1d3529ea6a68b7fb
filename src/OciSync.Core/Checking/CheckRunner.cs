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
        var baseline = FindBaseline(location);
        var isFolder = location.Image is null && location.Name is null && location.Index is null;
        var images = isFolder ? await FolderContent.ListAsync(pool, location, cancellationToken).ConfigureAwait(false) : [location];
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

    private Baseline? FindBaseline(ImageLocation location) =>
        options.Baseline.Count == 0 ? null
        : location.Transport == ImageTransport.Oci ? new Baseline(options.Baseline, pool)
        : throw new OciException(
            OciErrorKind.TransportUnsupported, $"'{location}': only images in an OCI layout (oci:path) can be there without what a baseline has.");

    // The registry itself: a mirror's blobs are no proof.
    private IImageSource SourceOf(ImageLocation image) => image.Image is { } reference ? pool.GetClient(reference) : pool.GetSource(image);

    private void TellOthers(ImageLocation location, HashSet<Digest> needed)
    {
        var others = ((OciLayout)pool.GetFolder(location)).ListBlobs().Where(b => !needed.Contains(b.Digest)).ToList();
        if (others.Count > 0)
        {
            pool.Events.Tell($"'{location}': {others.Count} files with {others.Sum(o => o.Size)} bytes belong to no image of its index.");
        }
    }
}
