using System.Globalization;

namespace OciSync.Core.Machine;

/// <summary>Who this process is for the system. Linux tells a process in a file; there is no such call in .NET.</summary>
internal static class UnixUser
{
    /// <summary>The effective user's number (0 is root), or null where the system doesn't say.</summary>
    internal static int? FindId()
    {
        try
        {
            // Uid: real, effective, saved, file system.
            var line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("Uid:", StringComparison.Ordinal));
            return line?.Split('\t') is { Length: > 2 } parts && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? id
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
