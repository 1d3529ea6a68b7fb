using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OciSync.Core.Yaml;

/// <summary>
/// Foreign YAML as <see cref="SourceNode"/>s with exact offsets: read by events, with limits to its depth and to what its aliases stand for.
/// More is taken than in our own files: of a key that stands twice the last counts, local tags are kept.
/// </summary>
internal sealed class SourceYaml
{
    private const string Merge = "<<";
    private const string StandardTag = "tag:yaml.org,2002:";

    private readonly SourceText _source;
    private readonly int _start;
    private readonly Parser _parser;
    private readonly Action<SourceNode, int>? _onItem;
    private readonly Dictionary<AnchorName, (SourceNode Node, int Weight)> _anchors = [];

    // Values of the document so far, with what aliases stand for.
    private int _count;

    private SourceYaml(SourceText source, int start, int length, Action<SourceNode, int>? onItem)
    {
        _source = source;
        _start = start;
        _onItem = length >= SourceLimits.Streamed ? onItem : null;
        _parser = new Parser(new Scanner(new StringReader(source.Text.Substring(start, length))));
    }

    /// <summary>Reads the documents of a stretch of text.</summary>
    /// <param name="source">The text.</param>
    /// <param name="start">Where the stretch begins: at the start of a line.</param>
    /// <param name="length">Its length.</param>
    /// <param name="onItem">Of a long document, given each value of the list <c>items</c> at its top as it is read; they are not in the document then.</param>
    /// <param name="onDocument">Given each document that isn't empty.</param>
    /// <exception cref="SourceFaultException">It is no YAML, or too much of it; what was read before has been given.</exception>
    internal static void Read(SourceText source, int start, int length, Action<SourceNode, int>? onItem, Action<SourceNode> onDocument)
    {
        if (!UsualYaml.TryRead(source, start, length, onItem, out var root, out var given))
        {
            ReadByEvents(source, start, length, given == 0 ? onItem : Behind(given, onItem!), onDocument);
        }
        else if (root is not null)
        {
            onDocument(root);
        }
    }

    // What was handed on already is not handed on again.
    private static Action<SourceNode, int> Behind(int given, Action<SourceNode, int> onItem) => (item, index) =>
    {
        if (given-- <= 0)
        {
            onItem(item, index);
        }
    };

    /// <summary>The same, with the library alone.</summary>
    internal static void ReadByEvents(SourceText source, int start, int length, Action<SourceNode, int>? onItem, Action<SourceNode> onDocument)
    {
        SourceYaml? reader = null;
        try
        {
            reader = new SourceYaml(source, start, length, onItem);
            reader.ReadAll(onDocument);
        }
        catch (YamlException e)
        {
            throw new SourceFaultException(start + Last(length, (int)e.Start.Index), "This is no YAML: " + e.Message);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // What the library gives up on, without a place and without a word of what it was.
            var at = (int)(reader?._parser.Current?.End.Index ?? 0);
            throw new SourceFaultException(start + Last(length, at), "This is no YAML: what stands here can't be read on.");
        }
    }

    // What ends too early is wrong at its end, and not where the next document begins.
    private static int Last(int length, int offset) => Math.Max(0, Math.Min(length - 1, offset));

    private void ReadAll(Action<SourceNode> onDocument)
    {
        _parser.Consume<StreamStart>();
        while (_parser.TryConsume<DocumentStart>(out _))
        {
            var node = ReadNode(0);
            _parser.Consume<DocumentEnd>();
            _anchors.Clear();
            _count = 0;
            if (!node.IsNull)
            {
                onDocument(node);
            }
        }
    }

    private SourceNode ReadNode(int depth)
    {
        var current = _parser.Current ?? throw new InvalidOperationException("The document ends too early.");
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Follow(alias);
        }

        if (depth > SourceLimits.Depth)
        {
            throw TooMuch(current.Start, $"Values are nested more than {SourceLimits.Depth} deep.");
        }

        var before = _count;
        Count(1, current.Start);
        var anchor = (current as NodeEvent)?.Anchor ?? AnchorName.Empty;
        var node = current switch
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

