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
            <div class="scroll" tabindex="0" role="region" aria-label="Table of the slowest images"><table>
            <thead><tr><th scope="col">Image</th><th scope="col">To</th><th scope="col">Status</th><th scope="col" class="number">Time</th><th scope="col" class="number">Copied</th><th scope="col" class="number">Attempts again</th></tr></thead>
            <tbody>
            {Html.Join(slowest.Select(Row))}</tbody>
            </table></div>
            </section>

            """);
    }

    private static Html Row(OciSyncResult row) => Html.Of($"""
        <tr><th scope="row">{row.Source}</th><td>{row.Destination}</td><td>{row.Status}</td><td class="number">{Span(row.Duration)}</td><td class="number">{Bytes(row.BytesCopied)}</td><td class="number">{Number(row.RetryCount)}</td></tr>

        """);
}
