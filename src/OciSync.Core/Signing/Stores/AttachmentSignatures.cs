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
/// <param name="source">The repository or layout.</param>
/// <param name="nameOf">The name of a tag beside the image (<see cref="ImageLocation.NameBeside"/>); null for the tag itself.</param>
internal sealed class AttachmentSignatures(IImageSource source, Func<string, string>? nameOf = null) : ISignatureStore
{
    private const string Suffix = ".sig";

    /// <summary>The tag that the signatures of a manifest are under.</summary>
    internal static string TagFor(Digest manifest) => $"{manifest.Algorithm}-{manifest.Hex}{Suffix}";

    public async Task<IReadOnlyList<FoundSignature>> ReadAsync(Digest manifest, WorkScope work)
    {
        var list = new SignatureList(source is RegistryClient ? OciErrorKind.ProtocolError : OciErrorKind.LayoutInvalid);
        foreach (var layer in await ListAsync(manifest, work).ConfigureAwait(false))
        {
            list.Add(await ReadAsync(manifest, layer, work).ConfigureAwait(false));
        }

        return list.Signatures;
    }

    /// <summary>The signatures of a manifest as its layers describe them; their payloads are not read.</summary>
    /// <exception cref="OciException">It isn't known whether there are any, or there are too many.</exception>
    internal async Task<IReadOnlyList<Descriptor>> ListAsync(Digest manifest, WorkScope work)
    {
        var tag = TagFor(manifest);
        return await FindAsync(tag, work).ConfigureAwait(false) is { } attached ? Layers(attached, PlaceOf(tag)) : [];
    }

    /// <summary>One of the signatures that were listed.</summary>
    internal async Task<FoundSignature> ReadAsync(Digest manifest, Descriptor layer, WorkScope work) => new(
        SignatureKind.Sigstore,
        await SmallBlob.ReadAsync(source, layer, "signature", work).ConfigureAwait(false),
        layer.MediaType,
        layer.Annotations,
        PlaceOf(TagFor(manifest)));

    private string PlaceOf(string tag) => $"{source.DisplayName}:{tag}";

    // They are counted before any of them is read.
    private static IReadOnlyList<Descriptor> Layers(Manifest attached, string place)
    {
        var layers = attached.Layers.Where(l => l.MediaType == SigstoreAnnotations.PayloadType).ToList();
        var fault = attached.MediaType != MediaTypes.OciManifest ? $"its media type is {attached.MediaType}, and not {MediaTypes.OciManifest}"
            : layers.Count > SignatureList.MostSignatures ? $"it has {layers.Count} signatures, and at most {SignatureList.MostSignatures} are read" : null;
        return fault is null ? layers : throw new OciException(OciErrorKind.ManifestInvalid, $"'{place}' can't be read as signatures: {fault}.");
    }

    /// <summary>The manifest of a tag, or null where there is none.</summary>
    internal async Task<Manifest?> FindAsync(string tag, WorkScope work)
    {
        if (source is RegistryClient registry)
        {
            return await registry.FindManifestAsync(tag, work).ConfigureAwait(false);
        }

        var name = await NameOfAsync(tag, work).ConfigureAwait(false);
        return name is null ? null : await source.GetManifestAsync(name, work).ConfigureAwait(false);
    }

    /// <summary>
    /// The name that a tag has in a layout, where names may have their repository before them: the image's own first, and then any; null where it isn't
    /// there.
    /// </summary>
    internal async Task<string?> NameOfAsync(string tag, WorkScope work)
    {
        var own = nameOf?.Invoke(tag) ?? tag;
        if (own != tag && await source.HeadManifestAsync(own, work).ConfigureAwait(false) is not null)
        {
            return own;
        }

        if (await source.HeadManifestAsync(tag, work).ConfigureAwait(false) is not null)
        {
            return tag;
        }

        try
        {
            return (await source.ListTagsAsync(work.Token).ConfigureAwait(false)).FirstOrDefault(n => n.EndsWith(":" + tag, StringComparison.Ordinal));
        }
        catch (OciException e) when (e.Kind == OciErrorKind.ManifestUnknown)
        {
            // There is no layout yet.
            return null;
        }
    }
}
