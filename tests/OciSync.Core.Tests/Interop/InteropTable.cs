using System.Text;

namespace OciSync.Core.Tests.Interop;

/// <summary>The tables in docs/signatures.md.</summary>
internal static class InteropTable
{
    internal const string Begin = "<!-- interop:begin -->";
    internal const string End = "<!-- interop:end -->";
    internal const string Good = "accepted";
    internal const string Skipped = "not here: ";

    /// <summary>The page with other tables.</summary>
    internal static string Replace(string page, IReadOnlyDictionary<InteropCase, string> outcomes, IReadOnlyDictionary<string, string> versions)
    {
        var begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        return page[..begin] + "\n" + Create(outcomes, versions) + page[page.IndexOf(End, StringComparison.Ordinal)..];
    }

    private static string Create(IReadOnlyDictionary<InteropCase, string> outcomes, IReadOnlyDictionary<string, string> versions)
    {
        var text = new StringBuilder();
        var skipped = outcomes.Values.Count(IsSkipped);
        var good = outcomes.Values.Count(o => o == Good);
        text.Append($"{outcomes.Count} cells: {good} accepted, {outcomes.Count - good - skipped} wrong, {skipped} not tried. ");
        text.Append("The tools were ").AppendJoin(", ", versions.Select(v => $"{v.Key} ({v.Value})")).Append(".\n\n");
        text.Append("| OciSync signs | ").AppendJoin(" | ", InteropCase.Judges).Append(" |\n| --- |").Insert(text.Length, " --- |", InteropCase.Judges.Length);
        foreach (var (what, judges) in InteropCase.Ours)
        {
            text.Append($"\n| {what} | ").AppendJoin(" | ", InteropCase.Judges.Select(
                j => judges.Contains(j) ? Cell(outcomes[new InteropCase(InteropCase.Us, what, j)]) : "-")).Append(" |");
        }

        text.Append("\n\n| signs | what | OciSync checks |\n| --- | --- | --- |\n");
        foreach (var (maker, what) in InteropCase.Theirs)
        {
            text.Append($"| {maker} | {what} | {Cell(outcomes[new InteropCase(maker, what, InteropCase.Us)])} |\n");
        }

        return text.ToString();
    }

    internal static bool IsWrong(string outcome) => outcome != Good && !IsSkipped(outcome);

    private static bool IsSkipped(string outcome) => outcome.StartsWith(Skipped, StringComparison.Ordinal);

    private static string Cell(string outcome) => IsWrong(outcome) ? "**wrong** " + outcome.Split('\n')[0] : outcome;
}
