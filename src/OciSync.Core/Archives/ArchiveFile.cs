using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Tar;

namespace OciSync.Core.Archives;

/// <summary>
/// An archive that is read: in place, or, when it is packed as a whole, from a file in the temp folder that it is unpacked to once. Its
/// entries may be read at the same time.
/// </summary>
internal sealed class ArchiveFile(string path, EngineOptions options, CancellationToken lifetime) : IDisposable
{
    private const int BufferSize = 128 * 1024;

    private readonly object _lock = new();
    private Task<(string File, TarIndex Index)>? _opened;
    private string? _temporary;

    internal string Path { get; } = path;

    /// <summary>Whether there is such a file.</summary>
    internal bool Exists => File.Exists(Path);

    /// <summary>The files in it.</summary>
    internal async Task<TarIndex> IndexAsync() => (await OpenAsync().ConfigureAwait(false)).Index;

    /// <summary>Starts to read a file of the archive.</summary>
    internal async Task<TarEntryContent> OpenAsync(TarEntry entry, long offset)
    {
        var (file, _) = await OpenAsync().ConfigureAwait(false);
        try
        {
            return new TarEntryContent(OpenFile(file), NameOf(entry.Name), entry, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFiles.Unreadable(Path, e);
        }
    }

    /// <summary>A small file of the archive as a whole; null when there is none.</summary>
    internal async Task<byte[]?> ReadAsync(string name, int limit)
    {
        var index = await IndexAsync().ConfigureAwait(false);
        if (index.Find(name) is not { } entry)
        {
            return null;
        }

        using var content = await OpenAsync(entry, 0).ConfigureAwait(false);
        return await content.ReadAllAsync(limit).ConfigureAwait(false);
    }

    /// <summary>How a file of the archive is packed.</summary>
    internal async Task<Packing> DetectAsync(TarEntry entry)
    {
        using var content = await OpenAsync(entry, 0).ConfigureAwait(false);
        var start = new byte[Unpacker.ProbeSize];
        var count = 0;
        int read;
        while (count < start.Length && (read = await content.ReadAsync(start, count, start.Length - count, lifetime).ConfigureAwait(false)) > 0)
        {
            count += read;
        }

        return Unpacker.Detect(start, count);
    }

    /// <summary>A file of the archive, for messages.</summary>
    internal string NameOf(string entry) => $"'{TarIndex.Shown(entry)}' in '{Path}'";

    public void Dispose()
    {
        lock (_lock)
        {
            ArchiveTemp.Remove(_temporary);
            _temporary = null;
        }
    }

    private Task<(string File, TarIndex Index)> OpenAsync()
    {
        lock (_lock)
        {
            return _opened ??= Task.Run(OpenOnceAsync, lifetime);
        }
    }

    private async Task<(string File, TarIndex Index)> OpenOnceAsync()
    {
        try
        {
            using var stream = OpenFile(Path);
            var start = new byte[Unpacker.ProbeSize];
            var count = await stream.ReadAsync(start, 0, start.Length, lifetime).ConfigureAwait(false);
            stream.Seek(0, SeekOrigin.Begin);
            if (Unpacker.Detect(start, count) is var packing && packing == Packing.None)
            {
                return (Path, TarIndex.Read(stream, Path));
            }

            var file = ArchiveTemp.Create(options);
            lock (_lock)
            {
                _temporary = file;
            }

            await UnpackAsync(stream, packing, file).ConfigureAwait(false);
            using var unpacked = OpenFile(file);
            return (file, TarIndex.Read(unpacked, Path));
        }
        catch (Exception e) when (Unpacker.IsDamage(e))
        {
            throw new OciException(OciErrorKind.ArchiveInvalid, $"The archive '{Path}' can't be used: it is cut off or damaged ({e.Message.TrimEnd('.')}).", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFiles.Unreadable(Path, e);
        }
    }

    private async Task UnpackAsync(FileStream packed, Packing packing, string file)
    {
        var limit = Unpacker.LimitOf(packed.Length);
        using var source = Unpacker.Open(packed, packing);
        using var target = ArchiveTemp.Open(file);
        var buffer = new byte[BufferSize];
        long written = 0;
        int read;
        while ((read = await source.ReadAsync(buffer, 0, buffer.Length, lifetime).ConfigureAwait(false)) > 0)
        {
            written += read;
            if (written > limit)
            {
                throw Unpacker.TooLarge($"The archive '{Path}'", limit);
            }

            await ArchiveTemp.WriteAsync(target, buffer, read, lifetime).ConfigureAwait(false);
        }
    }

    private static FileStream OpenFile(string file) =>
        new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous);
}
