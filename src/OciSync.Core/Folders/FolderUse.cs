namespace OciSync.Core.Folders;

/// <summary>
/// Who writes into a layout says so by holding this file open, over processes; who removes blobs has to have it alone: a blob that a writer
/// has found there, and not yet named in the index, must not go.
/// </summary>
internal static class FolderUse
{
    internal const string Name = FolderFiles.OwnPrefix + "users";

    /// <summary>Holds it with others; waits for one who has it alone.</summary>
    internal static Task<IDisposable> ShareAsync(FolderFiles files, TimeSpan patience, CancellationToken cancellationToken) =>
        FolderLock.OpenAsync(files, Name, FileAccess.Read, FileShare.Read, patience, cancellationToken);

    /// <summary>Holds it alone; null when somebody else has it.</summary>
    internal static IDisposable? TryTake(FolderFiles files)
    {
        var path = files.PathOf(Name);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (UnauthorizedAccessException e)
        {
            throw FolderFiles.Unwritable(path, e);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
