using OciSync.Core.Rows;
using static OciSync.Core.Reports.Quantities;

namespace OciSync.Core.Reports;

/// <summary>The images that took longest.</summary>
internal static class SlowestSection
{
    private const int Shown = 10;

    internal static Html Write(RunSummary run)
    {
        var slowest = run.Rows.Where(r => r.Duration > TimeSpan.Zero).OrderByDescending(r => r.Duration).Take(Shown).ToList();
        return slowest.Count == 0 ? Html.Empty : Html.Of($"""
            <section id="slowest" aria-labelledby="slowest-title">
            <h2 id="slowest-title">Slowest images</h2>
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
