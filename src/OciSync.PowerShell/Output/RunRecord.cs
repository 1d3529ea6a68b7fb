using System.Management.Automation;
using OciSync.Core.Rows;

namespace OciSync.PowerShell.Output;

/// <summary>The rows and failures of a run. Each row is written to the reports, if there are any, when it comes. Safe for several threads.</summary>
/// <param name="files">The reports, or null.</param>
internal sealed class RunRecord(ReportFiles? files) : IDisposable
{
    private readonly object _lock = new();
    private readonly List<OciSyncResult> _rows = [];
    private readonly List<ErrorRecord> _failures = [];

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

    internal void Add(OciSyncResult row, ErrorRecord? failure)
    {
        lock (_lock)
        {
            _rows.Add(row);
            if (failure is not null)
            {
                _failures.Add(failure);
            }

            files?.Add(row);
        }
    }

    /// <summary>Writes the reports of the whole run, and gives what went wrong with any of them.</summary>
    internal IReadOnlyList<KeyValuePair<string, Exception>> Finish(DateTimeOffset end, bool isReading)
    {
        lock (_lock)
        {
            files?.Finish(_rows, end, isReading);
            return files?.Failures.ToList() ?? [];
        }
    }

    public void Dispose() => files?.Dispose();
}
