using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Documents;

/// <summary>A text that was read or put together, and which stretches of it stand in the file as they are.</summary>
internal sealed class WrittenText
{
    internal WrittenText(string value, IReadOnlyList<TextSpan> spans, SourceStyle style)
    {
        Value = value;
        Spans = spans;
        Style = style;
    }

    internal string Value { get; }

    /// <summary>Stretches of <see cref="Value"/>, with their offsets in the file; in the order of the value.</summary>
    internal IReadOnlyList<TextSpan> Spans { get; }

    internal SourceStyle Style { get; }

    /// <summary>
    /// Where in the file the whole of it stands in other letters, between quotes: with escapes (<c>"a\u002fb:1"</c>, <c>"a\/b:1"</c>) or over several
    /// lines. Null where it stands there as it is, or nowhere.
    /// </summary>
    internal TextSpan? Escaped { get; private init; }

    /// <summary>The stretch of the file that stands for the whole text, as it is or escaped; null where there is none.</summary>
    internal TextSpan? Whole => PlaceOf(0, Value.Length) is { } place ? new TextSpan(0, place, Value.Length) : Escaped;

    /// <summary>A scalar of a document.</summary>
    internal static WrittenText Of(SourceNode scalar)
    {
        if (scalar.Source.FirstLine == 0)
        {
            return new WrittenText(scalar.Text, [], scalar.Style);
        }

        var spans = new List<TextSpan>();
        foreach (var span in SourceSpans.Of(scalar))
        {
            if (scalar.Source.InFile(span.Outer, span.Length) is { } place)
            {
                spans.Add(span with { Outer = place });
            }
        }

        return new WrittenText(scalar.Text, spans, scalar.Style) { Escaped = FindEscaped(scalar) };
    }

    private static TextSpan? FindEscaped(SourceNode scalar) =>
        scalar.Style is SourceStyle.DoubleQuoted or SourceStyle.Json && scalar.Length > scalar.Text.Length
            && scalar.Source.InFile(scalar.Start, scalar.Length) is { } place ? new TextSpan(0, place, scalar.Length) : null;

    /// <summary>A stretch of a text of lines.</summary>
    internal static WrittenText Of(SourceText source, int start, int length)
    {
        var value = source.Text.Substring(start, length);
        return new WrittenText(value, source.InFile(start, length) is { } place ? [new TextSpan(0, place, length)] : [], SourceStyle.Plain);
    }

    /// <summary>A piece of this text.</summary>
    internal WrittenText Slice(int start, int length)
    {
        if (start == 0 && length == Value.Length)
        {
            return this;
        }

        var spans = new List<TextSpan>();
        foreach (var span in Spans)
        {
            var from = Math.Max(start, span.Start);
            var to = Math.Min(start + length, span.Start + span.Length);
            if (to > from)
            {
                spans.Add(new TextSpan(from - start, span.Outer + from - span.Start, to - from));
            }
        }

        return new WrittenText(Value.Substring(start, length), spans, Style);
    }

    internal WrittenText Slice(int start) => Slice(start, Value.Length - start);

    /// <summary>A block scalar keeps a line break at its end that isn't meant; what stands in quotes is as it is.</summary>
    internal WrittenText TrimBreaks() => Style == SourceStyle.Block ? Slice(0, Value.TrimEnd('\n').Length) : this;

    /// <summary>The same without blanks and line breaks at its end.</summary>
    internal WrittenText TrimEnd() => Slice(0, Value.TrimEnd().Length);

    /// <summary>The same without blanks at both ends.</summary>
    internal WrittenText Trim()
    {
        var start = Value.Length - Value.TrimStart().Length;
        return Slice(start, Value.Trim().Length);
    }

    /// <summary>Where in the file a piece of it stands, in one stretch; null where it doesn't.</summary>
    internal int? PlaceOf(int start, int length)
    {
        foreach (var span in Spans)
        {
            if (start >= span.Start && start + length <= span.Start + span.Length)
            {
                return span.Outer + start - span.Start;
            }
        }

        return null;
    }
}
