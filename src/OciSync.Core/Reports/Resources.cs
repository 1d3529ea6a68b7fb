namespace OciSync.Core.Reports;

/// <summary>Files that are parts of this assembly.</summary>
internal static class Resources
{
    /// <summary>The text of a file, with line ends of one character, as a browser has them when it computes their digest.</summary>
    internal static string Read(string name)
    {
        using var stream = typeof(Resources).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"There is no '{name}' in OciSync.Core.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Replace("\r\n", "\n");
    }
}
