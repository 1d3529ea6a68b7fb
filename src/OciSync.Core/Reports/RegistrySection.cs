using OciSync.Core.Rows;
using static OciSync.Core.Reports.Quantities;

namespace OciSync.Core.Reports;

/// <summary>The run in time, by registry.</summary>
internal static class RegistrySection
{
    private const int Height = 24;
    private const int Shown = 30;

    internal static Html Write(RunSummary run)
    {
        if (run.Begin is not { } begin || run.End is not { } end)
        {
            return Html.Empty;
        }

        return Html.Of($"""
            <section id="time" aria-labelledby="time-title">
            <h2 id="time-title">The run in time</h2>
            <p>From {Time(begin)} on the left to {Time(end)} UTC on the right: each bar is how many rows ended in {Span(Step(run))}, its lower part those that failed. Median and slowest are times of a row.</p>
            {Table("Written to", RegistryShare.Of(run, r => r.Destination))}
            {Table("Read from", RegistryShare.Of(run, r => r.Source))}
            </section>

            """);
    }

    private static TimeSpan Step(RunSummary run) => TimeSpan.FromTicks(run.Elapsed.Ticks / RegistryShare.Steps);

    private static Html Table(string title, IReadOnlyList<RegistryShare> shares)
    {
        var most = shares.Select(s => Enumerable.Range(0, RegistryShare.Steps).Max(i => s.Ended[i] + s.Failed[i])).DefaultIfEmpty(0).Max();
        var beyond = Math.Max(0, shares.Count - Shown);
        return Html.Of($"""
            <table class="time cards" role="table">
            <caption>{title}</caption>
            {Cards.Head("Registry", "In time", "Rows|", "Failed|", "Copied|", "Rate|", "Median|", "Slowest|", "From|", "To|")}
            <tbody role="rowgroup">
            {Html.Join(shares.Take(Shown).Select(s => Row(s, Math.Max(most, 1))))}</tbody>
            </table>
            {(beyond == 0 ? Html.Empty : Html.Of($"<p>And {Number(beyond)} more.</p>\n"))}
            """);
    }

    private static Html Row(RegistryShare share, int most) => Cards.Row(
        share.Place, ("", Chart(share, most)), ("Rows|", Number(share.Rows.Count)), ("Failed|", Number(share.Rows.Count(r => r.Status == SyncStatus.Failed))),
        ("Copied|", Bytes(share.BytesCopied)), ("Rate|", share.Rate is { } rate ? Bytes(rate) + "/s" : string.Empty), ("Median|", SpanOf(share.Median)),
        ("Slowest|", SpanOf(share.Slowest)), ("From|", TimeOf(share.Begin)), ("To|", TimeOf(share.End)));

    private static string SpanOf(TimeSpan? time) => time is { } known ? Span(known) : string.Empty;

    private static string TimeOf(DateTimeOffset? time) => time is { } known ? Time(known) : string.Empty;

    // The numbers beside it say the same to those who don't see it.
    private static Html Chart(RegistryShare share, int most)
    {
        var bars = Enumerable.Range(0, RegistryShare.Steps).SelectMany(i => new[]
        {
            Bar("ended", i, share.Ended[i], share.Failed[i], most),
            Bar("failed", i, share.Failed[i], 0, most),
        });
        return Html.Of($"""
            <svg class="chart" viewBox="0 0 {RegistryShare.Steps} {Height}" preserveAspectRatio="none" aria-hidden="true" focusable="false">{Html.Join(bars)}</svg>
            """);
    }

    // What there is at all can be seen, however little it is.
    private static Html Bar(string kind, int step, int count, int below, int most)
    {
        var tall = count == 0 ? 0 : Math.Max(1.5, Height * (double)count / most);
        var under = below == 0 ? 0 : Math.Max(1.5, Height * (double)below / most);
        return count == 0 ? Html.Empty : Html.Of(
            $"<rect class=\"{kind}\" x=\"{step}\" width=\"1\" y=\"{Math.Max(0, Height - under - tall):0.##}\" height=\"{tall:0.##}\"/>");
    }
}
