namespace OciSync.Core.Yaml;

/// <content>Flow collections that end on the line where they begin.</content>
internal sealed partial class UsualYaml
{
    private SourceNode? ReadFlow(int at, int depth)
    {
        if (depth > Deepest || ++_count > MostValues || IsBreak(at))
        {
            return null;
        }

        return _text[at] switch
        {
            '{' => ReadFlowMapping(at, depth),
            '[' => ReadFlowList(at, depth),
            _ => ScanFlow(at) ? Scanned() : null,
        };
    }

    private SourceNode? ReadFlowMapping(int start, int depth)
    {
        var node = new SourceNode(_source, YamlKind.Mapping, start);
        var at = PassBlanks(start + 1);
        for (; !IsAt(at, '}'); at = PassComma(_next, '}'))
        {
            if (IsBreak(at) || !ScanFlow(at) || !IsKey() || IsBreak(_next + 1))
            {
                return null;
            }

            var key = Key();
            if (key == Merge || ReadFlow(PassBlanks(_next + 1), depth + 1) is not { } value)
            {
                return null;
            }

            SourceYaml.Put(node, new SourcePair(key, at, value));
        }

        // Without the brace, as the library tells it.
        node.Length = at - start;
        _next = at + 1;
        return node;
    }

    private SourceNode? ReadFlowList(int start, int depth)
    {
        var node = new SourceNode(_source, YamlKind.Sequence, start);
        var at = PassBlanks(start + 1);
        for (; !IsAt(at, ']'); at = PassComma(_next, ']'))
        {
            if (ReadFlow(at, depth + 1) is not { } item)
            {
                return null;
            }

            node.Items.Add(item);
        }

        _next = at + 1;
        return node;
    }

    // The next value behind a comma, or the bracket that closes; the end for anything else.
    private int PassComma(int at, char close)
    {
        var i = PassBlanks(at);
        if (IsAt(i, close))
        {
            return i;
        }

        var next = IsAt(i, ',') ? PassBlanks(i + 1) : _end;
        return IsAt(next, close) ? _end : next;
    }

    private bool IsAt(int at, char c) => at < _end && _text[at] == c;

    private bool ScanFlow(int at) => _text[at] is '"' or '\'' ? ScanQuoted(at) : ScanFlowPlain(at);

    // Without the signs that mean something in some place; a colon ends it.
    private bool ScanFlowPlain(int at)
    {
        if (!CanBegin(at))
        {
            return false;
        }

        var (i, last) = (at, at);
        for (; i < _end; i++)
        {
            var c = _text[i];
            if (c is ',' or ']' or '}' or ':' or '\n' or '\r')
            {
                break;
            }

            if (UsualCharacters.IsSign(c))
            {
                return false;
            }

            last = c == ' ' ? last : i + 1;
        }

        (_start, _length, _style, _next) = (at, last - at, SourceStyle.Plain, last);
        return last > at;
    }
}
