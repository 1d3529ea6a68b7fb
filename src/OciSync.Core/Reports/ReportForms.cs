using OciSync.Core.Errors;

namespace OciSync.Core.Reports;

/// <summary>The forms of reports by the endings of file names.</summary>
public static class ReportForms
{
    /// <summary>The form of a file.</summary>
    /// <exception cref="OciException">Its ending is none of those that are known; the message names them.</exception>
    public static ReportForm Of(string path)
    {
        var ending = Path.GetExtension(path).ToLowerInvariant();
        return ending switch
        {
            ".jsonl" or ".json" => ReportForm.Lines,
            ".csv" => ReportForm.Csv,
            ".html" => ReportForm.Page,
            _ => throw new OciException(
                OciErrorKind.ReportInvalid,
                $"'{path}': {(ending.Length == 0 ? "without an ending it can't be told what this report is to be" : $"'{ending}' is no form of a report")}. "
                + "It is .html (a page to look at), "
                + $".jsonl or .json (one JSON object a line), or .csv (for spreadsheets)"
                + $"{(ending == ".prom" ? "; metrics are written by -MetricsPath" : string.Empty)}."),
        };
    }
}
