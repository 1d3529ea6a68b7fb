using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Conversion;

/// <summary>
/// A source after conversion: manifests and blobs that were made here are given out by their new digests, all others come from where the
/// image is. What copies images doesn't notice the difference.
/// </summary>
internal sealed class ConvertedSource(IImageSource inner, LayerSpool spool) : IImageSource
{
    private readonly Dictionary<Digest, Manifest> _manifests = [];
    private readonly Dictionary<Digest, byte[]> _blobs = [];
    private readonly Dictionary<Digest, PackedLayer> _layers = [];

    public IImageHost Connection => inner.Connection;

    public string Repository => inner.Repository;

    public string Key => inner.Key;

    public string DisplayName => inner.DisplayName;

    internal void Add(Manifest manifest) => _manifests[manifest.Digest] = manifest;

    internal void Add(Digest digest, byte[] blob) => _blobs[digest] = blob;

    internal void Add(PackedLayer layer) => _layers[layer.Digest] = layer;

    public Task<ManifestHead?> HeadManifestAsync(string reference, WorkScope work) =>
        inner.HeadManifestAsync(reference, work);

    public Task<Manifest> GetManifestAsync(string reference, WorkScope work) =>
        Digest.TryParse(reference, out var digest, out _) && _manifests.TryGetValue(digest!, out var made)
            ? Task.FromResult(made)
            : inner.GetManifestAsync(reference, work);

    public Task<OpenedBlob> OpenBlobAsync(Digest digest, long offset, CancellationToken cancellationToken) =>
        _blobs.TryGetValue(digest, out var bytes) ? Task.FromResult(new OpenedBlob(new MemoryContent(bytes, offset), null))
        : _layers.TryGetValue(digest, out var layer) ? spool.OpenAsync(inner, layer, offset, cancellationToken)
        : inner.OpenBlobAsync(digest, offset, cancellationToken);

    public void Spoil(IImageSource mirror, Digest digest, OciException fault) => inner.Spoil(mirror, digest, fault);

    public string NameBlob(Digest digest) =>
        _blobs.ContainsKey(digest) || _layers.ContainsKey(digest) ? $"The converted blob {digest} of '{DisplayName}'" : inner.NameBlob(digest);

    public Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) => inner.ListTagsAsync(cancellationToken);

    public OciException Missing(string reference) => inner.Missing(reference);
}
