using OciSync.Core.Rows;
using static OciSync.Core.Reports.Quantities;

namespace OciSync.Core.Reports;

/// <summary>The head of a page: what was done, in a sentence.</summary>
internal static class LeadSection
{
    internal static string Title(ReportRun run, RunSummary summary)
    {
        var (failed, cancelled, rows) = (summary.Of(SyncStatus.Failed), summary.Of(SyncStatus.Cancelled), summary.Rows.Count);
        return run.HasEnded == false ? "The run has not ended"
            : rows == 0 ? "There was nothing to do"
            : failed > 0 ? $"{Number(failed)} of {Count(rows, "row")} failed"
            : cancelled > 0 ? $"{Number(cancelled)} of {Count(rows, "row")} were not begun"
            : summary.IsPlan ? $"A plan: {Number(summary.Rows.Count(r => RunSummary.IsPlanned(r.Status)))} of {Count(rows, "row")} would change"
            : $"All {Count(rows, "row")} without a failure";
    }

    internal static Html Write(ReportRun run, RunSummary summary, RunComparison? comparison)
    {
        var state = run.HasEnded == false || summary.Of(SyncStatus.Cancelled) > 0 ? "open" : summary.Of(SyncStatus.Failed) > 0 ? "bad" : "good";
        return Html.Of($"""
            <h1 class="{state}">{Title(run, summary)}</h1>
            {(ToDo(run, summary) is { } todo ? Html.Of($"<p class=\"lead\" id=\"todo\"><strong>{todo}</strong></p>\n") : Html.Empty)}<p class="lead" id="done">{Sentence(run, summary)}</p>
            {Changes(summary, comparison)}
            {Html.Join(Notes(run, summary).Select(n => Html.Of($"<p class=\"note\">{n}</p>\n")))}
            """);
    }

    internal static Html End(ReportRun run, RunSummary summary)
    {
        var runs = summary.Runs.Count == 0 ? string.Empty : $" Run {Few(summary.Runs)}.";
        var rows = run.RowsName is null ? string.Empty : $" The same rows as JSON lines: {run.RowsName}.";
        return Html.Of($"Made by OciSync {Version} at {DayAndTime(run.Made)}; all times are UTC.{runs}{rows}");
    }

    private static string Version => typeof(ReportPage).Assembly.GetName().Version!.ToString(3);

    private static string Sentence(ReportRun run, RunSummary summary)
    {
        if (run.HasEnded == false)
        {
            return $"It began at {DayAndTime(run.Made)}. This page is replaced when it ends; "
                + "as long as it stands here, the run goes on, or was stopped or killed before its end.";
        }

        if (summary.Rows.Count == 0)
        {
            return "The run gave no row: no image was chosen.";
        }

        var images = summary.Rows.Select(r => r.Source).Where(s => s.Length > 0).Distinct(StringComparer.Ordinal).Count();
        var done = summary.IsPlan ? "Nothing was written: this is what a run would do with" : "This run took";
        return $"{When(summary)}{done} {Count(images, "image")} from {Named(summary.Places(r => r.Source))} to {Named(summary.Places(r => r.Destination))}: "
            + $"{Count(summary.Rows.Count, "row")}, one for each image and destination. {Outcome(summary)}";
    }

    // Whether anything has to be done; null where the sentence about the run says it.
    private static string? ToDo(ReportRun run, RunSummary summary)
    {
        if (run.HasEnded == false || summary.Rows.Count == 0)
        {
            return null;
        }

        var groups = FailureGroup.Of(summary);
        var all = $"everything {(groups.Count == 0 ? string.Empty : "else ")}{(run.HasEnded is null ? "in these rows " : string.Empty)}is in place";
        var rest = summary.IsPlan ? "this is a plan, nothing was written"
            : summary.Of(SyncStatus.Skipped) > 0 ? all + ", or was left out on purpose"
            : all;
        return groups.Count == 0
            ? $"Nothing has to be done: {rest}."
            : $"{string.Join(", ", Wrong(groups))}; {rest}. What helps stands under Failures.";
    }

