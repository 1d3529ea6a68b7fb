using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OciSync.Core.Yaml;

/// <summary>
/// Text to <see cref="YamlNode"/>, without any type guessed. Bounded against bombs: the size of the text, the depth, and the number of
/// values after aliases are followed. For our own files; foreign ones are read by <see cref="SourceYaml"/>. Nothing else sees the YAML library.
/// </summary>
internal sealed class YamlReader
{
    internal const int LongestText = 4 * 1024 * 1024;
    private const int DeepestNode = 64;
    private const int MostNodes = 200_000;

    private const string Merge = "<<";

    private readonly string _path;
    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, (YamlNode Node, int Weight)> _anchors = [];

    // Values so far, with what aliases stand for; keys are none.
    private int _count;

    private YamlReader(string path, string text)
    {
        _path = path;
        _scanner = new Scanner(new StringReader(text));
        _parser = new Parser(_scanner);
    }

    /// <summary>The first document of a text; null when it is empty.</summary>
    /// <exception cref="SyncFileException">It is no YAML, or too much of it.</exception>
    internal static YamlNode? Read(string path, string text)
    {
        if (text.Length > LongestText)
        {
            throw new SyncFileException(new SyncFileMistake(path, 1, 1, $"The file is longer than {LongestText / 1024 / 1024} MiB."));
        }

        var reader = new YamlReader(path, text);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException e)
        {
            var (line, column) = e.Start.Line > 0 ? ((int)e.Start.Line, (int)e.Start.Column) : reader.Place;
            throw new SyncFileException(
                FindTab(text) is { } tab && tab.Line >= line
                    ? new SyncFileMistake(path, tab.Line, tab.Column, "The line is indented with a tab; YAML takes spaces only.")
                    : new SyncFileMistake(path, line, column, "This is no YAML: " + e.Message));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // What the library gives up on, without a place and without a word of what it was.
            var (line, column) = reader.Place;
            throw new SyncFileException(new SyncFileMistake(
                path, line, column, "This is no YAML: what stands here can't be read on. (The lines of a list or mapping in brackets are indented.)"));
        }
    }

    // How far the text was read.
    private (int Line, int Column) Place => (Math.Max(1, (int)_scanner.CurrentPosition.Line), Math.Max(1, (int)_scanner.CurrentPosition.Column));

    private YamlNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            return null;
        }

        var node = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        return _parser.TryConsume<DocumentStart>(out var second)
            ? throw Fault(second.Start, "A second document begins here; the file has one.")
            : node;
    }

    private YamlNode ReadNode(int depth)
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Follow(alias);
        }

        var start = _parser.Current!.Start;
        if (depth > DeepestNode)
        {
            throw Fault(start, $"Values are nested more than {DeepestNode} deep.");
        }

        var before = _count;
        Count(1, start);
        var anchor = (_parser.Current as NodeEvent)?.Anchor ?? AnchorName.Empty;
        var node = _parser.Current switch
        {
            SequenceStart => ReadSequence(depth),
            MappingStart => ReadMapping(depth),
            _ => ReadScalar(),
        };
        if (!anchor.IsEmpty)
        {
            _anchors[anchor] = (node, _count - before);
        }

        return node;
    }

    private YamlNode Follow(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value, out var known))
        {
            throw Fault(alias.Start, "An alias (*) refers to nothing above it; a text that begins with * needs quotes.");
        }

        Count(known.Weight, alias.Start);
        return known.Node;
    }

    // What is too much ends at the value that is one too many: nothing behind it is read.
    private void Count(int values, Mark place)
    {
        _count += values;
        if (_count > MostNodes)
        {
            throw Fault(place, $"There are more than {MostNodes} values up to here, those that aliases stand for included.");
        }
    }

    private YamlNode ReadScalar()
    {
        var scalar = _parser.Consume<Scalar>();
        return new YamlNode(YamlKind.Scalar, (int)scalar.Start.Line, (int)scalar.Start.Column)
        {
            Text = scalar.Value,
            IsPlain = scalar.Style == ScalarStyle.Plain,
        };
    }

    private YamlNode ReadSequence(int depth)
    {
        var start = _parser.Consume<SequenceStart>().Start;
        var node = new YamlNode(YamlKind.Sequence, (int)start.Line, (int)start.Column);
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            node.Items.Add(ReadNode(depth + 1));
        }

        return node;
    }

    private YamlNode ReadMapping(int depth)
    {
        var start = _parser.Consume<MappingStart>().Start;
        var node = new YamlNode(YamlKind.Mapping, (int)start.Line, (int)start.Column);
        var keys = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        YamlNode? merged = null;
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var (place, before) = (_parser.Current!.Start, _count);
            var key = ReadNode(depth + 1);
            _count = before;
            if (key.Kind != YamlKind.Scalar)
            {
                throw Fault(place, "A key must be a text.");
            }

            if (keys.TryGetValue(key.Text, out var first))
            {
                throw Fault(place, $"The key '{key.Text}' is here a second time; the first is in line {first.Line}.");
            }

            keys.Add(key.Text, key);
            var value = ReadNode(depth + 1);
            if (key is { IsPlain: true, Text: Merge })
            {
                merged = CheckMerged(value);
                continue;
            }

            node.Pairs.Add((key, value));
        }

        MergeInto(node, keys, merged);
        return node;
    }

    private YamlNode CheckMerged(YamlNode value) =>
        value.Kind == YamlKind.Mapping || (value.Kind == YamlKind.Sequence && value.Items.TrueForAll(i => i.Kind == YamlKind.Mapping))
            ? value
            : throw new SyncFileException(new SyncFileMistake(
                _path, value.Line, value.Column, "'<<' merges keys and values, or a list of such; as a text of its own it needs quotes."));

    // yaml.org/type/merge: the mapping's own keys go first, and of several mappings the earlier ones.
    private static void MergeInto(YamlNode node, Dictionary<string, YamlNode> keys, YamlNode? merged)
    {
        foreach (var source in merged is null ? [] : merged.Kind == YamlKind.Mapping ? [merged] : merged.Items)
        {
            foreach (var pair in source.Pairs.Where(p => !keys.ContainsKey(p.Key.Text)))
            {
                keys.Add(pair.Key.Text, pair.Key);
                node.Pairs.Add(pair);
            }
        }
    }

    private SyncFileException Fault(Mark place, string message) =>
        new(new SyncFileMistake(_path, (int)place.Line, (int)place.Column, message));

    // The parser doesn't say where a tab is; it stops somewhere before it.
    private static (int Line, int Column)? FindTab(string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var indent = lines[i].TakeWhile(char.IsWhiteSpace).ToList();
            if (indent.IndexOf('\t') is >= 0 and var at && indent.Count < lines[i].TrimEnd('\r').Length)
            {
                return (i + 1, at + 1);
            }
        }

        return null;
    }
}
