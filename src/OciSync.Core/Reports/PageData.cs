using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using OciSync.Core.Rows;
using OciSync.Core.Text;

namespace OciSync.Core.Reports;

/// <summary>
/// The rows as the page's script reads them: JSON in a script element, each text once, a row as a list of numbers. The JSON has no character
/// that means something to HTML or ends a line of a script; it is data, and no browser runs it. After the run's own rows come those of the earlier
/// run that are gone.
/// </summary>
internal static class PageData
{
    // Shown as columns, or made of several fields; all other properties that any row has a value for are shown with the row.
    private static readonly string[] Own = [nameof(OciSyncResult.Platforms), nameof(OciSyncResult.DigestChanged)];

    /// <summary>The data of a page.</summary>
    internal static string Write(RunSummary run, RunComparison? comparison)
    {
        var texts = new TextTable();
        var columns = Columns(run, comparison);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("columns");
            foreach (var column in columns)
            {
                json.WriteStartArray();
                json.WriteStringValue(column.Name);
                json.WriteStringValue(column.Kind);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteStartArray("rows");
            foreach (var row in run.Rows.Concat(comparison?.Gone ?? []))
            {
                json.WriteStartArray();
                columns.ForEach(c => json.WriteNumberValue(c.Value(row, texts)));
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteNumber("own", run.Rows.Count);
            json.WriteStartArray("texts");
            texts.All.ForEach(t => json.WriteStringValue(t));
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static List<Column> Columns(RunSummary run, RunComparison? comparison)
    {
        var columns = new List<Column>();
        foreach (var property in ResultFields.All.Where(p => !Own.Contains(p.Name)))
        {
            var (kind, value) = Read(property);
            if (property.Name is nameof(OciSyncResult.Status) or nameof(OciSyncResult.Source) or nameof(OciSyncResult.Destination)
                or nameof(OciSyncResult.Digest) or nameof(OciSyncResult.BytesCopied) or nameof(OciSyncResult.Duration)
                || run.Rows.Any(r => !IsEmpty(property.GetValue(r))))
            {
                columns.Add(new Column(property.Name, kind, value));
            }
        }

        if (run.Rows.Any(r => r.Platforms.Count > 0))
        {
            columns.Add(new Column("Platforms", "text", (row, texts) => texts.Add(string.Join(", ", row.Platforms))));
        }

        if (comparison is not null)
        {
            var gone = new HashSet<OciSyncResult>(comparison.Gone);
            columns.Add(new Column("Change", "text", (row, texts) => texts.Add(gone.Contains(row) ? RowChange.Gone : comparison.ChangeOf(row))));
            columns.Add(new Column("DigestBefore", "text", (row, texts) => texts.Add(comparison.DigestBefore(row))));
            columns.Add(new Column("StatusBefore", "text", (row, texts) => texts.Add(comparison.StatusBefore(row))));
        }

        return columns;
    }

    private static bool IsEmpty(object? value) =>
        value is null or 0 or 0L or false or "" or System.Collections.ICollection { Count: 0 } || Equals(value, default(DateTimeOffset))
        || Equals(value, TimeSpan.Zero);

    private static (string Kind, Func<OciSyncResult, TextTable, long> Value) Read(PropertyInfo property) => property.PropertyType switch
    {
        var type when type == typeof(DateTimeOffset) => ("time", (row, _) =>
            (DateTimeOffset)property.GetValue(row)! is var time && time > default(DateTimeOffset) ? time.ToUnixTimeMilliseconds() : -1),
        var type when type == typeof(TimeSpan) => ("span", (row, _) => ((TimeSpan)property.GetValue(row)!).Ticks / 10),
        var type when type == typeof(long) || type == typeof(int) =>
            (property.Name.StartsWith("Bytes", StringComparison.Ordinal) ? "bytes" : "number",
            (row, _) => Convert.ToInt64(property.GetValue(row), CultureInfo.InvariantCulture)),
        _ => ("text", (row, texts) => texts.Add(Convert.ToString(property.GetValue(row), CultureInfo.InvariantCulture))),
    };

    private sealed record Column(string Name, string Kind, Func<OciSyncResult, TextTable, long> Value);

    private sealed class TextTable
    {
        private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

        internal List<string> All { get; } = [];

        // As a terminal would show it: control characters and those that turn the direction of writing as their code points.
        internal long Add(string? text)
        {
            if (string.IsNullOrEmpty(text))
            {
                return -1;
            }

            if (!_places.TryGetValue(text!, out var place))
            {
                _places.Add(text!, place = All.Count);
                All.Add(Printable.Line(text!));
            }

            return place;
        }
    }
}
