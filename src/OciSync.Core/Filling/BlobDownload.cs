using OciSync.Core.Errors;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Filling;

/// <summary>
/// A blob on its way from upstream into the folder, once, whoever wants it: clients read what has come so far. It gets its name when its size
/// and digest are right, and nobody gets its last bytes before that. What came of one that breaks is kept, and the next goes on with it.
/// </summary>
internal sealed class BlobDownload
{
    private const int BufferSize = 128 * 1024;

    private readonly object _lock = new();
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Descriptor _blob;
    private readonly PartialBlobs _parts;
    private readonly string _temporary;
    private readonly string _target;
    private TaskCompletionSource<bool> _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _path;
    private long _written;
    private Exception? _failure;

    /// <param name="blob">The blob.</param>
    /// <param name="files">The folder.</param>
    /// <param name="relative">Its place there.</param>
    /// <param name="parts">What is there of blobs that broke.</param>
    /// <exception cref="OciException">The folder can't be written.</exception>
    internal BlobDownload(Descriptor blob, FolderFiles files, string relative, PartialBlobs parts)
    {
        (_blob, _parts) = (blob, parts);
        _temporary = parts.Take(blob.Digest);
        _target = FolderLinks.Check(files.Root, files.PathOf(relative));
        _path = _temporary;
        CreateFile();
        _ended.Task.Observe();
    }

    /// <summary>Done when the blob has its name; fails as the download does.</summary>
    internal Task Ended => _ended.Task;

    internal long Size => _blob.Size;

    /// <summary>The bytes that are still to come.</summary>
    internal long Rest
    {
        get
        {
            lock (_lock)
            {
                return _failure is null ? _blob.Size - _written : 0;
            }
        }
    }

    /// <summary>Nothing more comes: who wants the blob starts anew.</summary>
    internal bool HasFailed
    {
        get
        {
            lock (_lock)
            {
                return _failure is not null;
            }
        }
    }

    /// <summary>Fetches it; however that fails, those who follow are told.</summary>
    internal async Task RunAsync(Func<IImageSource> connect, CancellationToken cancellationToken)
    {
        try
        {
            await FetchAsync(connect(), cancellationToken).ConfigureAwait(false);
            lock (_lock)
            {
                FileLinks.Replace(_temporary, _target);
                _path = _target;
            }

            _ended.TrySetResult(true);
        }
        catch (Exception e)
        {
            var failure = e is IOException or UnauthorizedAccessException ? FolderFiles.Unwritable(_target, e) : e;
            lock (_lock)
            {
                Leave(failure);
                _failure = failure;
            }

            _ended.TrySetException(failure);
        }
        finally
        {
            Advance(0);
        }
    }

    /// <summary>The blob from a byte on, as it comes. <exception cref="OciException">No more will come.</exception></summary>
    internal IBlobContent Follow(long offset)
    {
        lock (_lock)
        {
            ThrowIfFailed();
            var stream = new FileStream(
                _path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
            stream.Seek(offset, SeekOrigin.Begin);
            return new FollowedContent(this, stream, offset);
        }
    }

    /// <summary>
    /// How many bytes there are, when there are more than so many; also of a download that broke behind them, unless they are wrong.
    /// <exception cref="OciException">No more will come.</exception>
    /// </summary>
    internal async Task<long> WaitAsync(long position, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (_written > position && _failure is not OciException { Kind: OciErrorKind.DigestMismatch })
                {
                    return _written;
                }

                ThrowIfFailed();
                next = _progress.Task;
            }

            await ((Task<bool>)next).JoinAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task FetchAsync(IImageSource source, CancellationToken cancellationToken)
    {
        using var reader = new SourceBlobReader(source, _blob, null);
        using var stream = Create();
        await PassAsync(reader, stream, cancellationToken).ConfigureAwait(false);
        var buffer = new byte[BufferSize];
        while (!reader.IsAtEnd)
        {
            // The reader verifies before it gives the last bytes.
            var read = await reader.FillAsync(buffer, buffer.Length, cancellationToken).ConfigureAwait(false);
            await stream.WriteAsync(buffer, 0, read, cancellationToken).ConfigureAwait(false);
            Advance(read);
        }

        stream.Flush(flushToDisk: true);
    }

    // What is there; not its last byte, with which the reader verifies all of it.
    private async Task PassAsync(SourceBlobReader reader, FileStream stream, CancellationToken cancellationToken)
    {
        var there = Math.Max(0, Math.Min(stream.Length, _blob.Size - 1));
        await reader.PassAsync(stream, there, Advance, cancellationToken).ConfigureAwait(false);
        stream.Position = there;
        stream.SetLength(there);
    }

    // It is there from the start: who follows opens it.
    private void CreateFile()
    {
        try
        {
            Create().Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFiles.Unwritable(_temporary, e);
        }
    }

    private FileStream Create() =>
        new(_temporary, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous);

    private void Advance(int count)
    {
        TaskCompletionSource<bool> progress;
        lock (_lock)
        {
            _written += count;
            progress = _progress;
            _progress = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        progress.TrySetResult(true);
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            // Bytes that are wrong are upstream's failure, and none of this folder.
            var text = $"The blob {_blob.Digest} could not be fetched: {failure.Message}";
            throw failure is OciException known
                ? known.With(known.Kind == OciErrorKind.DigestMismatch ? OciErrorKind.ProtocolError : known.Kind, text, failure)
                : new OciException(OciErrorKind.ConnectionFailed, text, failure);
        }
    }

    // Wrong bytes are of no use, and a disk that is full should not stay so.
    private void Leave(Exception failure)
    {
        if (failure is OciException { Kind: OciErrorKind.DigestMismatch or OciErrorKind.BlobUnknown or OciErrorKind.StorageFailed })
        {
            PartialBlobs.Remove(_temporary);
        }
        else
        {
            _parts.Keep(_temporary, _blob.Digest);
        }
    }
}
