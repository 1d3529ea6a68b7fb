namespace OciSync.Core.Transports;

/// <summary>One writer at a time, over processes: whoever has the lock file open. The file stays, so that nobody locks one that is gone.</summary>
internal static class FolderLock
{
    private const string Name = FolderFiles.OwnPrefix + "lock";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    internal static Task<IDisposable> TakeAsync(FolderFiles files, TimeSpan patience, CancellationToken cancellationToken) =>
        OpenAsync(files, Name, FileAccess.ReadWrite, FileShare.None, patience, cancellationToken);

    /// <summary>Opens a file of the folder, or makes it, as soon as nobody else has it open in a way that is in conflict.</summary>
    internal static async Task<IDisposable> OpenAsync(
        FolderFiles files, string name, FileAccess access, FileShare share, TimeSpan patience, CancellationToken cancellationToken)
    {
        var path = files.PathOf(name);
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, access, share, 1);
            }
            catch (UnauthorizedAccessException e)
            {
                throw FolderFiles.Unwritable(path, e);
            }
            catch (IOException e) when (waited >= patience || !files.Exists)
            {
                throw FolderFiles.Unwritable(path, e);
            }
            catch (IOException)
            {
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
