namespace OciSync.Core.Finding.Documents;

/// <summary>
/// Cuts a text at the lines that begin a YAML document (<c>---</c>, YAML 1.2, 9.1.2), before anything is parsed: so a broken document doesn't
/// take the others with it. Such a line can't stand within a scalar.
/// </summary>
internal static class DocumentSplitter
{
    /// <summary>Start and length of each document, with its marker.</summary>
    internal static IEnumerable<(int Start, int Length)> Split(string text) => Split(text, 0, text.Length);

    /// <summary>The same for a stretch of the text.</summary>
    internal static IEnumerable<(int Start, int Length)> Split(string text, int from, int to)
    {
        var start = from;
        for (var line = from; line < to;)
        {
            if (line > start && IsMarker(text, line))
            {
                yield return (start, line - start);
                start = line;
            }

            var feed = text.IndexOf('\n', line, to - line);
            line = feed < 0 ? to : feed + 1;
        }

        if (start < to)
        {
            yield return (start, to - start);
        }
    }

    /// <summary>Whether a line that begins here begins a document.</summary>
    internal static bool IsMarker(string text, int line) =>
        line + 2 < text.Length && text[line] == '-' && text[line + 1] == '-' && text[line + 2] == '-'
        && (line + 3 == text.Length || text[line + 3] is ' ' or '\t' or '\r' or '\n');
}
