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
        var shared = group.Images.Count > 1 ? SharedMessage(group) : null;
        var items = group.Images.Take(Shown + Listed).Select(i => Image(i, group, shared is not null)).ToList();
        var rest = items.Skip(Shown).ToList();
        var beyond = Math.Max(0, group.Images.Count - Shown - Listed);
        return Html.Of($"""
            <article aria-labelledby="failure-{index}">
            <h3 id="failure-{index}">{Title(group)}</h3>
            <p class="where">{Where(group)}{Since(group, comparison)}</p>
            {Advice(group)}
            {(shared is null ? Html.Empty : Html.Of($"<p class=\"message\">Each says: {shared}</p>\n"))}<ul class="rows">
            {Html.Join(items.Take(Shown))}</ul>
            {(rest.Count == 0 ? Html.Empty : Html.Of($"<details><summary>{Number(rest.Count)} more</summary><ul class=\"rows\">\n{Html.Join(rest)}</ul></details>\n"))}
            {(beyond == 0 ? Html.Empty : Html.Of($"<p>And {Number(beyond)} more: <a href=\"#rows\" data-filter=\"{group.ErrorId ?? group.Rows[0].Status}\">all of them in the table of rows</a>.</p>\n"))}
            {Again(group)}
            </article>

            """);
    }

    private static string Title(FailureGroup group) =>
        group.ErrorId is not { } id ? $"Not begun or broken off: {group.Size}"
        : group.Cause?.Title is { } title ? $"{title} ({id}): {group.Size}"
        : $"{id}: {group.Size}";

    // What all of them say is said once, above them.
    private static string? SharedMessage(FailureGroup group)
    {
        var messages = group.Images.SelectMany(i => i.Messages).Distinct(StringComparer.Ordinal).Take(2).ToList();
        return messages.Count == 1 && group.Images.All(i => i.Messages.Count == 1) ? messages[0] : null;
    }

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
        var isOne = group.Rows.Count == 1;
        return group.Rows.All(r => comparison.StatusBefore(r) is null) ? $" {(isOne ? "It was not" : "None of them was")} in the earlier run."
            : still == 0 ? $" {(isOne ? "It did not fail" : "None of them failed")} in the earlier run."
            : still == group.Rows.Count ? $" {(still == 1 ? "It" : "All of them")} failed in the earlier run too."
            : $" {Count(still, "row")} of them failed in the earlier run too, {Number(group.Rows.Count - still)} did not.";
    }

    private static Html Advice(FailureGroup group) =>
        group.ErrorId is null ? Html.Of($"<p>The run ended before their turn, or while they were copied. Nothing is wrong with them.</p>")
        : group.Cause is not { } known ? Html.Empty
        : Html.Of($"<dl class=\"advice\"><div><dt>What it means</dt><dd>{known.Meaning}</dd></div><div><dt>What helps</dt><dd>{known.Remedy}</dd></div></dl>");

    private static Html Image(FailedImage image, FailureGroup group, bool isSaid)
    {
        var to = image.Rows.Count == 1 ? image.Rows[0].Destination : Destinations(image, group);
        var name = image.Source.Length == 0 ? Html.Of($"<b>{to}</b>") : Html.Of($"<b>{image.Source}</b> → {to}");
        var messages = isSaid ? Html.Empty : Html.Join(image.Messages.Select(m => Html.Of($"<p>{m}</p>")));
        return Html.Of($"<li>{name}{messages}</li>\n");
    }

    // Which ones is said where another image of the group failed at others.
    private static string Destinations(FailedImage image, FailureGroup group)
    {
        var places = image.Rows.Select(r => RunSummary.PlaceOf(r.Destination)).Distinct(StringComparer.Ordinal).ToList();
        var isAll = group.Images.All(i => i.Rows.Count == image.Rows.Count) && places.Count == group.Places(r => r.Destination).Count;
        return $"{Number(image.Rows.Count)} destinations{(isAll ? string.Empty : $": {Few(places)}")}";
    }

    private static Html Again(FailureGroup group)
    {
        if (!Remedies.CanTryAgain(group.ErrorId))
        {
            return Html.Of($"<p>Tried again as it is it would fail again: first change what was asked for.</p>");
        }

        var when = group.Cause?.IsOfSource == true ? "Once the source has it. " : string.Empty;
        return RetryCommand.Of(group.Rows) is not { } command
            ? Html.Of($"<p>Run the whole command again: these rows alone are no input.</p>")
            : Html.Of($"""
                <details><summary>The command that tries {(group.Rows.Count == 1 ? "it" : "them")} again</summary>
                <p>{when}For PowerShell, with logins and parameters as the run had them:</p>
                {Command(command, Title(group))}</details>
                """);
    }

    internal static Html Command(string command, string what) => Html.Of($"""
        <div class="command"><pre tabindex="0" role="region" aria-label="Command for {what}"><code>{Html.Lines(command)}</code></pre><button type="button" class="copy" hidden>Copy the command</button></div>

        """);
}
