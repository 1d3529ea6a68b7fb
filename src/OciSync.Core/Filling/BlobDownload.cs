using OciSync.Core.Errors;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Filling;

/// <summary>
/// A blob on its way from upstream into the folder, once, whoever wants it: clients read what has come so far. It gets its name when its size
/// and digest are right, and nobody gets its last bytes before that.
/// </summary>
internal sealed class BlobDownload
{
    private const int BufferSize = 128 * 1024;

    private readonly object _lock = new();
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Descriptor _blob;
    private readonly string _temporary;
    private readonly string _target;
    private TaskCompletionSource<bool> _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _path;
    private long _written;
    private Exception? _failure;

    /// <param name="blob">The blob.</param>
    /// <param name="files">The folder.</param>
    /// <param name="relative">Its place there.</param>
    internal BlobDownload(Descriptor blob, FolderFiles files, string relative)
    {
        _blob = blob;
        _temporary = OwnFile.NameIn(files.Root);
        _target = FolderLinks.Check(files.Root, files.PathOf(relative));
        _path = _temporary;
        using (Create())
        {
            // It is there from now on: who follows opens it.
        }

        _ended.Task.Observe();
    }

    /// <summary>Done when the blob has its name; fails as the download does.</summary>
    internal Task Ended => _ended.Task;

    internal long Size => _blob.Size;

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
            Fail(failure);
            _ended.TrySetException(failure);
        }
        finally
        {
            Advance(0);
            Remove();
        }
    }

    /// <summary>The blob from a byte on, as it comes.</summary>
    internal IBlobContent Follow(long offset)
    {
        lock (_lock)
        {
            var stream = new FileStream(
                _path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
            stream.Seek(offset, SeekOrigin.Begin);
            return new FollowedContent(this, stream, offset);
        }
    }

    /// <summary>How many bytes there are, when there are more than so many. <exception cref="OciException">No more will come.</exception></summary>
    internal async Task<long> WaitAsync(long position, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (_failure is { } failure)
                {
                    throw new OciException(OciErrorKind.ConnectionFailed, $"The blob {_blob.Digest} could not be fetched: {failure.Message}", failure);
                }

                if (_written > position)
                {
                    return _written;
                }

                next = _progress.Task;
            }

            await ((Task<bool>)next).JoinAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task FetchAsync(IImageSource source, CancellationToken cancellationToken)
    {
        using var reader = new SourceBlobReader(source, _blob, null);
        using var stream = Create();
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

    private FileStream Create() =>
        new(_temporary, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous);

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

    private void Fail(Exception failure)
    {
        lock (_lock)
        {
            _failure = failure;
        }
    }

    private void Remove()
    {
        try
        {
            File.Delete(_temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure before it is the one to tell; the next writer tidies up.
            return;
        }
    }
}
