namespace OciSync.Core.Yaml;

/// <summary>Which stretches of a scalar's text stand in the file as they are.</summary>
internal static class SourceSpans
{
    /// <summary>The stretches, in order; none where escapes or folded lines make the text another one.</summary>
    internal static IReadOnlyList<TextSpan> Of(SourceNode scalar)
    {
        if (scalar.Style == SourceStyle.Block)
        {
            return OfBlock(scalar);
        }

        var isSame = scalar.Length == scalar.Text.Length
            && string.CompareOrdinal(scalar.Source.Text, scalar.Start, scalar.Text, 0, scalar.Length) == 0;
        return isSame ? [new TextSpan(0, scalar.Start, scalar.Length)] : [];
    }

    // Line by line: each stands there as it is, behind its indentation (YAML 1.2, 8.1). Lines that were folded together are found too, as
    // the text goes on with the next one behind a blank.
    private static List<TextSpan> OfBlock(SourceNode scalar)
    {
        var spans = new List<TextSpan>();
        var (source, end) = (scalar.Source.Text, Math.Min(scalar.Source.Text.Length, scalar.Start + scalar.Length));
        var line = NextLine(source, scalar.Start, end);
        int? indent = null;
        for (var at = 0; line < end && at < scalar.Text.Length;)
        {
            var next = NextLine(source, line, end);
            var content = line + Math.Min(indent ?? int.MaxValue, CountBlanks(source, line, end));
            var length = LineEnd(source, content, next) - content;
            if (length > 0)
            {
                indent ??= content - line;
                while (at < scalar.Text.Length && scalar.Text[at] is '\n' or ' ' && source[content] != scalar.Text[at])
                {
                    at++;
                }

                if (string.CompareOrdinal(source, content, scalar.Text, at, length) != 0)
                {
                    return spans;
                }

                spans.Add(new TextSpan(at, content, length));
                at += length;
            }

            line = next;
        }

        return spans;
    }

    private static int CountBlanks(string text, int start, int end)
    {
        var i = start;
        while (i < end && text[i] == ' ')
        {
            i++;
        }

        return i - start;
    }

    private static int NextLine(string text, int start, int end)
    {
        var feed = text.IndexOf('\n', start, end - start);
        return feed < 0 ? end : feed + 1;
    }

    private static int LineEnd(string text, int start, int next)
    {
        while (next > start && text[next - 1] is '\n' or '\r')
        {
            next--;
        }

        return next;
    }
}
