using OciSync.Core.Rows;
using static OciSync.Core.Reports.Quantities;

namespace OciSync.Core.Reports;

/// <summary>What is new, missing, gone and moved since an earlier run.</summary>
internal static class ChangeSection
{
    private const int Shown = 10;
    private const int Listed = 100;

    internal static Html Write(RunComparison? comparison)
    {
        if (comparison is null)
        {
            return Html.Empty;
        }

        var (added, moved) = (comparison.New, comparison.Moved);
        var from = comparison.Before.Begin is { } begin ? $"the run of {Day(begin)}, {Time(begin)} UTC" : "an earlier run";
        return Html.Of($"""
            <section id="changes" aria-labelledby="changes-title">
            <h2 id="changes-title">Since the earlier run</h2>
            <p>Compared with {from} ({Count(comparison.Before.Rows.Count, "row")}), by the names at the destination: {Number(comparison.Shared)} of {Count(comparison.Names, "name")} {(comparison.Shared == 1 ? "is" : "are")} in both.</p>
            {(Warning(comparison) is { } warning ? Html.Of($"<p class=\"note\">{warning}</p>\n") : Html.Empty)}
            {List(RowChange.New, NewMeaning(added), added.Select(r => Name(r, r.Status)).ToList())}
            {List(RowChange.Wanted, "names that were not in the earlier run, and could not be put there: see Failures", comparison.Wanted.Select(r => Name(r, r.Status)).ToList())}
            {List(RowChange.Moved, "names that point to another image than after the earlier run", moved.Select(m => Moved(m.Row, m.Digest)).ToList())}
            {List(RowChange.Gone, "names that the earlier run had and this one did not choose; they may still be at the destination", comparison.Gone.Select(r => Name(r, r.Status + " then")).ToList())}
            {List(RowChange.Mended, "names that failed in the earlier run and are in place now", comparison.Mended.Select(r => Name(r, r.Status)).ToList())}
            </section>

            """);
    }

    /// <summary>Why the comparison says little, or null.</summary>
    internal static string? Warning(RunComparison comparison) =>
        comparison.Before.Rows.Count == 0 ? "The earlier run has no row: there is nothing to compare with."
        : comparison.IsOfOtherNames
            ? $"The two runs have {(comparison.Shared == 0 ? "no name" : $"only {Count(comparison.Shared, "name")}")} in common. "
                + "They are probably of different lists or destinations: what is called new and gone says little."
            : null;

    // What was there before any of the runs is told from what this run has put there.
    private static string NewMeaning(IReadOnlyList<OciSyncResult> added)
    {
        var there = added.Count(r => r.Status == SyncStatus.UpToDate);
        return "names that are not in the earlier run" + (there == 0 ? string.Empty
            : $"; {Number(there)} of them (UpToDate) {(there == 1 ? "was" : "were")} at the destination already, put there by another run or another hand");
    }

    private static Html Name(OciSyncResult row, string status) => Html.Of($"<li>{row.Destination} <span>{status}</span></li>\n");

    private static Html Moved(OciSyncResult row, string before) =>
        Html.Of($"<li>{row.Destination} <span>from</span> <code>{before}</code> <span>to</span> <code>{row.Digest}</code></li>\n");

    private static Html List(string title, string meaning, List<Html> items)
    {
        var rest = items.Skip(Shown).Take(Listed).ToList();
        var beyond = Math.Max(0, items.Count - Shown - Listed);
        return Html.Of($"""
            <h3>{title}: {Number(items.Count)}</h3>
            {(items.Count == 0 ? Html.Empty : Html.Of($"<p class=\"where\">{meaning}</p>\n<ul class=\"rows\">\n{Html.Join(items.Take(Shown))}</ul>\n"))}
            {(rest.Count == 0 ? Html.Empty : Html.Of($"<details><summary>{Number(rest.Count)} more</summary><ul class=\"rows\">\n{Html.Join(rest)}</ul></details>\n"))}
            {(beyond == 0 ? Html.Empty : Html.Of($"<p>And {Number(beyond)} more: <a href=\"#rows\" data-change=\"{title}\">all of them in the table of rows</a>.</p>\n"))}
            """);
    }
}
