using OciSync.Core.Errors;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.Polyfills;
using OciSync.Core.References;

namespace OciSync.Core.Folders;

/// <summary>
/// The files of one folder of images. A file is read only if it lies in the folder, links followed; it is written beside its place,
/// whole and verified, and then takes its name, so that a reader never sees a half of it.
/// </summary>
internal sealed class FolderFiles(string root)
{
    /// <summary>What we put into a folder for a moment begins so.</summary>
    internal const string OwnPrefix = ".ocisync-";

    private const int BufferSize = 128 * 1024;

    internal string Root { get; } = root;

    internal bool Exists => Directory.Exists(Root);

    /// <summary>Whether there is nothing in the folder but what we put there for a moment.</summary>
    internal bool IsEmpty => List("*").All(e => Path.GetFileName(e).StartsWith(OwnPrefix, StringComparison.Ordinal));

    internal string PathOf(string relative) => Path.Combine(Root, relative.Replace('/', Path.DirectorySeparatorChar));

    internal bool Has(string relative) => File.Exists(PathOf(relative));

    internal bool HasFolder(string relative) => Directory.Exists(PathOf(relative));

    /// <summary>The size of a file, or null when there is none.</summary>
    internal long? FindSize(string relative)
    {
        var path = FolderLinks.Check(Root, PathOf(relative));
        try
        {
            var file = new FileInfo(path);
            return file.Exists ? file.Length : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>The names of the files in the folder itself, and not in folders below it, that match the pattern.</summary>
    internal IReadOnlyList<string> List(string pattern)
    {
        try
        {
            return Directory.GetFileSystemEntries(Root, pattern);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(Root, e);
        }
    }

    /// <summary>Opens a file to read it; null when there is none.</summary>
    internal FileStream? TryOpen(string relative)
    {
        var path = FolderLinks.Check(Root, PathOf(relative));
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                return Directory.Exists(path) ? throw new OciException(OciErrorKind.LayoutInvalid, $"'{path}' is a folder where a file should be.") : null;
            }

            // A pipe or device would be waited for; like an empty file it has no size.
            return file.Length > 0
                ? new FileStream(
                    path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous | FileOptions.SequentialScan)
                : throw new OciException(OciErrorKind.LayoutInvalid, $"The file '{path}' is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>The content of a file; null when there is none.</summary>
    internal async Task<byte[]?> ReadAsync(string relative, int limit)
    {
        if (TryOpen(relative) is not { } stream)
        {
            return null;
        }

        using var content = new FileContent(stream, 0);
        return await content.ReadAllAsync(limit).ConfigureAwait(false);
    }

    /// <summary>Writes a file as a whole; one that has this content already is left alone.</summary>
    internal async Task WriteAsync(string relative, byte[] content, CancellationToken cancellationToken)
    {
        if (FindSize(relative) == content.Length
            && await ReadAsync(relative, content.Length).ConfigureAwait(false) is { } there
            && there.SequenceEqual(content))
        {
            return;
        }

        var target = FolderLinks.Check(Root, PathOf(relative));
        await WriteAsync(target, stream => stream.WriteAsync(content, 0, content.Length, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Writes a blob from a feed; it gets its name when its size and digest are right.</summary>
    internal async Task WriteAsync(string relative, Descriptor blob, IBlobFeed feed, Action<int> onSent, CancellationToken cancellationToken)
    {
        var target = FolderLinks.Check(Root, PathOf(relative));
        await WriteAsync(target, stream => PumpAsync(stream, target, blob, feed, onSent, cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Whether a file has this size and digest.</summary>
    internal async Task<bool> IsIntactAsync(string relative, Descriptor blob, CancellationToken cancellationToken)
    {
        if (FindSize(relative) != blob.Size)
        {
            return false;
        }

        if (blob.Size == 0)
        {
            return Digest.Of([], blob.Digest.Algorithm) == blob.Digest;
        }

        // Others are asked meanwhile: a file is read without a pause.
        await Task.Yield();
        using var content = new FileContent(TryOpen(relative)!, 0);
        using var hash = blob.Digest.CreateHash();
        var buffer = new byte[BufferSize];
        int read;
        while ((read = await content.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)) > 0)
        {
            hash.AppendData(buffer, 0, read);
        }

        return Digest.FromHash(blob.Digest.Algorithm, hash.GetHashAndReset()) == blob.Digest;
    }

    /// <summary>Creates the folder where it is missing, and a folder in it where one is given.</summary>
    internal void CreateFolder(string relative = "")
    {
        var path = FolderLinks.Check(Root, PathOf(relative));
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw Unwritable(path, e);
        }
    }

    /// <summary>The names of the files in a folder of it; none where there is no such folder.</summary>
    internal IReadOnlyList<string> ListNames(string relative)
    {
        var path = FolderLinks.Check(Root, PathOf(relative));
        try
        {
            return Directory.Exists(path) ? Directory.GetFiles(path).Select(f => Path.GetFileName(f)).ToList() : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>Deletes a file and gives its size.</summary>
    internal long Delete(string relative)
    {
        var path = PathOf(relative);
        try
        {
            // A link goes, not what it leads to.
            var size = (File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0 ? 0 : new FileInfo(path).Length;
            File.Delete(path);
            return size;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OciException(OciErrorKind.StorageFailed, $"'{path}' can't be deleted: {e.Message}", e);
        }
    }

    /// <summary>Removes what writes that were killed have left.</summary>
    internal void Tidy(DateTimeOffset now)
    {
        foreach (var file in ListOwn())
        {
            try
            {
                if (OwnFile.IsAbandoned(file, now))
                {
                    File.Delete(file);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody has it open, or it isn't ours to remove: it stays.
                continue;
            }
        }
    }

    private IReadOnlyList<string> ListOwn()
    {
        try
        {
            return Directory.GetFiles(Root, OwnPrefix + "*.tmp");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that may be written and not read: what is left there is nobody's to see.
            return [];
        }
    }

    internal static OciException Unreadable(string path, Exception e) => new(OciErrorKind.StorageFailed, $"'{path}' can't be read: {e.Message}", e);

    internal static OciException Unwritable(string path, Exception e) => new(OciErrorKind.StorageFailed, $"'{path}' can't be written: {e.Message}", e);

    private async Task WriteAsync(string target, Func<FileStream, Task> write)
    {
        var temporary = OwnFile.NameIn(Root);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous))
            {
                await write(stream).ConfigureAwait(false);
                stream.Flush(flushToDisk: true);
            }

            FileLinks.Replace(temporary, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(target, e);
        }
        finally
        {
            Remove(temporary);
        }
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure before it is the one to tell; the next writer tidies up.
            return;
        }
    }

    private static async Task PumpAsync(
        FileStream stream, string target, Descriptor blob, IBlobFeed feed, Action<int> onSent, CancellationToken cancellationToken)
    {
        using var hash = blob.Digest.CreateHash();
        long written = 0;
        while (true)
        {
            var bytes = await feed.ReadAsync(BufferSize, cancellationToken).ConfigureAwait(false);
            if (bytes.Count == 0)
            {
                break;
            }

            hash.AppendData(bytes.Array!, bytes.Offset, bytes.Count);
            await stream.WriteAsync(bytes.Array!, bytes.Offset, bytes.Count, cancellationToken).ConfigureAwait(false);
            written += bytes.Count;
            onSent(bytes.Count);
        }

        var actual = Digest.FromHash(blob.Digest.Algorithm, hash.GetHashAndReset());
        if (written != blob.Size || actual != blob.Digest)
        {
            throw new OciException(
                OciErrorKind.DigestMismatch,
                $"'{target}' was not written: {written} bytes of digest {actual} came, and not the {blob.Size} bytes of {blob.Digest}.");
        }
    }
}
