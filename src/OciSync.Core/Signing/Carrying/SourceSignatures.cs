using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Stores;

namespace OciSync.Core.Signing.Carrying;

/// <summary>The signatures of one image where it is copied from, but for those that are referrers: each manifest's are listed once, whoever asks.</summary>
/// <param name="stores">The places of the run.</param>
/// <param name="image">The image, as the user named it.</param>
/// <param name="source">The same, to be read as it is.</param>
/// <param name="read">The signatures of a manifest where they were read already, or null.</param>
/// <param name="mayHave">False where it is known that the source's repository doesn't have a tag.</param>
internal sealed class SourceSignatures(
    SignatureStores stores,
    ImageLocation image,
    IImageSource source,
    Func<Digest, IReadOnlyList<FoundSignature>?> read,
    Func<string, bool> mayHave)
{
    private readonly SingleFlight<Digest, IReadOnlyList<ListedSignature>> _listed = new(source.Connection.Lifetime);

    /// <summary>
    /// Whether a look is worth it: in folders and archives always, in a registry where registries.d names a place. So a run without signatures
    /// costs no request for them.
    /// </summary>
    internal async Task<bool> MayBeAsync(WorkScope work) => image.Transport switch
    {
        ImageTransport.Docker => await stores.MayHaveAsync(image.Image!.WithDefaultTag(), work).ConfigureAwait(false),
        ImageTransport.Dir or ImageTransport.Oci or ImageTransport.OciArchive => true,
        _ => false,
    };

    /// <summary>The signatures of a manifest.</summary>
    /// <exception cref="OciException">It isn't known whether there are any: they would be lost without a word.</exception>
    internal Task<IReadOnlyList<ListedSignature>> ListAsync(Digest manifest, WorkScope work) =>
        _listed.RunAsync(manifest, token => ListOnceAsync(manifest, work.With(token)), work.Token);

    private async Task<IReadOnlyList<ListedSignature>> ListOnceAsync(Digest manifest, WorkScope work)
    {
        try
        {
            return image.Transport switch
            {
                ImageTransport.Docker or ImageTransport.Dir when read(manifest) is { } known => [.. known.Select(ListedSignature.Of)],
                ImageTransport.Docker => await stores.ListAsync(image.Image!.WithDefaultTag(), manifest, mayHave, work).ConfigureAwait(false),
                ImageTransport.Dir =>
                    [.. (await new DirSignatures(image.Path!).ReadAsync(manifest, work).ConfigureAwait(false)).Select(ListedSignature.Of)],
                _ => await SignatureStores.ListAttachedAsync(new AttachmentSignatures(source), manifest, work).ConfigureAwait(false),
            };
        }
        catch (OciException e)
        {
            throw e.With(message: $"What signatures '{image}' has is not known (-RemoveSignature leaves them): {e.Message}", inner: e);
        }
    }
}
