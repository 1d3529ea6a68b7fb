using System.Globalization;
using System.Reflection;

namespace OciSync.Core.Rows;

/// <summary>
/// Rows as CSV (RFC 4180) with the names of their properties, as Export-Csv would write them, but for cells that a spreadsheet would run:
/// those begin with an apostrophe here, as names and errors come from registries.
/// </summary>
public static class ResultCsv
{
    // What Excel, LibreOffice and Google Sheets take for a formula; the last two are the full-width forms that Excel takes as well.
    private static readonly char[] Runs = ['=', '+', '-', '@', '\t', '\r', '\n', '\uFF1D', '\uFF20'];

    /// <summary>The first line.</summary>
    public static string Header { get; } = string.Join(",", ResultFields.All.Select(p => p.Name));

    /// <summary>One row as one record, without a line end.</summary>
    public static string ToLine(OciSyncResult row) => string.Join(",", ResultFields.All.Select(p => Cell(TextOf(p, row))));

    private static string TextOf(PropertyInfo property, OciSyncResult row) => property.GetValue(row) switch
    {
        null => string.Empty,
        DateTimeOffset time => time.ToString("o", CultureInfo.InvariantCulture),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
    };

    // Also after blanks, which some of them pass over.
    private static string Cell(string text)
    {
        var first = text.TrimStart(' ', '\u00A0');
        var safe = first.Length > 0 && Array.IndexOf(Runs, first[0]) >= 0 ? "'" + text : text;
        return safe.IndexOfAny([',', '"', '\r', '\n', ';']) >= 0 ? "\"" + safe.Replace("\"", "\"\"") + "\"" : safe;
    }
}
