using OciSync.Core.Rows;
using static OciSync.Core.Reports.Quantities;

namespace OciSync.Core.Reports;

/// <summary>What failed: why, what helps, and the command that tries it again.</summary>
internal static class FailureSection
{
    private const int Shown = 5;
    private const int Listed = 100;

    internal static Html Write(ReportRun run, RunSummary summary, RunComparison? comparison)
    {
        var groups = FailureGroup.Of(summary);
        if (groups.Count == 0)
        {
            return Html.Of(
                $"<section id=\"failures\" aria-labelledby=\"failures-title\"><h2 id=\"failures-title\">Failures</h2><p>There are none.</p></section>\n");
        }

        return Html.Of($"""
            <section id="failures" aria-labelledby="failures-title">
            <h2 id="failures-title">Failures</h2>
            {All(run)}{Html.Join(groups.Select((g, i) => Group(g, i, comparison)))}</section>

            """);
    }

    private static Html All(ReportRun run) => run.RowsName is not { } path ? Html.Empty : Html.Of($"""
        <p>To try all of them again, once their causes are mended, in PowerShell in the folder of {run.RowsName}, with logins and parameters as the run had them:</p>
        {Command(RetryCommand.OfFile(path), "all failures")}
        """);

    private static Html Group(FailureGroup group, int index, RunComparison? comparison)
    {
        var rest = group.Rows.Skip(Shown).Take(Listed).ToList();
        var beyond = Math.Max(0, group.Rows.Count - Shown - Listed);
        return Html.Of($"""
            <article aria-labelledby="failure-{index}">
            <h3 id="failure-{index}">{Title(group)}</h3>
            <p class="where">{Where(group)}{Since(group, comparison)}</p>
            {Advice(group)}
            <ul class="rows">
            {Html.Join(group.Rows.Take(Shown).Select(Row))}</ul>
            {(rest.Count == 0 ? Html.Empty : Html.Of($"<details><summary>{Number(rest.Count)} more</summary><ul class=\"rows\">\n{Html.Join(rest.Select(Row))}</ul></details>\n"))}
            {(beyond == 0 ? Html.Empty : Html.Of($"<p>And {Number(beyond)} more: <a href=\"#rows\" data-filter=\"{group.ErrorId ?? group.Rows[0].Status}\">all of them in the table of rows</a>.</p>\n"))}
            {Again(group)}
            </article>

            """);
    }

    private static string Title(FailureGroup group) =>
        group.ErrorId is { } id ? $"{Number(group.Rows.Count)} × {id}" : $"{Number(group.Rows.Count)} not begun or broken off";

    private static string Where(FailureGroup group)
    {
        var (from, to) = (group.Places(r => r.Source), group.Places(r => r.Destination));
        return from.Count == 0 ? $"At {Few(to)}." : to.Count == 0 ? $"From {Few(from)}." : $"From {Few(from)} to {Few(to)}.";
    }

    private static string Since(FailureGroup group, RunComparison? comparison)
    {
        if (comparison is null)
        {
            return string.Empty;
        }

        var still = comparison.Still(group.Rows);
        return still == 0 ? " None of them failed in the earlier run."
            : still == group.Rows.Count ? $" {(still == 1 ? "It" : "All of them")} failed in the earlier run too."
            : $" {Number(still)} of them failed in the earlier run too, {Number(group.Rows.Count - still)} did not.";
    }

    private static Html Advice(FailureGroup group)
    {
        if (group.ErrorId is null)
        {
            return Html.Of($"<p>The run ended before their turn, or while they were copied. Nothing is wrong with them.</p>");
        }

        return Remedies.Find(group.ErrorId) is { } known
            ? Html.Of($"<dl class=\"advice\"><div><dt>What it means</dt><dd>{known.Cause}</dd></div><div><dt>What helps</dt><dd>{known.Remedy}</dd></div></dl>")
            : Html.Empty;
    }

    private static Html Row(OciSyncResult row)
    {
        var name = row.Source.Length == 0 ? Html.Of($"<b>{row.Destination}</b>") : Html.Of($"<b>{row.Source}</b> → {row.Destination}");
        var reason = row.Error ?? row.Reason;
        return Html.Of($"<li>{name}{(reason is null ? Html.Empty : Html.Of($"<p>{reason}</p>"))}</li>\n");
    }

    private static Html Again(FailureGroup group)
    {
        if (!Remedies.CanTryAgain(group.ErrorId))
        {
            return Html.Of($"<p>Tried again as it is it would fail again: first change what was asked for.</p>");
        }

        return RetryCommand.Of(group.Rows) is not { } command
            ? Html.Of($"<p>Run the whole command again: these rows alone are no input.</p>")
            : Html.Of($"""
                <details><summary>The command that tries {(group.Rows.Count == 1 ? "it" : "them")} again</summary>
                <p>For PowerShell, with logins and parameters as the run had them:</p>
                {Command(command, Title(group))}</details>
                """);
    }

    internal static Html Command(string command, string what) => Html.Of($"""
        <div class="command"><pre tabindex="0" role="region" aria-label="Command for {what}"><code>{Html.Lines(command)}</code></pre><button type="button" class="copy" hidden>Copy the command</button></div>

        """);
}
