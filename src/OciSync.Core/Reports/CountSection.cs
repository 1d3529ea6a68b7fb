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
            <p class="where" id="unit">Rows by status; a row is one image at one destination.</p>
            <ul class="counts" aria-labelledby="unit">
            {Html.Join(counts)}</ul>
            <dl class="amounts">
            {Amount("Copied", Bytes(copied), Rate(copied, run.Elapsed))}
            {(mounted == 0 ? Html.Empty : Amount("Mounted", Bytes(mounted), "taken from another repository of the same registry: not sent"))}
            {(present == 0 ? Html.Empty : Amount("There already", Bytes(present), "layers that were there: not sent"))}
            {Saved(run, mounted + present)}
            {Amount("Attempts after a first failure", Number(run.Sum(r => r.RetryCount)), string.Empty)}
            </dl>
            """);
    }

    // Nothing is counted of what is up to date: no layer of it is looked at, and 0 bytes would be wrong.
    private static Html Saved(RunSummary run, long saved)
    {
        var isPart = run.Rows.Any(r => r.Status == SyncStatus.UpToDate && r.BytesMounted + r.BytesSkipped == 0);
        return saved == 0
            ? isPart ? Amount("Saved", "not counted", "of images that were up to date no sizes are read") : Html.Empty
            : Amount("Saved", Bytes(saved), isPart ? "mounted or there already; images that were up to date are not counted" : "mounted or there already");
    }

    private static Html Amount(string name, string amount, string note) =>
        Html.Of($"<div><dt>{name}</dt><dd><b>{amount}</b> {Note(note)}</dd></div>");

    private static Html Note(string note) => note.Length == 0 ? Html.Empty : Html.Of($"<span>{note}</span>");

    private static string Rate(long bytes, TimeSpan time) =>
        bytes > 0 && time > TimeSpan.Zero ? $"{Bytes(bytes / time.TotalSeconds)} a second on average" : "uploaded";
}
