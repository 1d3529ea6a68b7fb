using OciSync.Core.Errors;
using OciSync.Core.Reports;
using OciSync.Core.Rows;

namespace OciSync.Fuzzing;

/// <summary>Rows of earlier runs, and what is made of them.</summary>
internal static partial class FuzzTargets
{
    private const string GoodRow = """
        {"Source":"docker.io/library/alpine:3.20","Destination":"r.test/mirror/alpine:3.20","Status":"Failed","Reason":"no","ErrorId":"OciForbidden","Error":"no",
        "RunId":"1","Platforms":["linux/amd64"],"DigestChanged":true,"BytesCopied":7,"RetryCount":2,"StartTime":"2026-11-28T02:00:00+00:00","Duration":"00:00:01.5"}
        """;

    private static IEnumerable<FuzzTarget> Reports() =>
    [
        new("row of a report", FuzzInput.Near(GoodRow.Replace("\n", string.Empty, StringComparison.Ordinal),
            """{"Status":"Copied","Source":"a","Duration":{"Ticks":5}}"""), TryRow),
        new("text in a report", FuzzInput.Near("</script><!--", "a\u2028b\u202ec", "'; x '", "=cmd|'/c calc'!A0"), TryTextInReport),
    ];

    private static void TryRow(byte[] input)
    {
        var lines = new ResultLines("rows");
        Allow(() => Text(input).Split('\n').ToList().ForEach(lines.Add), OciErrorKind.ReportInvalid);
        foreach (var row in lines.Rows)
        {
            Require(row.Duration >= TimeSpan.Zero && row.BytesCopied >= 0, "nothing that is counted is negative");
            var again = new ResultLines("rows");
            again.Add(ResultJson.ToLine(row));
            Require(again.Rows.Count == 1 && ResultJson.ToLine(again.Rows[0]) == ResultJson.ToLine(row), "a row that was read is written and read as it was");
        }

        RequirePage(new ReportRun(lines.Rows, DateTimeOffset.UnixEpoch) { Previous = lines.Rows.Take(1).ToList() });
    }

    private static void TryTextInReport(byte[] input)
    {
        // A page has the texts of a row several times over.
        var text = Text(input.AsSpan(0, Math.Min(input.Length, 2000)).ToArray());
        var row = ResultFields.Read(name => name is "Status" ? "Failed" : name is "StartTime" or "Duration" ? null : text.Length == 0 ? "x" : text);
        RequirePage(new ReportRun([row], DateTimeOffset.UnixEpoch) { Note = text, RowsName = text, Previous = [row] });
        var cell = ResultCsv.ToLine(row);
        var first = cell[(cell[0] == '"' ? 1 : 0)..].TrimStart(' ', '\u00a0');
        Require(first.Length == 0 || !"=+-@\t\r\n".Contains(first[0], StringComparison.Ordinal), "no cell is run by a spreadsheet");
        var metrics = MetricsText.Render([row], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, isReading: false, text);
        Require(metrics.Split('\n').All(l => l.Length == 0 || l[0] == '#' || l.StartsWith("ocisync_run_", StringComparison.Ordinal)),
            "each line is a metric of ours");
    }

    // The elements of the page are ours, however often a row tries to add one.
    private static void RequirePage(ReportRun run)
    {
        var page = ReportPage.Render(run);
        Require(Count(page, "<script") == 2 && Count(page, "</script") == 2 && Count(page, "<style") == 1 && Count(page, "<!--") == 0,
            "a page has no markup but ours");
        Require(!page.Contains('\u202e', StringComparison.Ordinal) && !page.Contains('\u2028', StringComparison.Ordinal),
            "a page has no character that turns a line");
    }

    private static int Count(string text, string part) => text.Split(part, StringSplitOptions.None).Length - 1;
}
