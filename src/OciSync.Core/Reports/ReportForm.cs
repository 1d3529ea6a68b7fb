namespace OciSync.Core.Reports;

/// <summary>What a report file is, which the ending of its name says.</summary>
public enum ReportForm
{
    /// <summary>One JSON object a line: for machines, and as input of another run.</summary>
    Lines,

    /// <summary>A table for spreadsheets.</summary>
    Csv,

    /// <summary>A page to look at.</summary>
    Page,
}
