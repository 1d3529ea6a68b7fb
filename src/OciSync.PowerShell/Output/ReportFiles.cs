using System.Text;
using OciSync.Core.Files;
using OciSync.Core.Reports;
using OciSync.Core.Rows;

namespace OciSync.PowerShell.Output;

/// <summary>
/// The files of a run: lines, which get each row when it comes, and pages and metrics, which are written whole when the run ends. Not safe
/// for several threads.
/// </summary>
internal sealed class ReportFiles : IDisposable
{
    private readonly List<(string Path, StreamWriter Writer, Func<OciSyncResult, string> Line)> _lines = [];
    private readonly List<string> _pages = [];
    private readonly string? _metricsPath;
    private readonly string? _rowsName;
    private readonly DateTimeOffset _begin;
    private readonly IReadOnlyList<OciSyncResult>? _previous;
    private readonly Dictionary<string, Exception> _failures = new(StringComparer.Ordinal);

    /// <param name="paths">Full paths; what is there is replaced. Pages say until the end that the run has not ended.</param>
    /// <param name="metricsPath">The file of metrics, or null.</param>
    /// <param name="previous">The rows of an earlier run, or null.</param>
    /// <param name="begin">When the run begins.</param>
    /// <exception cref="IOException">One of them can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">One of them may not be written.</exception>
    internal ReportFiles(IReadOnlyList<string> paths, string? metricsPath, IReadOnlyList<OciSyncResult>? previous, DateTimeOffset begin)
    {
        (_metricsPath, _previous, _begin) = (metricsPath, previous, begin);
        _rowsName = Path.GetFileName(paths.FirstOrDefault(p => ReportForms.Of(p) == ReportForm.Lines));
        if (metricsPath is not null && !Directory.Exists(Path.GetDirectoryName(metricsPath)))
        {
            throw new DirectoryNotFoundException($"There is no folder for '{metricsPath}'.");
        }

        try
        {
            paths.ToList().ForEach(Begin);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What went wrong with the files themselves; the run goes on without them.</summary>
    internal IEnumerable<KeyValuePair<string, Exception>> Failures => _failures;

    internal void Add(OciSyncResult row)
    {
        foreach (var (path, writer, line) in _lines)
        {
            Try(path, () => writer.WriteLine(line(row)));
        }
    }

    /// <summary>Writes what tells of the whole run.</summary>
    internal void Finish(IReadOnlyList<OciSyncResult> rows, DateTimeOffset end, bool isReading)
    {
        foreach (var path in _pages)
        {
            Try(path, () => WritePage(path, new ReportRun(rows, end) { HasEnded = true }));
        }

        if (_metricsPath is { } metrics)
        {
            Try(metrics, () =>
            {
                var before = File.Exists(metrics) ? File.ReadAllText(metrics) : null;
                WholeFile.Write(metrics, MetricsText.Render(rows, _begin, end, isReading, before), replace: true);
            });
        }
    }

    public void Dispose()
    {
        foreach (var (path, writer, _) in _lines)
        {
            Try(path, writer.Dispose);
        }
    }

    private void Begin(string path)
    {
        switch (ReportForms.Of(path))
        {
            case ReportForm.Page:
                WritePage(path, new ReportRun([], _begin) { HasEnded = false });
                _pages.Add(path);
                break;
            case ReportForm.Csv:
                // With a mark, without which Excel takes UTF-8 for something else.
                Open(path, new UTF8Encoding(true), ResultCsv.ToLine).WriteLine(ResultCsv.Header);
                break;
            default:
                Open(path, new UTF8Encoding(false), ResultJson.ToLine);
                break;
        }
    }

    private StreamWriter Open(string path, Encoding encoding, Func<OciSyncResult, string> line)
    {
        var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        var writer = new StreamWriter(file, encoding) { AutoFlush = true };
        _lines.Add((path, writer, line));
        return writer;
    }

    private void WritePage(string path, ReportRun run) =>
        WholeFile.Write(path, ReportPage.Render(run with { Previous = _previous, RowsName = _rowsName }), replace: true);

    // The first failure of a file is told, and it is left alone from then on.
    private void Try(string path, Action action)
    {
        try
        {
            if (!_failures.ContainsKey(path))
            {
                action();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _failures.Add(path, e);
        }
    }
}
