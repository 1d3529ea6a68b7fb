using System.Globalization;
using System.Text.Json;
using OciSync.Core.Errors;

namespace OciSync.Core.Rows;

/// <summary>Rows of earlier runs, one JSON object a line as -ReportPath writes them. The last line of a run that was killed may be cut.</summary>
/// <param name="name">What they are called in errors: a file's name.</param>
public sealed class ResultLines(string name)
{
    private const int LongestLine = 1 << 20;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    private readonly List<OciSyncResult> _rows = [];
    private OciException? _fault;
    private int _line;

    /// <summary>The rows that were read.</summary>
    public IReadOnlyList<OciSyncResult> Rows => _rows;

    /// <summary>What is wrong with the last line, which was left out; null when nothing is.</summary>
    public string? CutLine => _fault?.Message;

    /// <summary>Reads a file of such lines; one whose lines are the items of one list (ConvertTo-Json) is read too.</summary>
    /// <exception cref="OciException">A line that is not the last is no row; the message names file and line.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static ResultLines Load(string path)
    {
        var lines = new ResultLines(path);
        using var reader = new StreamReader(path);
        if (reader.Peek() == '[')
        {
            lines.AddList(reader.ReadToEnd());
            return lines;
        }

        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    /// <summary>Takes a line; an empty one is none.</summary>
    /// <exception cref="OciException">The line before it is no row.</exception>
    public void Add(string line)
    {
        _line++;
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        if (_fault is not null)
        {
            throw _fault;
        }

        try
        {
            _rows.Add(Read(line));
        }
        catch (OciException e)
        {
            _fault = new OciException(OciErrorKind.ReportInvalid, $"'{name}', line {_line.ToString(CultureInfo.InvariantCulture)}: {e.Message}", e);
        }
    }

    private static OciSyncResult Read(string line)
    {
        if (line.Length > LongestLine)
        {
            throw new OciException(OciErrorKind.ReportInvalid, "It is longer than any row.");
        }

        try
        {
            using var document = JsonDocument.Parse(line, Options);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new OciException(OciErrorKind.ReportInvalid, "It is not JSON, or cut off.", e);
        }
    }

    private void AddList(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            _rows.AddRange(document.RootElement.EnumerateArray().Select(Read));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or OciException)
        {
            throw new OciException(OciErrorKind.ReportInvalid, $"'{name}' is no list of rows: {e.Message}", e);
        }
    }

    private static OciSyncResult Read(JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Object)
        {
            throw new OciException(OciErrorKind.ReportInvalid, "It is JSON and no row of a run.");
        }

        return ResultFields.Read(field => row.TryGetProperty(field, out var value) ? ValueOf(value) : null);
    }

    private static object? ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Array => value.EnumerateArray().Select(v => (object?)v.ToString()).ToList(),

        // A span or a list as ConvertTo-Json has it.
        JsonValueKind.Object => value.TryGetProperty("Ticks", out var ticks) && ticks.TryGetInt64(out var number) ? TimeSpan.FromTicks(number)
            : value.TryGetProperty("value", out var inner) && inner.ValueKind == JsonValueKind.Array ? ValueOf(inner) : null,
        _ => value.ToString(),
    };
}
