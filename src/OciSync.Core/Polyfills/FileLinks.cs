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

#if NET
    /// <summary>Where a link leads in the end, or null where it is none.</summary>
    internal static string? FindTarget(string path) => new FileInfo(path).LinkTarget is null ? null : Resolve(path);

    /// <summary>The last link's target, with links in the folders above it.</summary>
    internal static string Resolve(string path)
    {
        var full = new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        var parent = Path.GetDirectoryName(full);
        return parent is null ? full : Path.Combine(Resolve(parent), Path.GetFileName(full));
    }
#else
    /// <summary>Where a link leads, or null where it is none. Nobody can tell here: it is taken to lead out of every folder.</summary>
    internal static string? FindTarget(string path)
    {
        var info = new FileInfo(path);
        return (info.Exists || Directory.Exists(path)) && (File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0 ? "elsewhere" : null;
    }

    /// <summary>The path as it is: links are not followed.</summary>
    internal static string Resolve(string path) => path;
#endif

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
