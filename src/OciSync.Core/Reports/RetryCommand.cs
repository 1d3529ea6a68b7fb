using System.Text;
using OciSync.Core.Rows;

namespace OciSync.Core.Reports;

/// <summary>Commands of PowerShell that try rows again. What a row has of a name stays text, whatever is in it.</summary>
internal static class RetryCommand
{
    // PowerShell takes each of these for the end of a text in single quotes.
    private static readonly char[] Quotes = ['\'', '\u2018', '\u2019', '\u201A', '\u201B'];

    /// <summary>The rows themselves as input; null where none of them can be tried again in this way.</summary>
    internal static string? Of(IReadOnlyList<OciSyncResult> rows)
    {
        var lines = rows.Where(r => Remedies.CanTryAgain(r.ErrorId) && r.Source.Length > 0).Select(Row).OfType<string>().ToList();
        return lines.Count == 0 ? null
            : lines.Count == 1 ? lines[0] + " |\n    Sync-OciImage"
            : "@(\n    " + string.Join("\n    ", lines) + "\n) | Sync-OciImage";
    }

    /// <summary>All that failed or was not begun, from the file that has the rows.</summary>
    internal static string OfFile(string path) =>
        $"Get-Content -LiteralPath {Quote(path)} | ConvertFrom-Json |\n    Where-Object Status -in 'Failed', 'Cancelled' | Sync-OciImage";

    internal static string Quote(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (var c in text)
        {
            quoted.Append(Array.IndexOf(Quotes, c) >= 0 ? new string(c, 2) : c.ToString());
        }

        return quoted.Append('\'').ToString();
    }

    // With its status it is a row: what it pins stays pinned, and a place in the stead of a name is taken for one.
    private static string? Row(OciSyncResult row)
    {
        var fields = new[]
        {
            ("Source", row.Source), ("Destination", row.Destination), ("Status", row.Status), ("SourceDigest", row.SourceDigest), ("Selection", row.Selection),
        };
        var given = fields.Where(f => !string.IsNullOrEmpty(f.Item2)).ToList();
        return given.Any(f => f.Item2!.Any(c => char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is
                System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator
                or System.Globalization.UnicodeCategory.ParagraphSeparator))
            ? null
            : "[pscustomobject]@{ " + string.Join("; ", given.Select(f => $"{f.Item1} = {Quote(f.Item2!)}")) + " }";
    }
}
