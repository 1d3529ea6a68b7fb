using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Stores;

/// <summary>The places where signatures lie, for all images of a run. Settings are read, and servers connected, when the first image asks.</summary>
internal sealed partial class SignatureStores : IDisposable
{
    private readonly RunContext _run;
    private readonly Func<ImageReference, IReadOnlyList<RegistryClient>> _places;
    private readonly Func<ImageLocation, IImageSource> _open;
    private readonly Lazy<RegistriesDirectory> _directory;
    private readonly LookasideServers _servers;

    // By registry, repository, and whether the image goes by its digest, as mirrors may be for those alone.
    private readonly Dictionary<(string, string, bool), Task<bool>> _mayHave = [];
    private int _appended;

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
    /// <param name="isAsked">The user asks for signatures, and no policy does: attachments are read unless registries.d switches them off.</param>
    /// <exception cref="OciException">It isn't known whether there are signatures: a place doesn't tell, or what it has can't be read.</exception>
    internal async Task<StoredSignatures> ReadAsync(
        ImageLocation image, Digest manifest, WorkScope work, SignatureKind? only = null, bool isAsked = false)
    {
        if (image.Image is { } reference)
        {
            return await ReadAsync(reference.WithDefaultTag(), manifest, work, only, isAsked).ConfigureAwait(false);
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

    /// <summary>
    /// Puts a signature beside those that a manifest has, in a folder of one image, or where registries.d says that signatures are written. Those that
    /// are there stay as they are; what others write at the same time as well.
    /// </summary>
    /// <param name="image">The image, as the user named it.</param>
    /// <param name="manifest">The manifest: the image's own, or a platform's in it.</param>
    /// <param name="signature">The content of a signature's file.</param>
    /// <param name="work">What stops it.</param>
    /// <returns>Where it lies.</returns>
    /// <exception cref="OciException">There is no place where it can be written (<see cref="OciErrorKind.Unsupported"/>), or that fails.</exception>
    internal async Task<string> AppendAsync(ImageLocation image, Digest manifest, byte[] signature, WorkScope work)
    {
        if (image.Image is { } reference)
        {
            return await AppendAsync(reference.WithDefaultTag(), manifest, signature, work).ConfigureAwait(false);
        }

        return image.Transport == ImageTransport.Dir
            ? await new DirSignatures(image.Path!).AppendAsync(manifest, signature, 0, work).ConfigureAwait(false)
            : throw new OciException(OciErrorKind.Unsupported, $"'{image.PlaceName}' is of a kind that has no place for signatures of OpenPGP.");
    }

    /// <summary>
    /// The signatures that lie where <see cref="AppendAsync(ImageLocation, Digest, byte[], WorkScope)"/> writes, and where those are read: so it can be told
    /// whether one has to be added.
    /// </summary>
    /// <param name="image">The image, as the user named it.</param>
    /// <param name="manifest">The manifest: the image's own, or a platform's in it.</param>
    /// <param name="work">What stops it.</param>
    /// <exception cref="OciException">It isn't known whether there are any.</exception>
    internal async Task<IReadOnlyList<FoundSignature>> ReadWrittenAsync(ImageLocation image, Digest manifest, WorkScope work) =>
        image.Image is { } reference
            ? await ReadWrittenAsync(reference.WithDefaultTag(), manifest, work).ConfigureAwait(false)
            : (await ReadAsync(image, manifest, work).ConfigureAwait(false)).Signatures;

    /// <summary>Why attachments of an image are not to be written, where registries.d says so; else null.</summary>
    /// <exception cref="OciException">The settings aren't right.</exception>
    internal string? FindAttachmentFault(ImageReference image)
    {
        var (_, settings, name) = FindRegistry(image.WithDefaultTag());
        return settings is { UseAttachments: false, AttachmentsPlace: { } said } ? $"{said.Place} switches attachments of '{name}' off" : null;
    }

    /// <summary>The signatures that speak of a manifest by their <c>subject</c>: bundles, and those of the Notary Project. No policy asks for them.</summary>
    /// <param name="image">The image, as the user named it.</param>
    /// <param name="manifest">The manifest: the image's own, or a platform's in it.</param>
    /// <param name="work">What stops it.</param>
    /// <exception cref="OciException">It isn't known whether there are any.</exception>
    internal async Task<IReadOnlyList<FoundSignature>> ReadReferrersAsync(ImageLocation image, Digest manifest, WorkScope work) =>
        image.Image is null && image.Transport is not (ImageTransport.Oci or ImageTransport.OciArchive)
            ? []
            : await new ReferrerSignatures(_open(image)).ReadAsync(manifest, work).ConfigureAwait(false);

    public void Dispose() => _servers.Dispose();

    // What is read in one place and written in another has one row of numbers.
    private async Task<string> AppendAsync(ImageReference image, Digest manifest, byte[] signature, WorkScope work)
    {
        var (place, settings, name) = FindRegistry(image);
        if ((await place.Connection.ProbeAsync(work.Token).ConfigureAwait(false)).KeepsSignatures)
        {
            throw new OciException(
                OciErrorKind.Unsupported,
                $"'{place.DisplayName}' keeps signatures itself (X-Registry-Supports-Signatures); they are read there, and not written.");
        }

        if (Lookaside.Open(settings.Staging, place.Repository, _servers) is not IWritableStore staging)
        {
            throw new OciException(
                OciErrorKind.Unsupported,
                $"Signatures of '{name}' can't be written: {settings.Staging.Place} names a server, which is only read. "
                    + "A folder is named by lookaside-staging: file:///…");
        }

        var others = await ReadPublishedAsync(place, settings, manifest, work).ConfigureAwait(false);
        if (others.FirstOrDefault(s => s.Content.SequenceEqual(signature)) is { } same)
        {
            return same.Place;
        }

        var written = await staging.AppendAsync(manifest, signature, others.Count, work).ConfigureAwait(false);
        ForgetLooks();
        return written;
    }

    private async Task<IReadOnlyList<FoundSignature>> ReadWrittenAsync(ImageReference image, Digest manifest, WorkScope work)
    {
        var (place, settings, _) = FindRegistry(image);
        var published = await ReadPublishedAsync(place, settings, manifest, work).ConfigureAwait(false);
        var staging = Lookaside.Open(settings.Staging, place.Repository, _servers);
        return
        [
            .. published,
            .. staging is LookasideFolder folder
                ? folder.ReadBehind(manifest, published.Count, work)
                : await staging.ReadAsync(manifest, work).ConfigureAwait(false),
        ];
    }

    // What is read in another place than it is written. A place that nobody named is on this machine alone, and nobody reads it together with the other.
    private async Task<IReadOnlyList<FoundSignature>> ReadPublishedAsync(
        RegistryClient place, SignatureSettings settings, Digest manifest, WorkScope work) =>
        settings.Lookaside.Path is null || settings.Lookaside.Text == settings.Staging.Text
            ? []
            : await Lookaside.Open(settings.Lookaside, place.Repository, _servers).ReadAsync(manifest, work).ConfigureAwait(false);

    private async Task<StoredSignatures> ReadAsync(ImageReference image, Digest manifest, WorkScope work, SignatureKind? only, bool isAsked)
    {
        var notes = new List<string>();
        OciException? failure = null;
        foreach (var place in _places(image))
        {
            var signatures = new List<FoundSignature>();
            try
            {
                foreach (var store in await FindAsync(place, image, notes, work, only, isAsked).ConfigureAwait(false))
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
        RegistryClient place, ImageReference image, List<string> notes, WorkScope work, SignatureKind? only, bool isAsked)
    {
        var settings = Find(place, image, out var name);
        var probe = await place.Connection.ProbeAsync(work.Token).ConfigureAwait(false);
        var stores = new List<ISignatureStore>
        {
            probe.KeepsSignatures ? new RegistrySignatures(place) : Lookaside.Open(settings.Lookaside, place.Repository, _servers),
        };
        var reads = settings.UseAttachments || (isAsked && settings.AttachmentsPlace is null);
        if (reads && only != SignatureKind.OpenPgp)
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

    // The registry itself, without its mirrors.
    private (RegistryClient Place, SignatureSettings Settings, ImageReference Name) FindRegistry(ImageReference image)
    {
        var places = _places(image);
        var place = places[places.Count - 1];
        return (place, Find(place, image, out var name), name);
    }

    // Settings are for the name of the place that is read, which may be a mirror's.
    private SignatureSettings Find(RegistryClient place, ImageReference image, out ImageReference name)
    {
        name = new ImageReference(place.Connection.Host, place.Repository, image.Tag, image.Digest);
        return Directory.Find(PolicySubject.Of(name).Scopes);
    }
}
