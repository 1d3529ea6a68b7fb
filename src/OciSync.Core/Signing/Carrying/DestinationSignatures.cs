using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Signing.Attaching;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Stores;

namespace OciSync.Core.Signing.Carrying;

/// <summary>
/// Where signatures go at a destination: OpenPGP's to the folder that registries.d names for it (<c>lookaside-staging</c>, else
/// <c>lookaside</c>), sigstore's attachments to the image's repository where <c>use-sigstore-attachments</c> is on and into OCI layouts, both into
/// <c>dir:</c>; bundles and the Notary Project's, which are referrers, to such repositories and into OCI layouts. What is there stays.
/// </summary>
/// <param name="stores">The places of the run.</param>
/// <param name="image">The destination.</param>
/// <param name="client">The same, to be written.</param>
internal sealed class DestinationSignatures(SignatureStores stores, ImageLocation image, IImageDestination client)
{
    /// <summary>Why there is no place for signatures of a kind; null where there is one.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="isReferrer">They lie in manifests of their own, which name the image as their subject.</param>
    /// <param name="work">What stops it.</param>
    /// <exception cref="OciException">registries.d isn't right.</exception>
    internal async Task<string?> FindObstacleAsync(SignatureKind kind, bool isReferrer, WorkScope work) => image.Transport switch
    {
        ImageTransport.Dir => isReferrer ? $"'{image.PlaceName}' has no place for referrers (an OCI layout has)" : null,
        ImageTransport.Docker when kind == SignatureKind.OpenPgp => await FindFolderFaultAsync(image.Image!.WithDefaultTag(), work).ConfigureAwait(false),
        ImageTransport.Docker => FindAttachmentFault(image.Image!.WithDefaultTag(), isReferrer),
        ImageTransport.Oci or ImageTransport.OciArchive => kind == SignatureKind.OpenPgp
            ? $"'{image.PlaceName}' has no place for OpenPGP signatures (dir: has)"
            : null,
        _ => $"'{image.PlaceName}' has no place for signatures",
    };

    /// <summary>The keys of the signatures of a kind that a manifest has there.</summary>
    internal async Task<HashSet<string>> ListAsync(Digest manifest, SignatureKind kind, WorkScope work)
    {
        try
        {
            var listed = await ListAllAsync(manifest, kind, work).ConfigureAwait(false);
            return new HashSet<string>(listed.Where(s => s.Kind == kind).Select(s => s.Key), StringComparer.Ordinal);
        }
        catch (OciException e) when (e.Kind == OciErrorKind.RepositoryUnknown)
        {
            // The first image is only planned.
            return new HashSet<string>(StringComparer.Ordinal);
        }
    }

    private async Task<IReadOnlyList<ListedSignature>> ListAllAsync(Digest manifest, SignatureKind kind, WorkScope work) =>
        image.Transport == ImageTransport.Dir
            ? [.. (await new DirSignatures(image.Path!).ReadAsync(manifest, work).ConfigureAwait(false)).Select(ListedSignature.Of)]
            : kind == SignatureKind.OpenPgp
                ? await stores.ListWrittenAsync(image.Image!.WithDefaultTag(), manifest, work).ConfigureAwait(false)
                : client is IImageSource reader
                    ? await SignatureStores.ListAttachedAsync(new AttachmentSignatures(reader, image.NameBeside), manifest, work).ConfigureAwait(false)
                    : [];

    /// <summary>Puts signatures of one kind beside those that a manifest has.</summary>
    /// <exception cref="OciException">They can't be written.</exception>
    internal async Task AppendAsync(Digest manifest, IReadOnlyList<FoundSignature> signatures, WorkScope work)
    {
        if (signatures[0].Kind == SignatureKind.Sigstore && image.Transport != ImageTransport.Dir)
        {
            await new AttachmentWriter(client as IImageSource, client, image.NameBeside)
                .AppendAsync(manifest, signatures, work).ConfigureAwait(false);
            return;
        }

        foreach (var signature in signatures)
        {
            await stores.AppendAsync(image, manifest, SignatureFile.Write(signature), work).ConfigureAwait(false);
        }
    }

    // A folder that nobody named would be on this machine alone, where nobody looks who pulls from the mirror.
    private async Task<string?> FindFolderFaultAsync(ImageReference reference, WorkScope work)
    {
        var settings = stores.SettingsOf(reference, out var name);
        return settings.Staging.Path is null ? $"registries.d names no lookaside-staging for '{name.Name}'"
            : !settings.Staging.Text.StartsWith("file:", StringComparison.Ordinal)
                ? $"{settings.Staging.Place} names a server for '{name.Name}', which is only read, and no lookaside-staging"
            : await stores.KeepsSignaturesAsync(reference, work).ConfigureAwait(false)
                ? $"'{name.Registry}' keeps signatures itself (X-Registry-Supports-Signatures), where they are only read"
            : null;
    }

    private string? FindAttachmentFault(ImageReference reference, bool isReferrer)
    {
        var settings = stores.SettingsOf(reference, out var name);
        return settings.UseAttachments ? null
            : $"registries.d has no use-sigstore-attachments for '{name.Name}'" + (isReferrer ? " (-IncludeReferrer brings them all the same)" : string.Empty);
    }
}
