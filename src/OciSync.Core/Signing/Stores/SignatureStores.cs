using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Stores;

/// <summary>The places where signatures lie, for all images of a run. Settings are read, and servers connected, when the first image asks.</summary>
internal sealed class SignatureStores : IDisposable
{
    private readonly RunContext _run;
    private readonly Func<ImageReference, IReadOnlyList<RegistryClient>> _places;
    private readonly Func<ImageLocation, IImageSource> _open;
    private readonly Lazy<RegistriesDirectory> _directory;
    private readonly LookasideServers _servers;

    /// <param name="run">What the registries of the run have in common.</param>
    /// <param name="places">Where an image of a registry is read from: its mirrors in their order, and the registry last.</param>
    /// <param name="open">Opens another place that images are read from.</param>
    internal SignatureStores(
        RunContext run, Func<ImageReference, IReadOnlyList<RegistryClient>> places, Func<ImageLocation, IImageSource> open)
    {
        _run = run;
        _places = places;
        _open = open;
        _directory = new Lazy<RegistriesDirectory>(() => RegistriesDirectory.Load(run.Options));
        _servers = new LookasideServers(run);
    }

    /// <summary>The settings of registries.d.</summary>
    /// <exception cref="OciException">They aren't right: <see cref="OciErrorKind.ConfigurationInvalid"/>.</exception>
    internal RegistriesDirectory Directory => _directory.Value;

    /// <summary>
    /// The signatures of a manifest. Where the image has mirrors, those of the first place that has any: as with skopeo, a mirror's signatures
    /// are where registries.d says for the mirror's own name.
    /// </summary>
    /// <param name="image">The image, as the user named it.</param>
    /// <param name="manifest">The manifest: the image's own, or a platform's in it.</param>
    /// <param name="work">What stops it.</param>
    /// <param name="only">The kind that is of use; null for all. A place that has none of it may be left out.</param>
    /// <exception cref="OciException">It isn't known whether there are signatures: a place doesn't tell, or what it has can't be read.</exception>
    internal async Task<StoredSignatures> ReadAsync(ImageLocation image, Digest manifest, WorkScope work, SignatureKind? only = null)
    {
        if (image.Image is { } reference)
        {
            return await ReadAsync(reference.WithDefaultTag(), manifest, work, only).ConfigureAwait(false);
        }

        ISignatureStore? store = image.Transport switch
        {
            ImageTransport.Dir => new DirSignatures(image.Path!),
            ImageTransport.Oci or ImageTransport.OciArchive => new AttachmentSignatures(_open(image)),
            _ => null,
        };
        return store is not null
            ? new StoredSignatures(await store.ReadAsync(manifest, work).ConfigureAwait(false), [])
            : new StoredSignatures([], [$"'{image.PlaceName}' is of a kind that has no place for signatures"]);
    }

    public void Dispose() => _servers.Dispose();

    private async Task<StoredSignatures> ReadAsync(ImageReference image, Digest manifest, WorkScope work, SignatureKind? only)
    {
        var notes = new List<string>();
        OciException? failure = null;
        foreach (var place in _places(image))
        {
            var signatures = new List<FoundSignature>();
            try
            {
                foreach (var store in await FindAsync(place, image, notes, work, only).ConfigureAwait(false))
                {
                    signatures.AddRange(await store.ReadAsync(manifest, work).ConfigureAwait(false));
                }

                if (signatures.Count > 0)
                {
                    return new StoredSignatures(signatures, notes);
                }
            }
            catch (OciException e) when (place.IsMirror)
            {
                // The registry itself may know; when it doesn't either, this is why it isn't known.
                failure ??= e;
            }
        }

        return failure is null ? new StoredSignatures([], notes) : throw failure;
    }

    private async Task<IReadOnlyList<ISignatureStore>> FindAsync(
        RegistryClient place, ImageReference image, List<string> notes, WorkScope work, SignatureKind? only)
    {
        var name = new ImageReference(place.Connection.Host, place.Repository, image.Tag, image.Digest);
        var settings = Directory.Find(PolicySubject.Of(name).Scopes);
        var probe = await place.Connection.ProbeAsync(work.Token).ConfigureAwait(false);
        var stores = new List<ISignatureStore>
        {
            probe.KeepsSignatures ? new RegistrySignatures(place) : Lookaside.Open(settings.Lookaside, place.Repository, _servers),
        };
        if (settings.UseAttachments && only != SignatureKind.OpenPgp)
        {
            stores.Add(new AttachmentSignatures(place));
        }
        else if (only != SignatureKind.OpenPgp)
        {
            notes.Add(
                $"sigstore attachments of '{name}' are not read: "
                + (settings.AttachmentsPlace is { } said
                    ? $"{said.Place} switches them off"
                    : "no use-sigstore-attachments in registries.d switches them on"));
        }

        return stores;
    }
}
