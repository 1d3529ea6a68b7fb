#if !NET
using System.Runtime.InteropServices;
#endif

namespace OciSync.Core.Polyfills;

/// <summary>Files and folders for their owner alone. On Windows the user's profile has such rights already.</summary>
internal static class PrivateFiles
{
    internal static void CreateFolder(string path)
    {
#if NET
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return;
        }
#endif
        Directory.CreateDirectory(path);
    }

    /// <summary>Opens a file, or makes it, for one user of it at a time. <exception cref="IOException">Somebody else has it open.</exception></summary>
    internal static FileStream Open(string path)
    {
#if NET
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
#else
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        if (Path.DirectorySeparatorChar == '/' && ChangeMode(path, 6 * 64) != 0)
        {
            stream.Dispose();
            throw new IOException($"The rights of '{path}' can't be set.");
        }

        return stream;
#endif
    }

    /// <summary>Writes a new file; it has its rights before it has its content.</summary>
    internal static void Write(string path, byte[] content)
    {
#if NET
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(path, options);
#else
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        if (Path.DirectorySeparatorChar == '/')
        {
            // Octal 600.
            if (ChangeMode(path, 6 * 64) != 0)
            {
                throw new IOException($"The rights of '{path}' can't be set.");
            }
        }
#endif
        stream.Write(content, 0, content.Length);
        stream.Flush(flushToDisk: true);
    }

#if !NET
    [DllImport("libc", EntryPoint = "chmod", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int ChangeMode(string path, uint mode);
#endif
}
