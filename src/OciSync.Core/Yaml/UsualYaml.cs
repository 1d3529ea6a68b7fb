namespace OciSync.Core.Yaml;

/// <summary>
/// Reads what nearly all documents are written in: mappings and lists in lines, with values that are plain or in quotes on one line, and flow
/// collections on one line. It gives the very nodes of <see cref="SourceYaml"/>, many times faster, or leaves a document to it: whatever has
/// anchors, tags, escapes, texts over several lines or a mistake in it.
/// </summary>
internal sealed partial class UsualYaml
{
    private const int Deepest = 50;
    private const int MostValues = SourceLimits.Nodes / 2;

    // A key of YAML has at most 1024 characters (YAML 1.2, 7.4.2).
    private const int LongestKey = 1000;
    private const string Merge = "<<";

    private readonly SourceText _source;
    private readonly string _text;
    private readonly int _end;
    private readonly Action<SourceNode, int>? _onItem;

    // The next value or key, and how far in it stands on its line; at the end of the text that, and -1.
    private int _at;
    private int _column;

    // The scalar that was looked at last: its text without quotes, and where what follows it begins.
    private int _start;
    private int _length;
    private SourceStyle _style;
    private int _next;

    // Values so far; of the list items how many were handed on, and the last one that was read. It waits until what stands behind it is read
    // as well: where that is wrong, the library says whether it comes.
    private int _count;
    private int _given;
    private SourceNode? _held;

    private UsualYaml(SourceText source, int end, Action<SourceNode, int>? onItem)
    {
        _source = source;
        _text = source.Text;
        _end = end;
        _onItem = onItem;
    }

    /// <summary>Reads the one document of a stretch of text.</summary>
    /// <param name="source">The text.</param>
    /// <param name="start">Where the stretch begins: at the start of a line.</param>
    /// <param name="length">Its length.</param>
    /// <param name="onItem">As for <see cref="SourceYaml.Read"/>.</param>
    /// <param name="root">The document, or null where the stretch is empty.</param>
    /// <param name="given">How many items were handed on, be the rest of the document left to the library or not.</param>
    /// <returns>Whether it could be read here.</returns>
    internal static bool TryRead(SourceText source, int start, int length, Action<SourceNode, int>? onItem, out SourceNode? root, out int given)
    {
        (root, given) = (null, 0);
        if (!UsualCharacters.Are(source.Text, start, length))
        {
            return false;
        }

        var reader = new UsualYaml(source, start + length, length >= SourceLimits.Streamed ? onItem : null);
        if (!reader.NextLine(reader.PassMarker(start)))
        {
            return false;
        }

        if (reader._at == reader._end)
        {
            return true;
        }

        root = reader.ReadBlock(0);
        var isRead = root is { IsScalar: false } && reader._at == reader._end;
        if (isRead)
        {
            reader.HandOn(null);
        }

        given = reader._given;
        return isRead;
    }

    // The line --- with nothing else on it.
    private int PassMarker(int start)
    {
        var after = start + 3;
        return IsDashes(start) && IsBreak(after) ? LineAfter(after) : start;
    }

    private SourceNode? ReadBlock(int depth)
    {
        if (depth > Deepest || ++_count > MostValues)
        {
            return null;
        }

        if (IsItem())
        {
            return ReadList(depth);
        }

        if (_text[_at] is '{' or '[')
        {
            return ReadInline(_at, depth);
        }

        return !Scan(_at) ? null : IsKey() ? ReadMapping(depth) : EndLine(_next) ? Scanned() : null;
    }

    // Its first key has been looked at.
    private SourceNode? ReadMapping(int depth)
    {
        var column = _column;
        var node = new SourceNode(_source, YamlKind.Mapping, _at);
        do
        {
            var (place, key) = (_at, Key());
            if (depth == 0 && _onItem is not null && key == "items")
            {
                if (!ReadItems(column))
                {
                    return null;
                }
            }
            else if (key == Merge || ++_count > MostValues || ReadValue(column, depth) is not { } value)
            {
                return null;
            }
            else
            {
                SourceYaml.Put(node, new SourcePair(key, place, value));
            }
        }
        while (_column == column && !IsItem() && Scan(_at) && IsKey());

        // It ends where the next value begins, whose it is by how far in it stands.
        node.Length = _at - node.Start;
        return _column < column ? node : null;
    }

    // The value behind a colon, or on the lines below it: a list may stand as far in as its key.
    private SourceNode? ReadValue(int column, int depth)
    {
        var behind = _next + 1;
        var at = PassBlanks(behind);
        if (!IsBreak(at) && _text[at] != '#')
        {
            return _text[at] == '|' ? ReadLiteral(at, column) : ReadInline(at, depth + 1);
        }

        return !EndLine(behind) ? null
            : _column > column || (_column == column && IsItem()) ? ReadBlock(depth + 1)
            : SourceNode.Written(_source, behind, 0, SourceStyle.Empty);
    }

    private SourceNode? ReadList(int depth)
    {
        var column = _column;
        var node = new SourceNode(_source, YamlKind.Sequence, _at);
        do
        {
            if (ReadItem(depth + 1) is not { } item)
            {
                return null;
            }

            node.Items.Add(item);
        }
        while (_column == column && IsItem());
        return _column <= column ? node : null;
    }

    // The list of a long answer of kubectl's: each value is handed on and forgotten.
    private bool ReadItems(int parent)
    {
        if (_held is not null || !EndLine(_next + 1) || _column < parent || !IsItem())
        {
            return false;
        }

        var column = _column;
        do
        {
            _count = 0;
            if (ReadItem(2) is not { } item || _column > column)
            {
                return false;
            }

            HandOn(item);
        }
        while (_column == column && IsItem());
        return true;
    }

    private void HandOn(SourceNode? next)
    {
        if (_held is not null)
        {
            _onItem!(_held, _given++);
        }

        _held = next;
    }

    // What stands behind a dash.
    private SourceNode? ReadItem(int depth)
    {
        var (column, at) = (_column, PassBlanks(_at + 1));
        if (IsBreak(at) || _text[at] == '#')
        {
            return null;
        }

        (_column, _at) = (_column + at - _at, at);
        return _text[at] == '|' ? ReadLiteral(at, column) : ReadBlock(depth);
    }

    private SourceNode? ReadInline(int at, int depth)
    {
        var node = _text[at] is '{' or '[' ? ReadFlow(at, depth) : Scan(at) ? Scanned() : null;
        return node is not null && EndLine(_next) ? node : null;
    }

    private SourceNode Scanned() => SourceNode.Written(_source, _start, _length, _style);

    private string Key() => KnownKeys.Of(_text, _start, _length);

    // A colon follows, and a blank or the end of the line behind it.
    private bool IsKey() =>
        _next < _end && _text[_next] == ':' && _length <= LongestKey && (IsBreak(_next + 1) || _text[_next + 1] == ' ');

    private bool IsItem() => _at < _end && _text[_at] == '-' && (IsBreak(_at + 1) || _text[_at + 1] == ' ');
}
