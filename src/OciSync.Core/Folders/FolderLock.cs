using OciSync.Core.Files;

namespace OciSync.Core.Folders;

/// <summary>One writer at a time, over processes: whoever has the lock file open. The file stays, so that nobody locks one that is gone.</summary>
internal static class FolderLock
{
    private const string Name = FolderFiles.OwnPrefix + "lock";

    internal static Task<IDisposable> TakeAsync(FolderFiles files, TimeSpan patience, CancellationToken cancellationToken) =>
        OpenAsync(files, Name, FileAccess.ReadWrite, FileShare.None, patience, cancellationToken);

    /// <summary>Opens a file of the folder, or makes it, as soon as nobody else has it open in a way that is in conflict.</summary>
    internal static async Task<IDisposable> OpenAsync(
        FolderFiles files, string name, FileAccess access, FileShare share, TimeSpan patience, CancellationToken cancellationToken)
    {
        var path = files.PathOf(name);
        try
        {
            return await LockFile.OpenAsync(path, access, share, FileOptions.None, patience, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FolderFiles.Unwritable(path, e);
        }
    }
}
