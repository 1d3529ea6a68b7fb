using System.Text;

namespace OciSync.Core.Tests.Reliability;

/// <summary>The table of outcomes in docs/reliability.md.</summary>
internal static class FaultTable
{
    private const string Begin = "<!-- faults -->";
    private const string End = "<!-- end of faults -->";

    private static readonly (RequestKind Kind, string Name)[] Columns =
    [
        (RequestKind.SourcePing, "`/v2/`"), (RequestKind.Token, "token"), (RequestKind.TagList, "tag list"), (RequestKind.HeadManifest, "HEAD manifest"),
        (RequestKind.GetManifest, "GET manifest"), (RequestKind.GetBlob, "GET blob"), (RequestKind.DestinationPing, "`/v2/`, destination"),
        (RequestKind.HeadTag, "HEAD tag"), (RequestKind.HeadBlob, "HEAD blob"), (RequestKind.Mount, "mount"), (RequestKind.PostUpload, "POST upload"),
        (RequestKind.Patch, "PATCH"), (RequestKind.PutUpload, "PUT upload"), (RequestKind.PutManifest, "PUT manifest"),
    ];

    /// <summary>The page with another table.</summary>
    internal static string Replace(string page, IReadOnlyList<FaultOutcome> outcomes)
    {
        var begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = page.IndexOf(End, StringComparison.Ordinal);
        return page[..begin] + "\n" + Create(outcomes) + page[end..];
    }

    private static string Create(IReadOnlyList<FaultOutcome> outcomes)
    {
        var text = new StringBuilder();
        var bad = outcomes.Count(o => o.Wrong is not null);
        text.Append(
            $"{outcomes.Count} cases, {outcomes.Count - bad} as they have to be, {bad} not; the longest took {outcomes.Max(o => o.Seconds):0.0} s.\n\n");
        text.Append("| fault | | ").AppendJoin(" | ", Columns.Select(c => c.Name)).Append(" |\n");
        text.Append("| --- | --- |").Insert(text.Length, " --- |", Columns.Length).Append('\n');
        foreach (var row in outcomes.GroupBy(o => (o.Case.Fault, o.Case.Times)))
        {
            var cells = Columns
                .Select(c => row.FirstOrDefault(o => o.Case.Kind == c.Kind))
                .Select(o => o is null ? "" : o.Wrong is null ? o.Text : $"**wrong** {o.Text}");
            text.Append($"| {row.Key.Fault} | {(row.Key.Times == 1 ? "once" : "always")} | ").AppendJoin(" | ", cells).Append(" |\n");
        }

        return text.ToString();
    }
}
