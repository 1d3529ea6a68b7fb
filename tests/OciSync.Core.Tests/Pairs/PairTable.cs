using System.Text;

namespace OciSync.Core.Tests.Pairs;

/// <summary>The table of pairs in docs/transports.md.</summary>
internal static class PairTable
{
    internal const string Begin = "<!-- pairs:begin -->";
    internal const string End = "<!-- pairs:end -->";

    private static readonly Dictionary<string, string> KindNames = new()
    {
        ["single"] = "single image",
        ["index"] = "multi-platform index", ["docker"] = "Docker list", ["zstd"] = "zstd image", ["chart"] = "artifact (Helm chart)",
    };

    /// <summary>The page with another table.</summary>
    internal static string Replace(string page, IReadOnlyList<PairOutcome> outcomes)
    {
        var begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = page.IndexOf(End, StringComparison.Ordinal);
        return page[..begin] + "\n" + Create(outcomes) + page[end..];
    }

    private static string Create(IReadOnlyList<PairOutcome> outcomes)
    {
        var text = new StringBuilder();
        var bad = outcomes.Count(o => o.Wrong is not null);
        var skipped = outcomes.Count(o => o.Text.StartsWith(PairOutcome.Skipped, StringComparison.Ordinal));
        text.Append($"{outcomes.Count} cases: {outcomes.Count - bad - skipped} as they have to be, {bad} not, {skipped} skipped.\n\n");
        text.Append("| image | from | to ").AppendJoin(" | ", PairCase.Transports.Select(t => $"`{t}:`")).Append(" |\n");
        text.Append("| --- | --- |").Insert(text.Length, " --- |", PairCase.Transports.Length).Append('\n');
        foreach (var row in outcomes.GroupBy(o => (o.Case.Kind, o.Case.Source)))
        {
            var cells = PairCase.Transports.Select(t => row.Single(o => o.Case.Destination == t)).Select(o => o.Wrong is null ? o.Text : $"**wrong** {o.Text}");
            text.Append($"| {KindNames[row.Key.Kind]} | `{row.Key.Source}:` | ").AppendJoin(" | ", cells).Append(" |\n");
        }

        return text.ToString();
    }
}
