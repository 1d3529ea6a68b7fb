using OciSync.Core.Archives;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.Layouts;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Requests;

namespace OciSync.Core.Shelves;

/// <summary>One place of images, opened to be served: its images by name, its manifests and blobs by digest.</summary>
internal sealed class Shelf : IDisposable
{
    private readonly FolderHost _host;
    private readonly IImageSource _source;
    private volatile bool _areManifestsMade;

    private Shelf(ShelfPlace place, FolderHost host, IImageSource source, IReadOnlyList<ShelvedImage> images)
    {
        Place = place;
        _host = host;
        _source = source;
        Images = images;
    }

    internal ShelfPlace Place { get; }

    /// <summary>Its images, each under each of its names.</summary>
    internal IReadOnlyList<ShelvedImage> Images { get; }

    /// <summary>Opens a place and reads what is in it, without any blob.</summary>
    /// <exception cref="OciException">It can't be read.</exception>
    internal static async Task<Shelf> OpenAsync(ShelfPlace place, EngineOptions options, EngineEvents events, CancellationToken lifetime)
    {
        var host = new FolderHost(place.Path, options, events, lifetime);
        IImageSource? source = null;
        try
        {
            source = await OpenSourceAsync(place, host).ConfigureAwait(false);
            return new Shelf(place, host, source, await ShelfNames.ReadAsync(place, source, events, lifetime).ConfigureAwait(false));
        }
        catch
        {
            (source as IDisposable)?.Dispose();
            host.Dispose();
            throw;
        }
    }

    /// <summary>The same layout after its index has changed: what is known of its manifests stays known.</summary>
    internal async Task<Shelf> RenewAsync(ShelfPlace place, EngineEvents events, CancellationToken lifetime) =>
        new(place, _host, _source, await ShelfNames.ReadAsync(place, _source, events, lifetime).ConfigureAwait(false));

    /// <summary>The manifest of an image, verified.</summary>
    internal Task<Manifest> ReadManifestAsync(string reference, CancellationToken cancellationToken) =>
        _source.GetManifestAsync(reference, WorkScope.Uncounted(cancellationToken));

    /// <summary>The manifest of a digest, verified; null when there is none, or what has the digest is no manifest.</summary>
    internal async Task<Manifest?> FindManifestAsync(Digest digest, CancellationToken cancellationToken)
    {
        var work = WorkScope.Uncounted(cancellationToken);
        try
        {
            return await _source.HeadManifestAsync(digest.ToString(), work).ConfigureAwait(false) is null
                ? null
                : await _source.GetManifestAsync(digest.ToString(), work).ConfigureAwait(false);
        }
        catch (OciException e) when (e.Kind is OciErrorKind.ManifestInvalid or OciErrorKind.ManifestUnknown or OciErrorKind.BlobUnknown
            or OciErrorKind.LayoutInvalid or OciErrorKind.ArchiveInvalid)
        {
            // A layer or config, asked for as a manifest; or a file that went a moment ago.
            return null;
        }
    }

    /// <summary>Opens a blob; null when it isn't there.</summary>
    internal async Task<IBlobContent?> TryOpenBlobAsync(Digest digest, long offset, CancellationToken cancellationToken)
    {
        try
        {
            return (await _source.OpenBlobAsync(digest, offset, cancellationToken).ConfigureAwait(false)).Answer;
        }
        catch (OciException e) when (e.Kind == OciErrorKind.BlobUnknown)
        {
            return await TryOpenElseAsync(digest, offset, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What tells whether the bytes of a blob are still those that were verified.</summary>
    internal FileStamp StampOf(Digest digest) => Place.Kind switch
    {
        ShelfKind.Layout => FileStamp.Of(Path.Combine(Place.Path, "blobs", digest.Algorithm, digest.Hex)),
        ShelfKind.Dir => FileStamp.Of(Path.Combine(Place.Path, digest.Hex)),
        _ => FileStamp.Of(Place.Path),
    };

    /// <summary>What speaks of a manifest here.</summary>
    internal async Task<IReadOnlyList<Descriptor>> ListReferrersAsync(Digest subject, CancellationToken cancellationToken)
    {
        var work = WorkScope.Uncounted(cancellationToken);
        var found = new List<Descriptor>();
        foreach (var entry in _source is IReferrerStore store ? await store.ListReferrersAsync(subject, work).ConfigureAwait(false) : [])
        {
            if (await FindManifestAsync(entry.Digest, cancellationToken).ConfigureAwait(false) is { } referrer)
            {
                found.Add(ReferrerIndex.DescriptorOf(referrer));
            }
        }

        return found;
    }

    public void Dispose()
    {
        (_source as IDisposable)?.Dispose();
        _host.Dispose();
    }

    private static async Task<IImageSource> OpenSourceAsync(ShelfPlace place, FolderHost host)
    {
        switch (place.Kind)
        {
            case ShelfKind.Layout:
                return new OciLayout(place.Path, host);
            case ShelfKind.Dir:
                return new DirImage(place.Path, host);
            default:
                // An archive of Docker's newer engines is both; the layout in it has the images as they were built.
                var oci = new OciArchive("oci-archive:" + place.Path, place.Path, host);
                if (await oci.HasIndexAsync().ConfigureAwait(false))
                {
                    return oci;
                }

                oci.Dispose();
                return new DockerArchive("docker-archive:" + place.Path, place.Path, host);
        }
    }

    // Blobs of a Docker archive are known once the manifests that name them are made; manifests are blobs as well.
    private async Task<IBlobContent?> TryOpenElseAsync(Digest digest, long offset, CancellationToken cancellationToken)
    {
        if (_source is DockerArchive && await MakeManifestsAsync(cancellationToken).ConfigureAwait(false))
        {
            return await TryOpenBlobAsync(digest, offset, cancellationToken).ConfigureAwait(false);
        }

        return Place.Kind != ShelfKind.Layout && await FindManifestAsync(digest, cancellationToken).ConfigureAwait(false) is { } manifest
            ? new BytesContent(manifest.Content, offset)
            : null;
    }

    private async Task<bool> MakeManifestsAsync(CancellationToken cancellationToken)
    {
        if (_areManifestsMade)
        {
            return false;
        }

        foreach (var image in Images)
        {
            await ReadManifestAsync(image.Reference, cancellationToken).ConfigureAwait(false);
        }

        _areManifestsMade = true;
        return true;
    }
}
