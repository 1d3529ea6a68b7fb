using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Folders;

/// <summary>What the folders of images share: blobs are files, read and written by their digests.</summary>
internal abstract class FolderStore : IImageSource, IImageDestination
{
    private readonly FolderHost _host;

    private protected FolderStore(ImageTransport transport, string path, FolderHost host, string? blobs = null)
    {
        _host = host;
        Files = new FolderFiles(path);
        Blobs = blobs is null ? Files : new FolderFiles(blobs);
        DisplayName = new ImageLocation(transport, path, null, null).ToString();
    }

    public IImageHost Connection => _host;

    public string Repository => string.Empty;

    public SingleFlight<Digest, bool>? Made => null;

    public string Key => _host.Host;

    public string DisplayName { get; }

    private protected FolderFiles Files { get; }

    /// <summary>Where blobs are: here, or in a folder of several layouts.</summary>
    private protected FolderFiles Blobs { get; }

    /// <summary>Where a blob is, below the folder of blobs.</summary>
    private protected abstract string BlobPath(Digest digest);

    /// <summary>Makes the folder ready to be written to. <exception cref="OciException">It holds something else.</exception></summary>
    private protected abstract Task PrepareAsync(CancellationToken cancellationToken);

    public abstract Task<ManifestHead?> HeadManifestAsync(string reference, WorkScope work);

    public abstract Task<Manifest> GetManifestAsync(string reference, WorkScope work);

    public abstract Task PutManifestAsync(string reference, Manifest manifest, bool isPart, WorkScope work);

    public abstract Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken);

    public abstract OciException Missing(string reference);

    public string NameBlob(Digest digest) => $"The file '{Blobs.PathOf(BlobPath(digest))}'";

    public Task<OpenedBlob> OpenBlobAsync(Digest digest, long offset, CancellationToken cancellationToken)
    {
        var stream = Blobs.TryOpen(BlobPath(digest)) ?? throw new OciException(
            OciErrorKind.BlobUnknown,
            $"'{Blobs.PathOf(BlobPath(digest))}' is missing: '{DisplayName}' is not complete, or was written with -Baseline for a place that has this blob.");
        stream.Seek(offset, SeekOrigin.Begin);
        return Task.FromResult(new OpenedBlob(new FileContent(stream, offset), null));
    }

    public void Spoil(IImageSource mirror, Digest digest, OciException fault) => throw new InvalidOperationException("A folder has no mirrors.");

    // A file of another size is no blob; it is written again.
    public virtual Task<bool> HasBlobAsync(Descriptor blob, WorkScope work) =>
        Task.FromResult(Blobs.Exists && Blobs.FindSize(BlobPath(blob.Digest)) == blob.Size);

    public async Task<bool> CanReadBlobAsync(Descriptor blob, WorkScope work) =>
        Blobs.Exists && await Blobs.IsIntactAsync(BlobPath(blob.Digest), blob, work.Token).ConfigureAwait(false);

    public Task<bool> TryMountAsync(Digest digest, string from, WorkScope work) => Task.FromResult(false);

    public async Task UploadAsync(Descriptor blob, IBlobFeed feed, Action<int> onSent, WorkScope work)
    {
        await PrepareAsync(work.Token).ConfigureAwait(false);
        await Blobs.WriteAsync(BlobPath(blob.Digest), blob, feed, onSent, work.Token).ConfigureAwait(false);
    }

    /// <summary>Reads a manifest that has to be there.</summary>
    private protected async Task<Manifest> ReadManifestAsync(string relative, Digest digest, long? size, string? mediaType)
    {
        var path = Blobs.PathOf(relative);
        var bytes = await Blobs.ReadAsync(relative, ManifestReader.MaxSize).ConfigureAwait(false)
            ?? throw new OciException(OciErrorKind.BlobUnknown, $"'{path}' is missing: '{DisplayName}' is not complete.");
        var actual = Digest.Of(bytes, digest.Algorithm);
        return actual == digest && (size is null || size == bytes.Length)
            ? ManifestReader.Read(bytes, mediaType, digest, path)
            : throw new OciException(
                OciErrorKind.DigestMismatch,
                $"The file '{path}' has {bytes.Length} bytes of digest {actual} where {size ?? bytes.Length} bytes of {digest} should be.");
    }
}
