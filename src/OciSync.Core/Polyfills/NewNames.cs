using System.Runtime.InteropServices;

namespace OciSync.Core.Polyfills;

/// <summary>
/// Gives a file a name that nobody has, in one step: the platform's own move looks first and moves then, and another's file can get lost
/// between.
/// </summary>
internal static class NewNames
{
    // errno: a file of this name exists.
    private const int Exists = 17;

    /// <summary>Gives a whole file its name; false when there is a file of that name, which is left as it is.</summary>
    /// <exception cref="IOException">It can't have that name.</exception>
    internal static bool TryGive(string temporary, string target)
    {
        if (Path.DirectorySeparatorChar == '/' && TryLink(temporary, target) is { } given)
        {
            return given;
        }

        try
        {
            // In Windows it is one step. Elsewhere it is the best there is where files can't have two names, as on FAT.
            File.Move(temporary, target);
            return true;
        }
        catch (IOException) when (File.Exists(target))
        {
            return false;
        }
    }

    // Null where the file system knows no second names.
    private static bool? TryLink(string temporary, string target)
    {
        if (Link(temporary, target) == 0)
        {
            File.Delete(temporary);
            return true;
        }

        return Marshal.GetLastWin32Error() == Exists ? false : null;
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Link(string existing, string name);
}
