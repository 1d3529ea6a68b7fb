namespace OciSync.Core.Machine;

/// <summary>Names that Windows keeps for devices, in every folder and with any ending ("Naming Files, Paths, and Namespaces").</summary>
internal static class DeviceName
{
    private static readonly HashSet<string> Names = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. "123456789\u00B9\u00B2\u00B3".SelectMany(c => new[] { "COM" + c, "LPT" + c })],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a part of a path is one: <c>nul</c>, <c>NUL.tar</c>, <c>nul .x</c>.</summary>
    internal static bool Is(string part) => Names.Contains(part.Split('.', ':')[0].TrimEnd(' '));

    /// <summary>The first part of a path that is one, or null. After <c>\\?\</c> Windows takes every name as it is.</summary>
    internal static string? Find(string path) =>
        path.StartsWith(@"\\?\", StringComparison.Ordinal) ? null : path.Split('\\', '/').FirstOrDefault(Is);
}
