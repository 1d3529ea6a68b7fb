using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Registry;

namespace OciSync.Core.Conversion;

/// <summary>A source whose foreign layers are fetched from where their manifest says they are, unless the source itself has them.</summary>
internal sealed class ForeignSource(IImageSource inner, ImageTree tree, ForeignLayers layers) : IImageSource
{
    private readonly Dictionary<Digest, Descriptor> _foreign = tree.Blobs
        .Where(b => b.IsForeign)
        .GroupBy(b => b.Digest)
        .ToDictionary(g => g.Key, g => g.First());

    public IImageHost Connection => inner.Connection;

    public string Repository => inner.Repository;

    public string Key => inner.Key;

    public string DisplayName => inner.DisplayName;

    public Task<ManifestHead?> HeadManifestAsync(string reference, WorkScope work) =>
        inner.HeadManifestAsync(reference, work);

    public Task<Manifest> GetManifestAsync(string reference, WorkScope work) =>
        inner.GetManifestAsync(reference, work);

    public Task<OpenedBlob> OpenBlobAsync(Digest digest, long offset, CancellationToken cancellationToken) =>
        _foreign.TryGetValue(digest, out var layer)
            ? OpenForeignAsync(layer, offset, cancellationToken)
            : inner.OpenBlobAsync(digest, offset, cancellationToken);

    public void Spoil(IImageSource mirror, Digest digest, OciException fault) => inner.Spoil(mirror, digest, fault);

    public string NameBlob(Digest digest) => inner.NameBlob(digest);

    public Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) => inner.ListTagsAsync(cancellationToken);

    public OciException Missing(string reference) => inner.Missing(reference);

    private async Task<OpenedBlob> OpenForeignAsync(Descriptor layer, long offset, CancellationToken cancellationToken)
    {
        try
        {
            return await inner.OpenBlobAsync(layer.Digest, offset, cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e) when (e.Kind == OciErrorKind.BlobUnknown)
        {
            var registry = (inner.Connection as RegistryConnection)?.ApiHost;
            return await layers.OpenAsync(layer, inner.DisplayName, registry, offset, cancellationToken).ConfigureAwait(false);
        }
    }
}
