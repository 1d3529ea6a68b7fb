using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Registry;

namespace OciSync.Core.Transports;

/// <summary>What the folders of images share: blobs are files, read and written by their digests.</summary>
internal abstract class FolderStore : IImageSource, IImageDestination
{
    private readonly FolderHost _host;

    private protected FolderStore(ImageTransport transport, string path, FolderHost host)
    {
        _host = host;
        Files = new FolderFiles(path);
        DisplayName = new ImageLocation(transport, path, null, null).ToString();
    }

    public IImageHost Connection => _host;

    public string Repository => string.Empty;

    public string Key => _host.Host;

    public string DisplayName { get; }

    private protected FolderFiles Files { get; }

    /// <summary>Where a blob is, below the folder.</summary>
    private protected abstract string BlobPath(Digest digest);

    /// <summary>Makes the folder ready to be written to. <exception cref="OciException">It holds something else.</exception></summary>
    private protected abstract Task PrepareAsync(CancellationToken cancellationToken);

    public abstract Task<ManifestHead?> HeadManifestAsync(string reference, Action? onRetry, CancellationToken cancellationToken);

    public abstract Task<Manifest> GetManifestAsync(string reference, Action? onRetry, CancellationToken cancellationToken);

    public abstract Task PutManifestAsync(string reference, Manifest manifest, bool isPart, Action? onRetry, CancellationToken cancellationToken);

    public abstract Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken);

    public abstract OciException Missing(string reference);

    public string NameBlob(Digest digest) => $"The file '{Files.PathOf(BlobPath(digest))}'";

    public Task<OpenedBlob> OpenBlobAsync(Digest digest, long offset, CancellationToken cancellationToken)
    {
        var stream = Files.TryOpen(BlobPath(digest)) ?? throw new OciException(
            OciErrorKind.BlobUnknown, $"'{Files.PathOf(BlobPath(digest))}' is missing: '{DisplayName}' is not complete.");
        stream.Seek(offset, SeekOrigin.Begin);
        return Task.FromResult(new OpenedBlob(new FileContent(stream, offset), null));
    }

    public void Spoil(IImageSource mirror, Digest digest, OciException fault) => throw new InvalidOperationException("A folder has no mirrors.");

    // A file of another size is no blob; it is written again.
    public virtual Task<bool> HasBlobAsync(Descriptor blob, Action? onRetry, CancellationToken cancellationToken) =>
        Task.FromResult(Files.Exists && Files.FindSize(BlobPath(blob.Digest)) == blob.Size);

    public async Task<bool> CanReadBlobAsync(Descriptor blob, Action? onRetry, CancellationToken cancellationToken) =>
        Files.Exists && await Files.IsIntactAsync(BlobPath(blob.Digest), blob, cancellationToken).ConfigureAwait(false);

    public Task<bool> TryMountAsync(Digest digest, string from, Action? onRetry, CancellationToken cancellationToken) => Task.FromResult(false);

    public async Task UploadAsync(Descriptor blob, IBlobFeed feed, Action<int> onSent, Action? onRetry, CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken).ConfigureAwait(false);
        await Files.WriteAsync(BlobPath(blob.Digest), blob, feed, onSent, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a manifest that has to be there.</summary>
    private protected async Task<Manifest> ReadManifestAsync(string relative, Digest digest, long? size, string? mediaType)
    {
        var path = Files.PathOf(relative);
        var bytes = await Files.ReadAsync(relative, ManifestReader.MaxSize).ConfigureAwait(false)
            ?? throw new OciException(OciErrorKind.BlobUnknown, $"'{path}' is missing: '{DisplayName}' is not complete.");
        var actual = Digest.Of(bytes, digest.Algorithm);
        return actual == digest && (size is null || size == bytes.Length)
            ? ManifestReader.Read(bytes, mediaType, digest, path)
            : throw new OciException(
                OciErrorKind.DigestMismatch, $"The file '{path}' has {bytes.Length} bytes of digest {actual} where {size ?? bytes.Length} bytes of {digest} should be.");
    }
}
