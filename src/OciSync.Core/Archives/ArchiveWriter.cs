using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.Polyfills;
using OciSync.Core.References;
using OciSync.Core.Tar;
using OciSync.Core.Text;

namespace OciSync.Core.Archives;

/// <summary>
/// An archive that is written: beside its place, entry by entry, and it takes its name when it is whole. An entry that fails is taken back.
/// </summary>
internal abstract class ArchiveWriter : IStagedDestination, IDisposable
{
    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly FolderHost _host;
    private FileStream? _file;
    private string? _temporary;
    private long _end;

    private protected ArchiveWriter(string displayName, string path, FolderHost host)
    {
        DisplayName = displayName;
        FilePath = path;
        _host = host;
    }

    public IImageHost Connection => _host;

    public string Repository => string.Empty;

    public SingleFlight<Digest, bool>? Made => null;

    public string Key => _host.Host;

    public string DisplayName { get; }

    public virtual string? ChangeReason => null;

    private protected string FilePath { get; }

    private protected object Lock { get; } = new();

    public abstract void Check(ImageTree tree, string name);

    public abstract Digest? FindWritten(string reference);

    public virtual OciException? FindFault(string reference) => null;

    public abstract Task<bool> HasBlobAsync(Descriptor blob, WorkScope work);

    public abstract Task PutManifestAsync(string reference, Manifest manifest, bool isPart, WorkScope work);

    public virtual Task<ManifestHead?> HeadManifestAsync(string reference, WorkScope work)
    {
        if (FindHead(reference) is { } head)
        {
            return Task.FromResult<ManifestHead?>(head);
        }

        CheckPlace();
        return Task.FromResult<ManifestHead?>(null);
    }

    public Task<bool> CanReadBlobAsync(Descriptor blob, WorkScope work) => HasBlobAsync(blob, work);

    public Task<bool> TryMountAsync(Digest digest, string from, WorkScope work) => Task.FromResult(false);

    public async Task UploadAsync(Descriptor blob, IBlobFeed feed, Action<int> onSent, WorkScope work)
    {
        await _writer.WaitAsync(work.Token).ConfigureAwait(false);
        try
        {
            using var stream = new FeedStream(feed, blob, onSent, work.Token);
            await WriteBlobAsync(blob, stream, work.Token).ConfigureAwait(false);
        }
        finally
        {
            _writer.Release();
        }
    }

    public OciException Missing(string reference) => new(OciErrorKind.ManifestUnknown, $"'{DisplayName}' has no image '{Printable.Text(reference)}'.");

