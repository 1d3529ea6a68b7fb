using System.Globalization;
using System.Management.Automation;
using System.Text;
using OciSync.Core.Rows;

namespace OciSync.PowerShell.Output;

/// <summary>What a job of GitHub Actions is told beside rows and errors: an annotation for each failure, and a table for its summary page.</summary>
internal static class GitHubActions
{
    private const int LongestTable = 500;

    /// <summary>This process is a step of a job.</summary>
    internal static bool IsHere => Environment.GetEnvironmentVariable("GITHUB_ACTIONS") == "true";

    /// <summary>Where the job's summary is kept, or null.</summary>
    internal static string? SummaryPath => Environment.GetEnvironmentVariable("GITHUB_STEP_SUMMARY") is { Length: > 0 } path ? path : null;

    /// <summary>The workflow command that makes an annotation of a failure.</summary>
    internal static string Annotation(ErrorRecord failure)
    {
        var title = failure.FullyQualifiedErrorId.Split(',')[0];
        return $"::error title={Escape(title).Replace(":", "%3A").Replace(",", "%2C")}::{Escape($"{failure.TargetObject}: {failure.Exception.Message}")}";
    }

    /// <summary>The rows as a markdown table: what changed and what failed, in full up to a limit; what is up to date as a count.</summary>
    internal static string Summary(string title, IReadOnlyList<OciSyncResult> rows)
    {
        var text = new StringBuilder();
        var counts = rows.GroupBy(r => r.Status).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Count()} {g.Key}");
        text.Append("### ").Append(title).Append("\n\n").Append(string.Join(", ", counts)).Append("\n\n");
        var shown = rows.Where(r => r.Status != SyncStatus.UpToDate).OrderByDescending(r => r.Status == SyncStatus.Failed).ToList();
        if (shown.Count > 0)
        {
            text.Append("| Status | Source | Destination | Copied | Time | Reason |\n| --- | --- | --- | ---: | ---: | --- |\n");
        }

        foreach (var row in shown.Take(LongestTable))
        {
            var megabytes = (row.BytesCopied / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture);
            var seconds = row.Duration.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
            text.Append($"| {row.Status} | {Cell(row.Source)} | {Cell(row.Destination)} | {megabytes} MB | {seconds} s | {Cell(row.Reason)} |\n");
        }

        return text.Append(shown.Count > LongestTable ? $"\n… and {shown.Count - LongestTable} more\n\n" : "\n").ToString();
    }

    private static string Escape(string text) => text.Replace("%", "%25").Replace("\r", "%0D").Replace("\n", "%0A");

    private static string Cell(string? text) =>
        (text ?? string.Empty).Replace("\r", " ").Replace("\n", " ").Replace("|", "\\|").Replace("<", "&lt;");
}