    private static IEnumerable<string> Wrong(IReadOnlyList<FailureGroup> groups)
    {
        foreach (var group in groups.Where(g => g.Cause?.IsOfSource == true))
        {
            var verb = group.Images.Count == 1 ? "does" : "do";
            yield return $"{Count(group.Images.Count, "tag")} {verb} not exist at the source ({Count(group.Rows.Count, "row")})";
        }

        var failed = groups.Where(g => g.ErrorId is not null && g.Cause?.IsOfSource != true).ToList();
        if (failed.Count > 0)
        {
            var rows = failed.SelectMany(g => g.Rows).ToList();
            var images = rows.Select(r => r.Source.Length > 0 ? r.Source : r.Destination).Distinct(StringComparer.Ordinal).Count();
            var ids = failed.Select(g => g.ErrorId!).Distinct(StringComparer.Ordinal).ToList();
            yield return $"{Count(images, "image")} failed ({Count(rows.Count, "row")}: {Few(ids)})";
        }

        if (groups.FirstOrDefault(g => g.ErrorId is null) is { } open)
        {
            var verb = open.Images.Count == 1 ? "was" : "were";
            yield return $"{Count(open.Images.Count, "image")} {verb} not begun or broken off ({Count(open.Rows.Count, "row")})";
        }
    }

    private static Html Changes(RunSummary summary, RunComparison? comparison)
    {
        if (comparison is null)
        {
            return Html.Empty;
        }

        var failed = summary.Rows.Where(r => r.Status == SyncStatus.Failed).ToList();
        var fresh = failed.Count - comparison.Still(failed);
        var parts = new[]
        {
            $"{Count(comparison.New.Count, "name")} new (not in the earlier run)", $"{Number(comparison.Wanted.Count)} wanted and not there",
            $"{Number(comparison.Moved.Count)} moved", $"{Number(comparison.Gone.Count)} gone",
        };
        return Html.Of($"""
            <p>Since the <a href="#changes">earlier run</a>: {string.Join(", ", parts)}; {Count(fresh, "row")} failed that had not failed then, {Number(comparison.Mended.Count)} that had {(comparison.Mended.Count == 1 ? "is" : "are")} mended.</p>
            {(ChangeSection.Warning(comparison) is { } warning ? Html.Of($"<p class=\"note\">{warning}</p>\n") : Html.Empty)}
            """);
    }

    private static string When(RunSummary summary) =>
        summary.Begin is not { } begin || summary.End is not { } end ? string.Empty
        : $"{Day(begin)}, {Time(begin)} to "
            + $"{(begin.UtcDateTime.Date == end.UtcDateTime.Date ? string.Empty : Day(end) + ", ")}{Time(end)} UTC ({Span(summary.Elapsed)}). ";

    private static string Named(IReadOnlyList<string> places) =>
        places.Count == 0 ? "nowhere" : places.Count == 1 ? places[0] : $"{Number(places.Count)} places ({Few(places)})";

    private static string Outcome(RunSummary summary)
    {
        var parts = new[]
        {
            (summary.Of(SyncStatus.Failed), "failed"),
            (summary.Of(SyncStatus.Cancelled), "were not begun or were broken off"),
            (summary.Of(SyncStatus.Copied), "were copied"),
            (summary.Of(SyncStatus.Updated), "were moved to a newer image"),
            (summary.Of(SyncStatus.UpToDate), "were up to date already"),
            (summary.Of(SyncStatus.Pruned), "were removed"),
            (summary.Of(SyncStatus.Skipped), "were left out on purpose"),
            (summary.Of(SyncStatus.WouldCopy), "would be copied"),
            (summary.Of(SyncStatus.WouldUpdate), "would be moved to a newer image"),
            (summary.Of(SyncStatus.WouldPrune), "would be removed"),
        };
        var text = parts.Where(p => p.Item1 > 0).Select(p => $"{Number(p.Item1)} {(p.Item1 == 1 ? p.Item2.Replace("were ", "was ") : p.Item2)}").ToList();
        return string.Join(", ", text) + ".";
    }

    private static IEnumerable<string> Notes(ReportRun run, RunSummary summary)
    {
        if (run.Note is not null)
        {
            yield return run.Note;
        }

        if (run.HasEnded is null)
        {
            yield return "Made from rows that were kept. They do not say whether the run went to its end: an image that is not here was perhaps not reached.";
        }

        if (summary.Runs.Count > 1)
        {
            yield return $"These are rows of {Number(summary.Runs.Count)} runs; of several rows for one source and destination the last counts.";
        }

        if (run.HasEnded == false && run.RowsName is { } path)
        {
            yield return $"What it has done until now: Export-OciReport now.html -RowPath {RetryCommand.Quote(path)}";
        }
    }
}
