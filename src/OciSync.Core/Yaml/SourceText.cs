namespace OciSync.Core.Yaml;

/// <summary>
/// A text with its lines: a whole file, or what stands in a value of one (a manifest in a ConfigMap). Offsets are UTF-16 units, a byte order
/// mark not counted.
/// </summary>
internal sealed class SourceText
{
    private readonly SourceText? _outer;
    private readonly int _outerStart;
    private readonly IReadOnlyList<TextSpan> _spans;
    private int[]? _lineStarts;

    /// <summary>A file's text.</summary>
    /// <param name="text">Without a byte order mark.</param>
    /// <param name="path">The file's full name, or null for what has none.</param>
    internal SourceText(string text, string? path)
    {
        Text = text;
        Path = path;
        _spans = [];
    }

    private SourceText(SourceNode value, IReadOnlyList<TextSpan> spans)
    {
        Text = value.Text;
        _outer = value.Source;
        _outerStart = value.Start;
        _spans = spans;
        Path = _outer.Path;
        Entry = _outer.Entry;
    }

    internal string Text { get; }

    /// <summary>The file, or null.</summary>
    internal string? Path { get; }

    /// <summary>The path in the archive <see cref="Path"/>, or null.</summary>
    internal string? Entry { get; init; }

    /// <summary>The line of the file where <see cref="Text"/> begins, from 1; texts that come in parts begin later.</summary>
    internal int FirstLine { get; init; } = 1;

    /// <summary>For values that come from no text: they have no places.</summary>
    internal static SourceText None { get; } = new(string.Empty, null) { FirstLine = 0 };

    /// <summary>The text of a value, as a text of its own whose places are those in the file.</summary>
    internal static SourceText In(SourceNode value) => new(value, SourceSpans.Of(value));

    /// <summary>Where in the file <see cref="Text"/> begins; only of files that are read in stretches not 0.</summary>
    internal int FirstOffset { get; init; }

    /// <summary>The text of the file that this one is a part of, or this one.</summary>
    internal SourceText File => _outer?.File ?? this;

    /// <summary>Line and column of an offset in the file, both from 1; 0 for what comes from no text.</summary>
    internal (int Line, int Column) PlaceOf(int offset)
    {
        if (FirstLine == 0)
        {
            return (0, 0);
        }

        if (_outer is not null)
        {
            return _outer.PlaceOf(ToOuter(offset, 0) ?? _outerStart);
        }

        _lineStarts ??= FindLines(Text);
        var found = Array.BinarySearch(_lineStarts, offset);
        var line = found >= 0 ? found : ~found - 1;
        return (line + FirstLine, offset - _lineStarts[line] + 1);
    }

    /// <summary>How many line ends there are.</summary>
    internal int LineCount => (_lineStarts ??= FindLines(Text)).Length - 1;

    /// <summary>Where a stretch of this text stands in the file; null where the file has it in other letters, or not in one piece.</summary>
    internal int? InFile(int offset, int length) =>
        _outer is null ? FirstOffset + offset : ToOuter(offset, length) is { } outer ? _outer.InFile(outer, length) : null;

    private int? ToOuter(int offset, int length)
    {
        foreach (var span in _spans)
        {
            if (offset >= span.Start && offset + length <= span.Start + span.Length)
            {
                return span.Outer + offset - span.Start;
            }
        }

        return null;
    }

    // A line ends with LF, CR LF, or a lone CR (YAML 1.2, 5.4).
    private static int[] FindLines(string text)
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                starts.Add(i + 1);
            }
        }

        return starts.ToArray();
    }
}
