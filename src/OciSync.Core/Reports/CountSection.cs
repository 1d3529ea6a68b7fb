using OciSync.Core.Rows;
using static OciSync.Core.Reports.Quantities;

namespace OciSync.Core.Reports;

/// <summary>Rows by status, and bytes.</summary>
internal static class CountSection
{
    internal static Html Write(RunSummary run)
    {
        var counts = run.Counts.Select(c => Html.Of(
            $"<li><a class=\"count {c.Status}\" href=\"#rows\" data-filter=\"{c.Status}\"><b>{Number(c.Count)}</b> {c.Status}</a></li>\n"));
        var (copied, mounted, present) = (run.Sum(r => r.BytesCopied), run.Sum(r => r.BytesMounted), run.Sum(r => r.BytesSkipped));
        return Html.Of($"""
            <ul class="counts" aria-label="Rows by status">
            {Html.Join(counts)}</ul>
            <dl class="amounts">
            {Amount("Copied", Bytes(copied), Rate(copied, run.Elapsed))}
            {Amount("Mounted", Bytes(mounted), "taken from another repository of the same registry: not sent")}
            {Amount("There already", Bytes(present), "not sent; of images that were up to date nothing is counted")}
            {Amount("Saved", Bytes(mounted + present), "mounted or there already")}
            {Amount("Attempts after a first failure", Number(run.Sum(r => r.RetryCount)), string.Empty)}
            </dl>
            """);
    }

    private static Html Amount(string name, string amount, string note) =>
        Html.Of($"<div><dt>{name}</dt><dd><b>{amount}</b> {Note(note)}</dd></div>");

    private static Html Note(string note) => note.Length == 0 ? Html.Empty : Html.Of($"<span>{note}</span>");

    private static string Rate(long bytes, TimeSpan time) =>
        bytes > 0 && time > TimeSpan.Zero ? $"{Bytes(bytes / time.TotalSeconds)} a second on average" : "uploaded";
}
