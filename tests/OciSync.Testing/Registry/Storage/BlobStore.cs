using System.Collections.Concurrent;

namespace OciSync.Testing.Registry.Storage;

/// <summary>All blobs of a registry by digest, in memory (large ones in a temp folder) or in a given folder.</summary>
internal sealed class BlobStore : IDisposable
{
    private const long SpillAbove = 8L << 20;
    private readonly ConcurrentDictionary<string, BlobContent> blobs = new(StringComparer.Ordinal);
    private readonly Lazy<TempFolder> spill = new();
    private readonly string? folder;
    private readonly long discardAbove;

    internal BlobStore(string? folder, long? discardAbove)
    {
        this.folder = folder;
        this.discardAbove = discardAbove ?? long.MaxValue;
        if (folder is not null)
        {
            Directory.CreateDirectory(Path.Combine(folder, "blobs"));
            Load(folder);
        }
    }

    internal UploadBuffer CreateBuffer() => new(NewSpillPath(), SpillAbove, discardAbove);

    internal BlobContent? Find(string digest) => blobs.GetValueOrDefault(digest);

    internal void Add(string digest, BlobContent content) => blobs[digest] = content;

    internal async Task AddAsync(string digest, UploadBuffer buffer) => blobs[digest] = await buffer.CompleteAsync(PathOf(digest));

    internal async Task AddAsync(byte[] bytes, CancellationToken cancellationToken = default)
    {
        await using var buffer = new UploadBuffer(NewSpillPath(), SpillAbove, long.MaxValue);
        await buffer.WriteAsync(bytes, cancellationToken);
        await AddAsync(buffer.Digest, buffer);
    }

    internal void Remove(string digest)
    {
        if (blobs.TryRemove(digest, out var content))
        {
            content.Delete();
        }
    }

    public void Dispose()
    {
        if (spill.IsValueCreated)
        {
            spill.Value.Dispose();
        }
    }

    private string NewSpillPath()
    {
        var parent = folder is null ? spill.Value.Path : Path.Combine(folder, "blobs");
        return Path.Combine(parent, "upload-" + Guid.NewGuid().ToString("N"));
    }

    private string? PathOf(string digest) => folder is null ? null : Path.Combine(folder, "blobs", digest.Replace(':', '-'));

    private void Load(string root)
    {
        foreach (var file in new DirectoryInfo(Path.Combine(root, "blobs")).EnumerateFiles("sha*-*"))
        {
            blobs[file.Name.Replace('-', ':')] = new FileBlob(file.FullName, file.Length);
        }
    }
}
