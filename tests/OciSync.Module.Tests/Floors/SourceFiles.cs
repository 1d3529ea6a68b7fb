namespace OciSync.Module.Tests.Floors;

/// <summary>The C# files of the project as people wrote them.</summary>
internal static class SourceFiles
{
    internal static IEnumerable<string> Below(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(folder, file).Split('/', '\\').Any(part => part is "bin" or "obj" or "out"))
            .Order(StringComparer.Ordinal);
}
