using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Signers;
using OciSync.Core.Signing.Stores;

namespace OciSync.Core.Signing.Attaching;

/// <summary>Signs the manifests of an image where it is, each key once for a name: a good signature that is there already is not made again.</summary>
/// <param name="stores">Where signatures lie.</param>
/// <param name="image">The image.</param>
/// <param name="place">The place that it is in.</param>
/// <param name="signing">Who signs.</param>
internal sealed class ImageSignatures(SignatureStores stores, ImageLocation image, IImageDestination place, SigningOptions signing)
{
    private static readonly string Creator = "OciSync " + typeof(ImageSignatures).Assembly.GetName().Version?.ToString(3);

    private static readonly IReadOnlyList<string?> Nameless = [null];

    private DateTimeOffset Now => place.Connection.Options.Time.GetUtcNow();

    /// <summary>Refuses what can't be signed in such a place, before anything is done there.</summary>
    /// <exception cref="OciException">Signatures of the format can't lie there.</exception>
    internal static void Check(SignatureStores stores, ImageLocation image, SigningOptions signing)
    {
        foreach (var format in signing.Signers.Select(s => s.Format).Distinct())
        {
            var isThere = image.Transport switch
            {
                ImageTransport.Docker => true,
                ImageTransport.Dir => format != SignatureFormat.Bundle,
                ImageTransport.Oci => format != SignatureFormat.OpenPgp,
                _ => false,
            };
            if (!isThere)
            {
                throw new OciException(
                    OciErrorKind.TransportUnsupported,
                    image.Transport is ImageTransport.Oci or ImageTransport.Dir
                        ? $"'{image}' can't hold signatures of the format {format}: an OCI layout has a place for Attachment and Bundle, a dir: folder for "
                            + "Attachment and OpenPgp, a registry for all."
                        : $"'{image}' can't be signed: an archive is written in one go, and a Docker engine keeps no signatures. Sign the image in a registry "
                            + "or an OCI layout (oci:path), and bring the signatures along (-IncludeReferrer).");
            }

            if (format == SignatureFormat.Attachment && image.Image is { } reference && stores.FindAttachmentFault(reference) is { } fault)
            {
                throw new OciException(OciErrorKind.Unsupported, $"'{image}' can't be signed by attachments: {fault}. A bundle needs no setting there.");
            }
        }
    }

    /// <summary>The signatures that a manifest should have, and whether it has them.</summary>
    /// <param name="manifest">The manifest: the image's own, or a part of it.</param>
    /// <param name="names">The names that are signed.</param>
    /// <param name="work">What stops it.</param>
    /// <exception cref="OciException">It isn't known which it has.</exception>
    internal async Task<IReadOnlyList<DueSignature>> FindAsync(Digest manifest, IReadOnlyList<string> names, WorkScope work)
    {
        var due = new List<DueSignature>();
        foreach (var signers in signing.Signers.GroupBy(s => s.Format))
        {
            var found = await ReadAsync(signers.Key, manifest, work).ConfigureAwait(false);
            due.AddRange(
                from signer in signers
                from name in signers.Key == SignatureFormat.Bundle ? Nameless : names
                select new DueSignature(signer, name, found.Any(f => signer.HasMade(f, manifest, name, Now))));
        }

        return due;
    }

    /// <summary>Makes a signature and puts it beside those that the manifest has.</summary>
    /// <param name="manifest">The manifest: the image's own, or a part of it.</param>
    /// <param name="due">Whose, for which name.</param>
    /// <param name="work">What stops it.</param>
    /// <returns>Where it lies.</returns>
    /// <exception cref="OciException">It can't be made, or not be written.</exception>
    internal async Task<string> AddAsync(Digest manifest, DueSignature due, WorkScope work)
    {
        if (due.Signer is OpenPgpSigner openPgp)
        {
            var message = await openPgp.SignAsync(Payload(SignatureKind.OpenPgp, manifest, due), Now, work.Token).ConfigureAwait(false);
            return await stores.AppendAsync(image, manifest, message, work).ConfigureAwait(false);
        }

        var key = ((SigstoreSigner)due.Signer).Key;
        if (due.Signer.Format == SignatureFormat.Bundle)
        {
            var subject = await ((IImageSource)place).GetManifestAsync(manifest.ToString(), work).ConfigureAwait(false);
            var bundle = await new BundleWriter(place, (IReferrerStore)place).AddAsync(subject, key, work).ConfigureAwait(false);
            return $"{place.DisplayName}@{bundle.Digest}";
        }

        var payload = Payload(SignatureKind.Sigstore, manifest, due);
        if (image.Transport == ImageTransport.Dir)
        {
            return await stores.AppendAsync(image, manifest, SignatureFile.Write(AttachmentWriter.Sign(payload, key)), work).ConfigureAwait(false);
        }

        await new AttachmentWriter((IImageSource)place, place, image.NameBeside).AddAsync(manifest, payload, key, work).ConfigureAwait(false);
        return $"{place.DisplayName}:{AttachmentSignatures.TagFor(manifest)}";
    }

    private byte[] Payload(SignatureKind kind, Digest manifest, DueSignature due) =>
        SignedPayloadWriter.Write(kind, due.Identity!, manifest, Creator, Now);

    private Task<IReadOnlyList<FoundSignature>> ReadAsync(SignatureFormat format, Digest manifest, WorkScope work) =>
        format == SignatureFormat.OpenPgp || image.Transport == ImageTransport.Dir ? stores.ReadWrittenAsync(image, manifest, work)
        : format == SignatureFormat.Bundle ? new ReferrerSignatures((IImageSource)place).ReadAsync(manifest, work)
        : new AttachmentSignatures((IImageSource)place, image.NameBeside).ReadAsync(manifest, work);
}
