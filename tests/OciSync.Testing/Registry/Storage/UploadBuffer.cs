using System.Security.Cryptography;

namespace OciSync.Testing.Registry.Storage;

/// <summary>Takes the bytes of one upload: hashes them, keeps few in memory and many in a file (or none, when they are to be discarded).</summary>
internal sealed class UploadBuffer(string spillPath, long spillAbove, long discardAbove) : IAsyncDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private MemoryStream? memory = new();
    private FileStream? file;

    internal long Length { get; private set; }

    internal string Digest => ContentDigest.FromHash("sha256", hash.GetCurrentHash());

    internal async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        hash.AppendData(bytes.Span);
        Length += bytes.Length;
        if (Length > discardAbove)
        {
            await DropAsync();
        }
        else if (file is null && Length <= spillAbove)
        {
            memory!.Write(bytes.Span);
        }
        else
        {
            file ??= await SpillAsync(cancellationToken);
            await file.WriteAsync(bytes, cancellationToken);
        }
    }

    /// <summary>Ends the upload and hands its content over; a file is moved to the given path, if there is one.</summary>
    internal async Task<BlobContent> CompleteAsync(string? finalPath)
    {
        if (Length > discardAbove)
        {
            return new DiscardedBlob(Length);
        }

        if (file is null && finalPath is null)
        {
            return new MemoryBlob(memory!.GetBuffer(), (int)Length);
        }

        file ??= await SpillAsync(CancellationToken.None);
        await file.DisposeAsync();
        if (finalPath is not null)
        {
            File.Move(spillPath, finalPath, overwrite: true);
        }

        file = null;
        return new FileBlob(finalPath ?? spillPath, Length);
    }

    public async ValueTask DisposeAsync()
    {
        await DropAsync();
        hash.Dispose();
    }

    private async Task<FileStream> SpillAsync(CancellationToken cancellationToken)
    {
        var stream = new FileStream(spillPath, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
        await stream.WriteAsync(memory!.GetBuffer().AsMemory(0, (int)memory.Length), cancellationToken);
        memory = null;
        return stream;
    }

    private async ValueTask DropAsync()
    {
        memory = null;
        if (file is not null)
        {
            await file.DisposeAsync();
            File.Delete(spillPath);
            file = null;
        }
    }
}
