namespace OciSync.Fuzz;

/// <summary>A part of a document between two marks; the rest of it is somebody else's and stays.</summary>
internal static class Section
{
    internal static void Write(string path, string name, string text)
    {
        var (begin, end) = ($"<!-- {name}:begin -->", $"<!-- {name}:end -->");
        var document = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "# Reliability\n";
        var from = document.IndexOf(begin, StringComparison.Ordinal);
        var to = from < 0 ? -1 : document.IndexOf(end, from, StringComparison.Ordinal);
        var section = $"{begin}\n{text.ReplaceLineEndings("\n").TrimEnd()}\n{end}";
        File.WriteAllText(
            path, to < 0 ? document.TrimEnd() + "\n\n" + section + "\n" : document[..from] + section + document[(to + end.Length)..]);
    }
}
