namespace OciSync.Core.Transports;

/// <summary>
/// Who writes into a layout says so by holding this file open, over processes; who removes blobs has to have it alone: a blob that a writer
/// has found there, and not yet named in the index, must not go.
/// </summary>
internal static class FolderUse
{
    internal const string Name = FolderFiles.OwnPrefix + "users";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Holds it with others; waits for one who has it alone.</summary>
    internal static async Task<IDisposable> ShareAsync(FolderFiles files, TimeSpan patience, CancellationToken cancellationToken)
    {
        var path = files.PathOf(Name);
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read, 1);
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
