using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Stores;

/// <summary>
/// Signatures that speak of an image by <c>subject</c> (image-spec 1.1): sigstore's bundles, as cosign makes them since version 3, and those of the
/// Notary Project. What the list says of an entry's kind is not believed: cosign writes another one there than the manifest has.
/// </summary>
internal sealed class ReferrerSignatures(IImageSource source) : ISignatureStore
{
    private const int MostManifests = 512;

    public async Task<IReadOnlyList<FoundSignature>> ReadAsync(Digest manifest, WorkScope work)
    {
        var list = new SignatureList(OciErrorKind.ManifestInvalid);
        var listed = source is IReferrerStore store ? await store.ListReferrersAsync(manifest, work).ConfigureAwait(false) : [];
        if (listed.Count > MostManifests)
        {
            throw new OciException(
                OciErrorKind.ManifestInvalid,
                $"'{source.DisplayName}@{manifest}' has {listed.Count} referrers; signatures are looked for in {MostManifests} at most.");
        }

        foreach (var entry in listed.Where(e => !MediaTypes.IsIndex(e.MediaType)))
        {
            await ReadAsync(entry, manifest, list, work).ConfigureAwait(false);
        }

        return list.Signatures;
    }

    private async Task ReadAsync(Descriptor entry, Digest subject, SignatureList list, WorkScope work)
    {
        var manifest = await source.GetManifestAsync(entry.Digest.ToString(), work).ConfigureAwait(false);
        if (manifest.Subject?.Digest != subject)
        {
            // Whoever lists it here, it speaks of something else.
            return;
        }

        foreach (var layer in manifest.Layers)
        {
            if (KindOf(layer.MediaType) is { } kind)
            {
                var content = await SmallBlob.ReadAsync(source, layer, "signature", work).ConfigureAwait(false);
                list.Add(new FoundSignature(kind, content, layer.MediaType, manifest.Annotations, $"{source.DisplayName}@{manifest.Digest}"));
            }
        }
    }

    private static SignatureKind? KindOf(string mediaType) => mediaType switch
    {
        ReferrerTypes.Bundle => SignatureKind.Bundle,
        ReferrerTypes.NotaryJws or ReferrerTypes.NotaryCose => SignatureKind.Notary,
        _ => null,
    };
}