    private SourceNode Follow(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value, out var known))
        {
            throw Fault(alias.Start, "An alias (*) refers to nothing above it.");
        }

        Count(known.Weight, alias.Start);
        return known.Node;
    }

    // What is too much ends at the value that is one too many: nothing behind it is read.
    private void Count(int values, Mark place)
    {
        _count += values;
        if (_count > SourceLimits.Nodes)
        {
            throw TooMuch(place, $"There are more than {SourceLimits.Nodes} values up to here, those that aliases stand for included.");
        }
    }

    private SourceNode ReadScalar()
    {
        var scalar = _parser.Consume<Scalar>();
        var (start, end) = ((int)scalar.Start.Index + _start, (int)scalar.End.Index + _start);
        if (!scalar.Anchor.IsEmpty || !scalar.Tag.IsEmpty)
        {
            start = SkipProperties(start, end);
        }

        var style = scalar.Style switch
        {
            ScalarStyle.SingleQuoted => SourceStyle.SingleQuoted,
            ScalarStyle.DoubleQuoted => SourceStyle.DoubleQuoted,
            ScalarStyle.Literal or ScalarStyle.Folded => SourceStyle.Block,
            _ => end <= start ? SourceStyle.Empty : SourceStyle.Plain,
        };
        var quotes = style is SourceStyle.SingleQuoted or SourceStyle.DoubleQuoted ? 1 : 0;
        return new SourceNode(_source, YamlKind.Scalar, start + quotes)
        {
            Text = scalar.Value,
            Style = style,
            Length = Math.Max(0, end - start - (2 * quotes)),
            Tag = LocalTag(scalar.Tag),
        };
    }

    private SourceNode ReadSequence(int depth)
    {
        var start = _parser.Consume<SequenceStart>();
        var node = new SourceNode(_source, YamlKind.Sequence, (int)start.Start.Index + _start) { Tag = LocalTag(start.Tag) };
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            var item = ReadNode(depth + 1);
            node.Items.Add(item);
            node.HasOddKey |= item.HasOddKey;
        }

        return node;
    }

    private SourceNode ReadMapping(int depth)
    {
        var start = _parser.Consume<MappingStart>().Start;
        var node = new SourceNode(_source, YamlKind.Mapping, (int)start.Index + _start);
        SourceNode? merged = null;
        while (_parser.Current is not MappingEnd)
        {
            var place = (int)_parser.Current!.Start.Index + _start;
            var key = ReadNode(depth + 1);
            node.HasOddKey |= !key.IsScalar;
            if (depth == 0 && key.Text == "items" && _onItem is not null && _parser.Current is SequenceStart)
            {
                ReadItems();
                continue;
            }

            var value = ReadNode(depth + 1);
            node.HasOddKey |= value.HasOddKey;
            if (key is { Style: SourceStyle.Plain, Text: Merge })
            {
                merged = value;
            }
            else if (key.IsScalar)
            {
                Put(node, new SourcePair(key.Text, place, value));
            }
        }

        var end = _parser.Consume<MappingEnd>();
        node.Length = (int)end.End.Index + _start - node.Start;
        Count(MergeInto(node, merged), end.Start);
        return node;
    }

    // The list of a long answer of kubectl's: each value is handed on and forgotten.
    private void ReadItems()
    {
        _parser.Consume<SequenceStart>();
        var before = _count;
        for (var index = 0; !_parser.TryConsume<SequenceEnd>(out _); index++)
        {
            _onItem!(ReadNode(2), index);
            _count = before;
        }
    }

    /// <summary>Adds a pair, or puts it in the place of the one with its key. Long mappings with a key twice are not met: the first counts there.</summary>
    internal static void Put(SourceNode node, SourcePair pair)
    {
        for (var i = 0; i < node.Pairs.Count && node.Pairs.Count < 64; i++)
        {
            if (node.Pairs[i].Key == pair.Key)
            {
                node.Pairs[i] = pair;
                return;
            }
        }

        node.Pairs.Add(pair);
    }

    // yaml.org/type/merge: the mapping's own keys go first, and of several mappings the earlier ones. Gives how many values were added.
    private static int MergeInto(SourceNode node, SourceNode? merged)
    {
        if (merged is null)
        {
            return 0;
        }

        var keys = new HashSet<string>(node.Pairs.Select(p => p.Key), StringComparer.Ordinal);
        var count = node.Pairs.Count;
        foreach (var source in merged.Kind == YamlKind.Mapping ? [merged] : merged.Items)
        {
            node.Pairs.AddRange(source.Pairs.Where(p => keys.Add(p.Key)));
        }

        return node.Pairs.Count - count;
    }

    private static string? LocalTag(TagName tag) =>
        tag.IsEmpty || tag.IsNonSpecific || tag.Value.StartsWith(StandardTag, StringComparison.Ordinal) ? null : tag.Value;

    // Anchors and tags stand before the text (YAML 1.2, 6.9), perhaps on a line of their own.
    private int SkipProperties(int start, int end)
    {
        var text = _source.Text;
        while (start < end)
        {
            if (text[start] is '&' or '!')
            {
                while (start < end && !char.IsWhiteSpace(text[start]))
                {
                    start++;
                }
            }
            else if (char.IsWhiteSpace(text[start]))
            {
                start++;
            }
            else if (text[start] == '#')
            {
                var feed = text.IndexOf('\n', start, end - start);
                start = feed < 0 ? end : feed + 1;
            }
            else
            {
                break;
            }
        }

        return start;
    }

    private SourceFaultException Fault(Mark place, string message) => new((int)place.Index + _start, message);

    private SourceFaultException TooMuch(Mark place, string message) => new((int)place.Index + _start, message, isLimit: true);
}
