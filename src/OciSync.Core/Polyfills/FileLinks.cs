namespace OciSync.Core.Polyfills;

/// <summary>Files that are links, and files that take another's name. Older platforms can't follow a link: it is refused there.</summary>
internal static class FileLinks
{
    // In all some two seconds: so long a scanner may hold what is new, and a reader what is old.
    private const int Attempts = 24;
    private const int LongestPause = 100;

    internal static string Follow(string path)
    {
        var full = Path.GetFullPath(path);
#if NET
        return new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
#else
        var info = new FileInfo(full);
        return info.Exists && (info.Attributes & FileAttributes.ReparsePoint) != 0
            ? throw new IOException("It is a link, which this version of PowerShell can't follow; name the file itself")
            : full;
#endif
    }

    /// <summary>
    /// Gives a file another's name and place, whether or not there is such a file. That isn't one step everywhere: where several writers do it
    /// at once, or a scanner has the file open, it is tried again for a moment.
    /// </summary>
    internal static void Replace(string temporary, string target)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                MoveOver(temporary, target);
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException
                && attempt < Attempts && File.Exists(temporary) && !Directory.Exists(target))
            {
                Thread.Sleep(Math.Min(1 << Math.Min(attempt, 10), LongestPause));
            }
        }
    }

    private static void MoveOver(string temporary, string target)
    {
#if NET
        File.Move(temporary, target, overwrite: true);
#else
        if (File.Exists(target))
        {
            File.Replace(temporary, target, null);
        }
        else
        {
            File.Move(temporary, target);
        }
#endif
    }
}
