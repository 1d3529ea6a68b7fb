using OciSync.Core.Rows;

namespace OciSync.Core.Reports;

/// <summary>What a report is made of.</summary>
/// <param name="Rows">The rows of the run; where several are of one source and destination, as of a run and its continuation, the last counts.</param>
/// <param name="Made">When the report is made; no page looks at a clock itself.</param>
public sealed record ReportRun(IReadOnlyList<OciSyncResult> Rows, DateTimeOffset Made)
{
    /// <summary>Whether the run has ended; null where nobody knows.</summary>
    public bool? HasEnded { get; init; }

    /// <summary>The rows of the run it is compared with, or null.</summary>
    public IReadOnlyList<OciSyncResult>? Previous { get; init; }

    /// <summary>The name of the file of JSON lines that holds the same rows, without its folder, or null.</summary>
    public string? RowsName { get; init; }

    /// <summary>What of the input could not be read, or null.</summary>
    public string? Note { get; init; }
}
