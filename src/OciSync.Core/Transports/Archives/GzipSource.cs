using System.Collections.Concurrent;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Registry;

namespace OciSync.Core.Transports.Archives;

/// <summary>
/// An image source with its unpacked layers packed with gzip, as registries and OCI layouts want them. A layer is packed twice, once to
/// know its digest and once while it is sent: nothing is kept of it.
/// </summary>
internal sealed class GzipSource : IImageSource
{
    private const int BufferSize = 128 * 1024;

    private readonly IImageSource _inner;
    private readonly ConcurrentDictionary<Digest, Manifest> _packed = new();
    private readonly ConcurrentDictionary<Digest, Descriptor> _unpackedLayers = new();
    private readonly SingleFlight<Digest, Manifest> _manifests;
    private readonly SingleFlight<Descriptor, Descriptor> _layers;

    internal GzipSource(IImageSource inner)
    {
        _inner = inner;
        _manifests = new SingleFlight<Digest, Manifest>(inner.Connection.Lifetime);
        _layers = new SingleFlight<Descriptor, Descriptor>(inner.Connection.Lifetime);
    }

    /// <summary>Whether a layer was packed.</summary>
    internal bool HasPacked => !_unpackedLayers.IsEmpty;

    public IImageHost Connection => _inner.Connection;

    public string Repository => _inner.Repository;

    public string Key => _inner.Key;

    public string DisplayName => _inner.DisplayName;

    public async Task<ManifestHead?> HeadManifestAsync(string reference, Action? onRetry, CancellationToken cancellationToken)
    {
        if (await _inner.HeadManifestAsync(reference, onRetry, cancellationToken).ConfigureAwait(false) is null)
        {
            return null;
        }

        var manifest = await GetManifestAsync(reference, onRetry, cancellationToken).ConfigureAwait(false);
        return new ManifestHead(manifest.Digest, manifest.MediaType);
    }

    public async Task<Manifest> GetManifestAsync(string reference, Action? onRetry, CancellationToken cancellationToken)
    {
        if (Digest.TryParse(reference, out var digest, out _) && _packed.TryGetValue(digest!, out var known))
        {
            return known;
        }

        var manifest = await _inner.GetManifestAsync(reference, onRetry, cancellationToken).ConfigureAwait(false);
        return await _manifests.RunAsync(manifest.Digest, token => PackAsync(manifest, token), cancellationToken).ConfigureAwait(false);
    }

    public async Task<OpenedBlob> OpenBlobAsync(Digest digest, long offset, CancellationToken cancellationToken) =>
        _unpackedLayers.TryGetValue(digest, out var layer)
            ? new OpenedBlob(new GzipContent(await OpenLayerAsync(layer, cancellationToken).ConfigureAwait(false)), null)
            : await _inner.OpenBlobAsync(digest, offset, cancellationToken).ConfigureAwait(false);

    public void Spoil(IImageSource mirror, Digest digest, OciException fault) => _inner.Spoil(mirror, digest, fault);

    public string NameBlob(Digest digest) => _inner.NameBlob(_unpackedLayers.TryGetValue(digest, out var layer) ? layer.Digest : digest);

    public Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) => _inner.ListTagsAsync(cancellationToken);

    public OciException Missing(string reference) => _inner.Missing(reference);

    private async Task<Manifest> PackAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        var layers = new Descriptor[manifest.Layers.Count];
        await Throttle.ForEachAsync(
            Enumerable.Range(0, layers.Length),
            Environment.ProcessorCount,
            async (i, token) => layers[i] = LayerTypes.IsUnpacked(manifest.Layers[i].MediaType)
                ? await _layers.RunAsync(manifest.Layers[i], t => MeasureAsync(manifest.Layers[i], t), token).ConfigureAwait(false)
                : manifest.Layers[i],
            cancellationToken).ConfigureAwait(false);
        var packed = layers.SequenceEqual(manifest.Layers) ? manifest : ManifestMaker.Create(manifest.Config!, layers, DisplayName);
        _packed.TryAdd(packed.Digest, packed);
        return packed;
    }

    private async Task<Descriptor> MeasureAsync(Descriptor layer, CancellationToken cancellationToken)
    {
        using var content = new GzipContent(await OpenLayerAsync(layer, cancellationToken).ConfigureAwait(false));
        using var hash = layer.Digest.CreateHash();
        var buffer = new byte[BufferSize];
        long size = 0;
        int read;
        while ((read = await content.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            size += read;
        }

        var packed = new Descriptor(LayerTypes.Gzipped(layer.MediaType), Digest.FromHash(layer.Digest.Algorithm, hash.GetHashAndReset()), size);
        _unpackedLayers.TryAdd(packed.Digest, layer);
        return packed;
    }

    private async Task<IBlobContent> OpenLayerAsync(Descriptor layer, CancellationToken cancellationToken)
    {
        var opened = await _inner.OpenBlobAsync(layer.Digest, 0, cancellationToken).ConfigureAwait(false);
        return new HashedContent(opened.Answer, layer, _inner.NameBlob(layer.Digest));
    }
}
