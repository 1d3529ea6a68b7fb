using System.Diagnostics;
using System.Globalization;
using System.Text;
using OciSync.Core.References;

namespace OciSync.Core.Folders;

/// <summary>
/// Files that are put somewhere for a moment. The name says which process of which machine made one, so that what a killed process has left
/// is removed by the next that comes, and what a living one is at is let alone.
/// </summary>
internal static class OwnFile
{
    /// <summary>Of a file whose process can't be asked for: so long after its last write it is taken for left behind.</summary>
    private static readonly TimeSpan LeftoverAge = TimeSpan.FromDays(1);

    // Two readers of a process's start may be off by a moment.
    private const int StartError = 2;

    private static readonly string Own = $"{Machine()}-{Describe(Process.GetCurrentProcess())}";

    /// <summary>A name for a new file in a folder.</summary>
    internal static string NameIn(string folder) => NameIn(folder, Guid.NewGuid().ToString("N"));

    /// <summary>The same, with a word of its own, without a dash, that says what it is.</summary>
    internal static string NameIn(string folder, string label) => Path.Combine(folder, $"{FolderFiles.OwnPrefix}{Own}-{label}.tmp");

    /// <summary>Whether nobody writes at this file any more: it was left behind by a run that has ended.</summary>
    internal static bool IsAbandoned(string path, DateTimeOffset now)
    {
        var parts = Path.GetFileNameWithoutExtension(path).Substring(FolderFiles.OwnPrefix.Length).Split('-');
        var isOurs = parts.Length == 4 && parts[0] == Own.Split('-')[0]
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return isOurs ? !IsRunning(int.Parse(parts[1], CultureInfo.InvariantCulture), long.Parse(parts[2], CultureInfo.InvariantCulture))
            : now - File.GetLastWriteTimeUtc(path) > LeftoverAge;
    }

    private static bool IsRunning(int id, long start)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return Math.Abs(StartOf(process) - start) <= StartError;
        }
        catch (ArgumentException)
        {
            // There is no such process.
            return false;
        }
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException or System.ComponentModel.Win32Exception)
        {
            // It ended just now, or is somebody else's and may not be looked at: the file stays for this time.
            return true;
        }
    }

    private static string Describe(Process process)
    {
        using (process)
        {
            return string.Format(CultureInfo.InvariantCulture, "{0}-{1}", process.Id, StartOf(process));
        }
    }

    private static long StartOf(Process process) => new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeSeconds();

    // A folder may be shared by machines, and by containers of one host name: ids of processes mean something within one of them alone.
    private static string Machine()
    {
        var world = Environment.MachineName;
        try
        {
            const string First = "/proc/1/stat";
            world += File.Exists(First) ? " " + File.ReadAllText(First).Split(')').Last().Split(' ')[20] : string.Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or IndexOutOfRangeException)
        {
            // The first process isn't shown to us: the name of the machine has to do.
        }

        return Digest.Of(Encoding.UTF8.GetBytes(world), "sha256").Hex.Substring(0, 8);
    }
}
