using OciSync.Core.Yaml;

namespace OciSync.Core.MirrorFiles;

/// <summary>Puts entries into a registries.yaml that says other things too: as lines before those that are there, which stay as they are.</summary>
internal static class K3sMerge
{
    /// <summary>The file with the entries; the same text where it has them; null where that isn't safe.</summary>
    internal static string? Merge(
        string there, string path, IReadOnlyList<(string Key, string Text)> mirrors, IReadOnlyList<(string Key, string Text)> configs)
    {
        try
        {
            var end = there.Contains("\r\n") ? "\r\n" : "\n";
            var withMirrors = Insert(there, path, "mirrors", mirrors, end);
            var merged = withMirrors is null ? null : Insert(withMirrors, path, "configs", configs, end);
            return merged is not null && YamlReader.Read(path, merged) is { Kind: YamlKind.Mapping } ? merged : null;
        }
        catch (SyncFileException)
        {
            // It is no YAML, and nothing is put into it.
            return null;
        }
    }

    /// <summary>Lines further to the right.</summary>
    internal static string Indent(string text, int columns) =>
        string.Concat(text.TrimEnd('\n').Split('\n').Select(line => new string(' ', columns) + line + "\n"));

    private static string? Insert(string text, string path, string key, IReadOnlyList<(string Key, string Text)> entries, string end)
    {
        if (entries.Count == 0)
        {
            return text;
        }

        var root = YamlReader.Read(path, text);
        if (root is not null && root.Kind != YamlKind.Mapping && !root.IsNull)
        {
            return null;
        }

        var (name, map) = root?.Pairs.Find(p => p.Key.Text == key) ?? default;
        if (name is null)
        {
            var block = key + ":\n" + string.Concat(entries.Select(e => Indent(e.Text, 2)));
            var before = text.Length == 0 || text.EndsWith("\n", StringComparison.Ordinal) ? text : text + end;
            return before + block.Replace("\n", end);
        }

        // In brackets, empty, or an alias of something above: there is no line to stand before.
        if (map.Kind != YamlKind.Mapping || map.Pairs.Count == 0 || map.Pairs[0].Key.Line <= name.Line)
        {
            return null;
        }

        var wanted = entries.Where(e => !map.Pairs.Exists(p => p.Key.Text == e.Key)).ToList();
        if (entries.Except(wanted).Any(e => !IsSame(map.Pairs.Find(p => p.Key.Text == e.Key).Value, e.Text, path)))
        {
            return null;
        }

        var first = map.Pairs[0].Key;
        var lines = string.Concat(wanted.Select(e => Indent(e.Text, first.Column - 1))).Replace("\n", end);
        return text.Insert(OffsetOf(text, first.Line), lines);
    }

    private static bool IsSame(YamlNode there, string entry, string path) =>
        Describe(there) == Describe(YamlReader.Read(path, entry)!.Pairs[0].Value);

    private static string Describe(YamlNode node) => node.Kind switch
    {
        YamlKind.Mapping => "{" + string.Join(",", node.Pairs.Select(p => p.Key.Text + "=" + Describe(p.Value)).OrderBy(t => t, StringComparer.Ordinal)) + "}",
        YamlKind.Sequence => "[" + string.Join(",", node.Items.Select(Describe)) + "]",
        _ => node.Text,
    };

    private static int OffsetOf(string text, int line)
    {
        var offset = 0;
        for (var i = 1; i < line; i++)
        {
            offset = text.IndexOf('\n', offset) + 1;
        }

        return offset;
    }
}
