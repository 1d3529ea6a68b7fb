using System.Management.Automation;
using OciSync.PowerShell.Output;
using OciSync.PowerShell.Parameters;

namespace OciSync.PowerShell.Shared.Copying;

/// <content>What is left of a run beside its rows: reports to look at and to read again, metrics.</content>
[SharedParameters(typeof(ReportParameters))]
public abstract partial class CopyingCmdlet
{
    /// <summary>Files that get the rows, by their endings: .html is a page, .jsonl and .json get each row when it comes, as does .csv.</summary>
    [Parameter]
    public string[] ReportPath { get; set; } = [];

    public partial PSObject[] Previous { get; set; }

    /// <summary>A .prom file for the textfile collectors of node_exporter and windows_exporter: the last run as gauges.</summary>
    [Parameter]
    public string? MetricsPath { get; set; }

    // The earlier run is read first: its file may be the one that this run writes.
    private void BeginReports()
    {
        var paths = ReportPaths.Find(this, ReportPath);
        var metrics = ReportPaths.FindMetrics(this, MetricsPath);
        var previous = RowInput.ReadPrevious(this, Previous);
        try
        {
            _record = new RunRecord(paths.Count == 0 && metrics is null ? null : new ReportFiles(paths, metrics, previous, DateTimeOffset.UtcNow));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(new ErrorRecord(e, "OciReportUnwritable", ErrorCategory.WriteError, paths.Append(metrics).First(p => p is not null)));
        }
    }

    private void FinishReports()
    {
        foreach (var fault in _record.Finish(DateTimeOffset.UtcNow, IsReading))
        {
            WriteError(new ErrorRecord(fault.Value, "OciReportUnwritable", ErrorCategory.WriteError, fault.Key));
        }
    }
}
