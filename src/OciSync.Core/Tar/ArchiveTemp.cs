using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Polyfills;

namespace OciSync.Core.Tar;

/// <summary>Files of the run in the temp folder (<see cref="EngineOptions.TempPath"/>).</summary>
internal static class ArchiveTemp
{
    /// <summary>A new, empty file for its owner alone.</summary>
    internal static string Create(EngineOptions options)
    {
        var folder = options.TempPath ?? Path.GetTempPath();
        var file = OwnFile.NameIn(folder);
        try
        {
            Directory.CreateDirectory(folder);
            new FolderFiles(folder).Tidy(options.Time.GetUtcNow());
            PrivateFiles.Write(file, []);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw FolderFiles.Unwritable(folder, e);
        }
    }

    /// <summary>Opens a file that is empty or not there yet, to write it.</summary>
    internal static FileStream Open(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, 1, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw FolderFiles.Unwritable(file, e);
        }
    }

    /// <summary>Writes; a failure is the disk's.</summary>
    internal static async Task WriteAsync(FileStream stream, byte[] buffer, int count, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(buffer, 0, count, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFiles.Unwritable(stream.Name, e);
        }
    }

    internal static void Remove(string? file)
    {
        try
        {
            if (file is not null)
            {
                File.Delete(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody has it open: it lies in the temp folder, and harms nobody there.
            return;
        }
    }
}
