namespace OciSync.Core.Yaml;

/// <content>Lines, blanks and scalars.</content>
internal sealed partial class UsualYaml
{
    private bool IsBreak(int at) => at >= _end || _text[at] is '\n' or '\r';

    private bool IsDashes(int at) => at + 2 < _end && _text[at] == '-' && _text[at + 1] == '-' && _text[at + 2] == '-';

    private int PassBlanks(int at)
    {
        while (at < _end && _text[at] == ' ')
        {
            at++;
        }

        return at;
    }

    private int LineAfter(int lineEnd) => lineEnd >= _end ? _end : lineEnd + (_text[lineEnd] == '\r' ? 2 : 1);

    // From behind a value to what comes next, past a comment; false where something else stands on the line.
    private bool EndLine(int at)
    {
        var i = PassBlanks(at);
        if (i > at && i < _end && _text[i] == '#')
        {
            var feed = _text.IndexOf('\n', i, _end - i);
            return NextLine(feed < 0 ? _end : feed + 1);
        }

        return IsBreak(i) && NextLine(LineAfter(i));
    }

    // To the first of these lines with a value; false where it begins or ends a document.
    private bool NextLine(int line)
    {
        while (line < _end)
        {
            var at = PassBlanks(line);
            if (at < _end && _text[at] == '#')
            {
                var feed = _text.IndexOf('\n', at, _end - at);
                line = feed < 0 ? _end : feed + 1;
            }
            else if (IsBreak(at))
            {
                line = LineAfter(at);
            }
            else
            {
                (_at, _column) = (at, at - line);
                return _column > 0 || !(IsDashes(at) || _text[at] == '.');
            }
        }

        (_at, _column) = (_end, -1);
        return true;
    }

    private bool Scan(int at) => _text[at] is '"' or '\'' ? ScanQuoted(at) : ScanPlain(at);

    // It ends on its line, without an escape (YAML 1.2, 7.3.1 and 7.3.2).
    private bool ScanQuoted(int at)
    {
        var quote = _text[at];
        for (var i = at + 1; i < _end; i++)
        {
            var c = _text[i];
            if (c == quote)
            {
                (_start, _length, _next) = (at + 1, i - at - 1, i + 1);
                _style = quote == '"' ? SourceStyle.DoubleQuoted : SourceStyle.SingleQuoted;
                return !IsAt(_next, quote);
            }

            if (c is '\n' or '\r' || (c == '\\' && quote == '"'))
            {
                return false;
            }
        }

        return false;
    }

    // Up to a colon or comment sign with a blank beside it, or the end of the line (YAML 1.2, 7.3.3).
    private bool ScanPlain(int at)
    {
        if (!CanBegin(at))
        {
            return false;
        }

        var (i, last) = (at, at);
        for (; i < _end; i++)
        {
            var c = _text[i];
            if (c == ' ')
            {
                continue;
            }

            if (c <= ':' && (c is '\n' or '\r' || (c == '#' && _text[i - 1] == ' ')))
            {
                break;
            }

            if (c is '*' or '&' && _text[i - 1] == ' ')
            {
                // To the library this is not always text.
                return false;
            }

            if (c == ':' && (IsBreak(i + 1) || _text[i + 1] == ' '))
            {
                // With a blank before it, it is no key that is read here, and no value.
                (_start, _length, _style, _next) = (at, last - at, SourceStyle.Plain, i);
                return i == last;
            }

            last = i + 1;
        }

        (_start, _length, _style, _next) = (at, last - at, SourceStyle.Plain, last);
        return true;
    }

    // A sign of YAML begins no plain text, but a dash with a letter behind it does.
    private bool CanBegin(int at) => IsLetter(at) && (_text[at] != '-' || IsLetter(at + 1));

    private bool IsLetter(int at) => !IsBreak(at) && _text[at] is not (' ' or ':' or ',' or ']' or '}') && !UsualCharacters.IsSign(_text[at]);
}
