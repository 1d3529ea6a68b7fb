using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Charts;

/// <summary>The files of a chart, in a folder or an archive, by their paths in it with <c>/</c>.</summary>
/// <param name="Name">What the chart is called where it lies: its folder or file.</param>
/// <param name="Paths">The paths.</param>
/// <param name="Open">Reads one as text; null when it can't be, which has been told.</param>
/// <param name="OpenArchive">Reads a packed chart among them; null when it can't be, which has been told.</param>
internal sealed record ChartFiles(
    string Name, IReadOnlyList<string> Paths, Func<string, SourceText?> Open, Func<string, ChartFiles?> OpenArchive)
{
    /// <summary>The file that makes a folder a chart.</summary>
    internal const string ChartFile = "Chart.yaml";

    internal bool Has(string path) => Paths.Contains(path, StringComparer.Ordinal);

    /// <summary>The files below a folder of these, as files of a chart of their own.</summary>
    internal ChartFiles Below(string folder)
    {
        var start = folder + "/";
        return new ChartFiles(
            folder,
            Paths.Where(p => p.StartsWith(start, StringComparison.Ordinal)).Select(p => p.Substring(start.Length)).ToList(),
            path => Open(start + path),
            path => OpenArchive(start + path));
    }
}
