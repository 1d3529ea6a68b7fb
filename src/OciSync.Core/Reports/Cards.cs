namespace OciSync.Core.Reports;

/// <summary>
/// Tables whose rows are cards on a narrow screen. What a style makes of a table takes its meaning away for screen readers, so each part says
/// what it is. A label that ends in a bar is of numbers.
/// </summary>
internal static class Cards
{
    internal static Html Head(params string[] labels)
    {
        var cells = labels.Select(l => Html.Of($"<th scope=\"col\" role=\"columnheader\" class=\"{Class(l)}\">{l.TrimEnd('|')}</th>"));
        return Html.Of($"<thead role=\"rowgroup\"><tr role=\"row\">{Html.Join(cells)}</tr></thead>");
    }

    /// <summary>A row that is called by its first cell.</summary>
    internal static Html Row(string name, params (string Label, object Content)[] cells)
    {
        var rest = cells.Select(c => Html.Of($"<td role=\"cell\" class=\"{Class(c.Label)}\" data-label=\"{c.Label.TrimEnd('|')}\">{c.Content}</td>"));
        return Html.Of($"<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">{name}</th>{Html.Join(rest)}</tr>\n");
    }

    private static string Class(string label) => label.EndsWith("|", StringComparison.Ordinal) ? "number" : "text";
}
