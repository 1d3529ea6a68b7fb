namespace OciSync.Core.Files;

/// <summary>Files that are a lock for whoever has them open, over processes.</summary>
internal static class LockFile
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // Windows refuses access to a file that was deleted while somebody still has it open. What lasts longer is a want of rights.
    private static readonly TimeSpan DeletionPatience = TimeSpan.FromSeconds(1);

    /// <summary>Opens a file, or makes it, as soon as nobody else has it open in a way that is in conflict.</summary>
    /// <exception cref="IOException">Somebody has it open for longer than <paramref name="patience"/>, or its folder is gone.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    internal static async Task<FileStream> OpenAsync(
        string path, FileAccess access, FileShare share, FileOptions options, TimeSpan patience, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, access, share, 1, options);
            }
            catch (Exception e) when (IsForNow(e, waited, patience) && Directory.Exists(Path.GetDirectoryName(path)))
            {
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool IsForNow(Exception e, TimeSpan waited, TimeSpan patience) => e switch
    {
        IOException => waited < patience,
        UnauthorizedAccessException => waited < patience && waited < DeletionPatience,
        _ => false,
    };
}
