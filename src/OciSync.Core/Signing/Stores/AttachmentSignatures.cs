using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Sigstore;

namespace OciSync.Core.Signing.Stores;

/// <summary>
/// Signatures that cosign and skopeo attach to an image: a manifest under the tag <c>sha256-HEX.sig</c> in the image's repository or layout, with a
/// layer for each payload (cosign's signature specification). Layers of other types are attestations and the like.
/// </summary>
internal sealed class AttachmentSignatures(IImageSource source) : ISignatureStore
{
    private const string Suffix = ".sig";

    /// <summary>The tag that the signatures of a manifest are under.</summary>
    internal static string TagFor(Digest manifest) => $"{manifest.Algorithm}-{manifest.Hex}{Suffix}";

    public async Task<IReadOnlyList<FoundSignature>> ReadAsync(Digest manifest, WorkScope work)
    {
        var tag = TagFor(manifest);
        var list = new SignatureList(source is RegistryClient ? OciErrorKind.ProtocolError : OciErrorKind.LayoutInvalid);
        if (await FindAsync(tag, work).ConfigureAwait(false) is not { } attached)
        {
            return list.Signatures;
        }

        var place = $"{source.DisplayName}:{tag}";
        foreach (var layer in Layers(attached, place))
        {
            var payload = await SmallBlob.ReadAsync(source, layer, "signature", work).ConfigureAwait(false);
            list.Add(new FoundSignature(SignatureKind.Sigstore, payload, layer.MediaType, layer.Annotations, place));
        }

        return list.Signatures;
    }

    // They are counted before any of them is read.
    private static IReadOnlyList<Descriptor> Layers(Manifest attached, string place)
    {
        var layers = attached.Layers.Where(l => l.MediaType == SigstoreAnnotations.PayloadType).ToList();
        var fault = attached.MediaType != MediaTypes.OciManifest ? $"its media type is {attached.MediaType}, and not {MediaTypes.OciManifest}"
            : layers.Count > SignatureList.MostSignatures ? $"it has {layers.Count} signatures, and at most {SignatureList.MostSignatures} are read" : null;
        return fault is null ? layers : throw new OciException(OciErrorKind.ManifestInvalid, $"'{place}' can't be read as signatures: {fault}.");
    }

    /// <summary>The manifest of a tag, or null where there is none.</summary>
    internal async Task<Manifest?> FindAsync(string tag, WorkScope work) =>
        source is RegistryClient registry ? await registry.FindManifestAsync(tag, work).ConfigureAwait(false)
        : await source.HeadManifestAsync(tag, work).ConfigureAwait(false) is not null ? await source.GetManifestAsync(tag, work).ConfigureAwait(false)
        : null;
}
