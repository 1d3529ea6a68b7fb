namespace OciSync.Core.Connections;

/// <summary>
/// Files of short names, as distributions ship them, have nothing that leads a registry elsewhere. They are known without the parser of TOML, whose
/// loading takes a new process longer than a small command.
/// </summary>
internal static class ShortNameText
{
    /// <summary>
    /// The text is blank, comments and a table <c>aliases</c> of plain strings, and that for certain: whatever else it has, or has twice, is left to
    /// the parser.
    /// </summary>
    internal static bool IsAll(string text)
    {
        var isTable = false;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var whole in text.Split('\n'))
        {
            var line = whole.Trim(' ', '\t', '\r');
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line == "[aliases]" && !isTable)
            {
                isTable = true;
            }
            else if (!isTable || ReadName(line) is not { } name || !names.Add(name))
            {
                return false;
            }
        }

        return true;
    }

    // "name" = "value": the name; null for anything else, be it right or wrong.
    private static string? ReadName(string line)
    {
        var parts = line.Split('"');
        return parts.Length == 5 && parts[0].Length == 0 && parts[2].Trim(' ', '\t') == "=" && parts[4].Length == 0 && line.IndexOf('\\') < 0
            ? parts[1]
            : null;
    }
}