    public virtual async Task CommitAsync(CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await FinishAsync(cancellationToken).ConfigureAwait(false);
            await WriteAsync(new byte[2 * TarWriter.BlockSize], 2 * TarWriter.BlockSize, cancellationToken).ConfigureAwait(false);
            Close();
            await PublishAsync(_temporary!, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writer.Release();
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        ArchiveTemp.Remove(_temporary);
        _writer.Dispose();
    }

    /// <summary>What is known of an image that was written in this run.</summary>
    private protected abstract ManifestHead? FindHead(string reference);

    /// <summary>Writes a blob that isn't there yet.</summary>
    private protected abstract Task WriteBlobAsync(Descriptor blob, FeedStream stream, CancellationToken cancellationToken);

    /// <summary>Writes what stands at the end.</summary>
    private protected abstract Task FinishAsync(CancellationToken cancellationToken);

    /// <summary>Refuses a place that is taken, or is none.</summary>
    private protected virtual void CheckPlace()
    {
        if (Directory.Exists(FilePath))
        {
            throw new OciException(OciErrorKind.StorageFailed, $"'{FilePath}' is a folder, and no archive can be written there.");
        }

        if (!_host.Options.Overwrite && new FileInfo(FilePath) is { Exists: true, Length: > 0 })
        {
            throw new OciException(OciErrorKind.DestinationExists, $"'{FilePath}' exists. Images can't be added to an archive; -Force writes it anew.");
        }
    }

    private protected virtual string CreateTemporary()
    {
        CheckPlace();
        var folder = Path.GetDirectoryName(FilePath)!;
        try
        {
            Directory.CreateDirectory(folder);
            if (!File.Exists(FilePath))
            {
                // A name that the file system forbids is found out now, and not when all has come.
                File.Create(FilePath).Dispose();
                File.Delete(FilePath);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw FolderFiles.Unwritable(FilePath, e);
        }

        new FolderFiles(folder).Tidy(_host.Options.Time.GetUtcNow());
        return OwnFile.NameIn(folder);
    }

    private protected virtual Task PublishAsync(string temporary, CancellationToken cancellationToken)
    {
        try
        {
            FileLinks.Replace(temporary, FilePath);
            _temporary = null;
            return Task.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFiles.Unwritable(FilePath, e);
        }
    }

    /// <summary>Writes a small file; one of this name that is there already is the same.</summary>
    private protected async Task AppendAsync(string name, byte[] content, CancellationToken cancellationToken)
    {
        if (_names.Add(name))
        {
            Prepare();
            byte[] bytes = [.. TarWriter.Header(name, content.Length), .. content, .. new byte[TarWriter.Padding(content.Length)]];
            await WriteAsync(bytes, bytes.Length, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes a small file, beside blobs that are being written.</summary>
    private protected async Task AppendAloneAsync(string name, byte[] content, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await AppendAsync(name, content, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writer.Release();
        }
    }

    private protected async Task AppendLinkAsync(string name, string target, CancellationToken cancellationToken)
    {
        if (_names.Add(name))
        {
            await WriteAsync(TarWriter.Link(name, target), TarWriter.BlockSize, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes an entry whose name and size are known only when its content is there. When that fails, nothing of it stays.</summary>
    /// <param name="headerSize">How many bytes its header takes.</param>
    /// <param name="write">Writes the content, and gives its size and name; null when it isn't needed after all.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    private protected async Task AppendAsync(
        int headerSize, Func<Func<byte[], int, Task>, Task<(string Name, long Size)?>> write, CancellationToken cancellationToken)
    {
        Prepare();
        var start = _end;
        var isWritten = false;
        try
        {
            await WriteAsync(new byte[headerSize], headerSize, cancellationToken).ConfigureAwait(false);
            if (await write((b, n) => WriteAsync(b, n, cancellationToken)).ConfigureAwait(false) is not { } entry || !_names.Add(entry.Name))
            {
                return;
            }

            await WriteAsync(new byte[TarWriter.BlockSize], TarWriter.Padding(entry.Size), cancellationToken).ConfigureAwait(false);
            var end = _end;
            _file!.Seek(start, SeekOrigin.Begin);
            await WriteAsync(TarWriter.Header(entry.Name, entry.Size), headerSize, cancellationToken).ConfigureAwait(false);
            _file.Seek(end, SeekOrigin.Begin);
            _end = end;
            isWritten = true;
        }
        finally
        {
            if (!isWritten)
            {
                TakeBack(start);
            }
        }
    }

    private protected bool Has(string name) => _names.Contains(name);

    private void TakeBack(long start)
    {
        try
        {
            _file!.SetLength(start);
            _file.Seek(start, SeekOrigin.Begin);
            _end = start;
        }
        catch (IOException)
        {
            // The disk is gone or full. Nothing more is written; the failure before it is told.
            _file!.Dispose();
        }
    }

    private void Prepare()
    {
        if (_file is null)
        {
            _temporary = CreateTemporary();
            _file = ArchiveTemp.Open(_temporary);
        }
    }

    private async Task WriteAsync(byte[] bytes, int count, CancellationToken cancellationToken)
    {
        try
        {
            await _file!.WriteAsync(bytes, 0, count, cancellationToken).ConfigureAwait(false);
            _end += count;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            throw FolderFiles.Unwritable(FilePath, e);
        }
    }

    private void Close()
    {
        try
        {
            _file!.Flush(flushToDisk: true);
            _file.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            throw FolderFiles.Unwritable(FilePath, e);
        }
    }
}
