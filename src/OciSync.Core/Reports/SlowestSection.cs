using OciSync.Core.Rows;
using static OciSync.Core.Reports.Quantities;

namespace OciSync.Core.Reports;

/// <summary>The rows that took longest; where any did more than look, those that did.</summary>
internal static class SlowestSection
{
    private const int Shown = 10;

    internal static Html Write(RunSummary run)
    {
        var timed = run.Rows.Where(r => r.Duration > TimeSpan.Zero).ToList();
        var worked = timed.Where(r => r.BytesCopied + r.BytesMounted > 0 || r.Status is SyncStatus.Copied or SyncStatus.Updated or SyncStatus.Failed).ToList();
        var slowest = (worked.Count > 0 ? worked : timed).OrderByDescending(r => r.Duration).Take(Shown).ToList();
        return slowest.Count == 0 ? Html.Empty : Html.Of($"""
            <section id="slowest" aria-labelledby="slowest-title">
            <h2 id="slowest-title">Slowest rows</h2>
            <p class="where">{(worked.Count > 0 ? "Of those that were copied or failed" : "Nothing was copied; of all rows")}.</p>
            <table class="cards" role="table" aria-labelledby="slowest-title">
            {Cards.Head("Image", "To", "Status", "Time|", "Copied|", "Attempts again|")}
            <tbody role="rowgroup">
            {Html.Join(slowest.Select(Row))}</tbody>
            </table>
            </section>

            """);
    }

    private static Html Row(OciSyncResult row) => Cards.Row(
        row.Source, ("To", row.Destination), ("Status", row.Status), ("Time|", Span(row.Duration)), ("Copied|", Bytes(row.BytesCopied)),
        ("Attempts again|", Number(row.RetryCount)));
}
