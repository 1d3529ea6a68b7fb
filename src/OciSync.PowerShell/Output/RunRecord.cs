using System.Management.Automation;
using System.Text;
using OciSync.Core.Rows;

namespace OciSync.PowerShell.Output;

/// <summary>The rows and failures of a run. Each row is written to the report, if there is one, when it comes. Safe for several threads.</summary>
internal sealed class RunRecord : IDisposable
{
    private readonly object _lock = new();
    private readonly List<OciSyncResult> _rows = [];
    private readonly List<ErrorRecord> _failures = [];
    private readonly StreamWriter? _report;

    /// <param name="reportPath">A file that is written anew, one JSON object a line; null for none.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    internal RunRecord(string? reportPath)
    {
        if (reportPath is not null)
        {
            var file = new FileStream(reportPath, FileMode.Create, FileAccess.Write, FileShare.Read);
            _report = new StreamWriter(file, new UTF8Encoding(false)) { AutoFlush = true };
        }
    }

    internal IReadOnlyList<OciSyncResult> Rows
    {
        get
        {
            lock (_lock)
            {
                return _rows.ToList();
            }
        }
    }

    internal IReadOnlyList<ErrorRecord> Failures
    {
        get
        {
            lock (_lock)
            {
                return _failures.ToList();
            }
        }
    }

    /// <summary>What went wrong with the report itself; the run goes on without it.</summary>
    internal Exception? ReportFailure { get; private set; }

    internal void Add(OciSyncResult row, ErrorRecord? failure)
    {
        lock (_lock)
        {
            _rows.Add(row);
            if (failure is not null)
            {
                _failures.Add(failure);
            }

            WriteLine(row);
        }
    }

    public void Dispose()
    {
        try
        {
            _report?.Dispose();
        }
        catch (IOException)
        {
            // The same failure a line had before; it has been told.
        }
    }

    private void WriteLine(OciSyncResult row)
    {
        try
        {
            if (ReportFailure is null)
            {
                _report?.WriteLine(ResultJson.ToLine(row));
            }
        }
        catch (IOException e)
        {
            ReportFailure = e;
        }
    }
}
