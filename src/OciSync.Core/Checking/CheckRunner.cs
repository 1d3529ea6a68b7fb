using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Syncing;
using OciSync.Core.Transports;
using OciSync.Core.Transports.Archives;

namespace OciSync.Core.Checking;

/// <summary>Checks an image, or all images of a folder or archive one after the other.</summary>
internal sealed class CheckRunner(RegistryPool pool, CheckOptions options, BlobChecks blobs)
{
    internal async Task RunAsync(ImageLocation location, Func<OciImageCheck, OciException?, Task> onRow, CancellationToken cancellationToken)
    {
        var baseline = options.Baseline.Count > 0 ? new Baseline(options.Baseline, pool) : null;
        if (baseline is not null && location.Transport != ImageTransport.Oci)
        {
            throw new OciException(OciErrorKind.TransportUnsupported, $"'{location}': only images in an OCI layout (oci:path) can be there without what a baseline has.");
        }

        var isFolder = location.Image is null && location.Name is null && location.Index is null;
        var images = isFolder ? await ListAsync(location).ConfigureAwait(false) : [location];
        pool.Events.CountImages(images.Count);
        var needed = new HashSet<Digest>();
        foreach (var image in images)
        {
            var elsewhere = baseline is null ? [] : await baseline.FindAsync(image, null, cancellationToken).ConfigureAwait(false);
            var checker = new ImageChecker(SourceOf(image), image, blobs, elsewhere);
            var (row, failure) = await checker.CheckAsync(cancellationToken).ConfigureAwait(false);
            needed.UnionWith(checker.Needed);
            await onRow(row, failure).ConfigureAwait(false);
        }

        if (isFolder && location.Transport == ImageTransport.Oci)
        {
            TellOthers(location, needed);
        }
    }

    // The registry itself: a mirror's blobs are no proof.
    private IImageSource SourceOf(ImageLocation image) => image.Image is { } reference ? pool.GetClient(reference) : pool.GetSource(image);

    private async Task<IReadOnlyList<ImageLocation>> ListAsync(ImageLocation location)
    {
        var images = location.Transport switch
        {
            ImageTransport.Oci => Locate(location, await ((OciLayout)pool.GetFolder(location)).ListAsync().ConfigureAwait(false)),
            ImageTransport.OciArchive => Locate(location, await ((OciArchive)pool.GetSource(location)).ListAsync(pool.Lifetime).ConfigureAwait(false)),
            ImageTransport.DockerArchive => Locate(location, await ((DockerArchive)pool.GetSource(location)).ReadIndexAsync(pool.Lifetime).ConfigureAwait(false)),
            _ => (await FolderLister.ListAsync(pool, location).ConfigureAwait(false)).Select(i => i.Location).ToList(),
        };
        return images.Count == 0 ? throw new OciException(OciErrorKind.ManifestUnknown, $"'{location}' has no image.") : images;
    }

    // All there is: those without a name, and referrers, too.
    private static List<ImageLocation> Locate(ImageLocation layout, IReadOnlyList<LayoutEntry> entries) =>
        entries.Select(e => e.Name is null ? layout.WithIndex(e.Index) : layout.WithName(e.Name)).ToList();

    private static List<ImageLocation> Locate(ImageLocation archive, DockerArchiveIndex index) =>
        index.Items.SelectMany(i => i.Tags.Count == 0 ? [archive.WithIndex(i.Index)] : i.Tags.Select(archive.WithName)).ToList();

    private void TellOthers(ImageLocation location, HashSet<Digest> needed)
    {
        var others = ((OciLayout)pool.GetFolder(location)).ListBlobs().Where(b => !needed.Contains(b.Digest)).ToList();
        if (others.Count > 0)
        {
            pool.Events.Decide($"'{location}': {others.Count} files with {others.Sum(o => o.Size)} bytes belong to no image of its index.");
        }
    }
}
