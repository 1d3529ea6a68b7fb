using System.Management.Automation;
using System.Text;

namespace OciSync.EngineHost.StandIns.Utility;

/// <summary>Lines of comma separated values, every field quoted, as PowerShell writes them by default.</summary>
internal static class CsvText
{
    public static IEnumerable<string> Lines(IReadOnlyList<PSObject> rows, char delimiter)
    {
        if (rows.Count == 0)
        {
            yield break;
        }

        // The first object decides the columns.
        var columns = rows[0].BaseObject is System.Collections.IDictionary table
            ? [.. table.Keys.Cast<object>().Select(static k => k.ToString()!)]
            : rows[0].Properties.Select(static p => p.Name).ToList();
        yield return Line(columns, delimiter);
        foreach (var row in rows)
        {
            yield return Line(columns.Select(c => Value(row, c)), delimiter);
        }
    }

    /// <summary>Reads rows back as objects of strings; quoted fields may contain delimiters, quotes and line breaks.</summary>
    public static IEnumerable<PSObject> Parse(string text, char delimiter)
    {
        IReadOnlyList<string?>? header = null;
        foreach (var record in Records(text, delimiter))
        {
            if (header is null)
            {
                header = record;
                continue;
            }

            var row = new PSObject();
            for (var i = 0; i < header.Count; i++)
            {
                row.Properties.Add(new PSNoteProperty(header[i] ?? $"H{i + 1}", i < record.Count ? record[i] : null));
            }

            yield return row;
        }
    }

    private static string? Value(PSObject row, string column)
    {
        var value = row.BaseObject is System.Collections.IDictionary table ? table[column] : row.Properties[column]?.Value;
        return value is null ? null : LanguagePrimitives.ConvertTo<string>(value);
    }

    private static string Line(IEnumerable<string?> fields, char delimiter) =>
        string.Join(delimiter, fields.Select(static f => f is null ? null : '"' + f.Replace("\"", "\"\"", StringComparison.Ordinal) + '"'));

    private static IEnumerable<IReadOnlyList<string?>> Records(string text, char delimiter)
    {
        var record = new List<string?>();
        var field = new StringBuilder();
        var inQuotes = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '"' && inQuotes && i + 1 < text.Length && text[i + 1] == '"')
            {
                field.Append(text[++i]);
            }
            else if (c == '"')
            {
                inQuotes = !inQuotes;
            }
            else if (!inQuotes && (c == delimiter || c == '\n'))
            {
                record.Add(field.ToString());
                field.Clear();
                if (c == '\n')
                {
                    yield return record;
                    record = [];
                }
            }
            else if (inQuotes || c != '\r')
            {
                field.Append(c);
            }
        }

        if (field.Length > 0 || record.Count > 0)
        {
            record.Add(field.ToString());
            yield return record;
        }
    }
}
