namespace OciSync.EngineHost.Tests.Scripts;

internal static class Repository
{
    public static string Top { get; } = FindTop(AppContext.BaseDirectory);

    /// <summary>The scripts that the host must be able to run, relative to the top.</summary>
    public static IReadOnlyList<string> Scripts { get; } =
    [
        "build.ps1",
        .. new[] { "tools", "bench", "examples", Path.Combine("tests", "Pester") }
            .Select(static folder => Path.Combine(Top, folder))
            .Where(Directory.Exists)
            .SelectMany(static folder => Directory.EnumerateFiles(folder, "*.ps1", SearchOption.AllDirectories))
            .Select(static file => Path.GetRelativePath(Top, file))
            .Where(static file => !file.Split(Path.DirectorySeparatorChar).Any(static part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal),
    ];

    private static string FindTop(string folder) =>
        File.Exists(Path.Combine(folder, "OciSync.slnx")) ? folder : FindTop(Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!);
}
