namespace OciSync.Core.Polyfills;

/// <summary>Rights of files on Unix; on Windows, and on older platforms, rights are not looked at.</summary>
internal static class FileModes
{
    internal static bool IsWorldWritable(string path)
    {
#if NET
        try
        {
            return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & UnixFileMode.OtherWrite) != 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Reading it will say so.
            return false;
        }
#else
        _ = path;
        return false;
#endif
    }

    /// <summary>A file that not everybody may read.</summary>
    internal static bool IsPrivate(string path)
    {
#if NET
        return File.Exists(path) && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & UnixFileMode.OtherRead) == 0;
#else
        _ = path;
        return false;
#endif
    }

    /// <summary>A file that may be run.</summary>
    internal static bool IsExecutable(string path)
    {
#if NET
        const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0);
#else
        return File.Exists(path);
#endif
    }
}
