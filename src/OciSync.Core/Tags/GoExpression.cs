using System.Globalization;
using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Text;

namespace OciSync.Core.Tags;

/// <summary>
/// A regular expression as Go has it (RE2, pkg.go.dev/regexp/syntax), written as .NET has it. What the two read differently is translated;
/// what Go doesn't know is refused, as Go refuses it, and so is the little that .NET can't say.
/// </summary>
internal sealed class GoExpression
{
    private const string Letters = "abfnrtvxzABCDEPQSWdpsw";

    private readonly string _pattern;
    private readonly StringBuilder _out = new();
    private int _at;

    private GoExpression(string pattern) => _pattern = pattern;

    /// <summary>The same expression for .NET.</summary>
    /// <exception cref="OciException">It is none (<see cref="OciErrorKind.ChoiceInvalid"/>); the message says what is wrong where.</exception>
    internal static string Translate(string pattern) => new GoExpression(pattern).Run();

    private char Here => _pattern[_at];

    private string Run()
    {
        while (_at < _pattern.Length)
        {
            switch (Here)
            {
                case '\\':
                    ReadEscape();
                    break;
                case '[':
                    ReadClass();
                    break;
                case '(' when Follows("(?"):
                    ReadGroup();
                    break;
                default:
                    _out.Append(Here);
                    _at++;
                    break;
            }
        }

        return _out.ToString();
    }

    private void ReadEscape()
    {
        var letter = Letter();
        if (letter == 'Q')
        {
            var end = _pattern.IndexOf("\\E", _at, StringComparison.Ordinal);
            var literal = _pattern.Substring(_at + 2, (end < 0 ? _pattern.Length : end) - _at - 2);
            literal.ToList().ForEach(Append);
            _at = end < 0 ? _pattern.Length : end + 2;
        }
        else if (letter is 'A' or 'B' or 'b' or 'z')
        {
            Take(2);
        }
        else if (!TryReadSet(letter))
        {
            Append(ReadCharacter());
        }
    }

    // [...]: each item is written anew, so that nothing in it means more to .NET (a set taken from a set) or less (a named class).
    private void ReadClass()
    {
        var start = _at;
        Take(Follows("[^") ? 2 : 1);
        for (var isFirst = true; ; isFirst = false)
        {
            if (_at >= _pattern.Length)
            {
                _at = start;
                throw Fault("a [ has no ]");
            }

            if (Here == ']' && !isFirst)
            {
                Take(1);
                return;
            }

            ReadItem();
        }
    }

    private void ReadItem()
    {
        if (Follows("[:") && _pattern.IndexOf(":]", _at + 2, StringComparison.Ordinal) is > 0 and var end)
        {
            var name = _pattern.Substring(_at + 2, end - _at - 2);
            _out.Append(PosixClass.Find(name) ?? throw Fault($"there is no class [:{name}:]"));
            _at = end + 2;
            return;
        }

        if (Here == '\\' && TryReadSet(Letter()))
        {
            return;
        }

        var place = _at;
        var first = ReadCharacter();
        Append(first);
        if (_at + 1 < _pattern.Length && Here == '-' && _pattern[_at + 1] != ']')
        {
            _at++;
            var last = ReadCharacter();
            if (last < first)
            {
                _at = place;
                throw Fault("the range in brackets goes backwards");
            }

            _out.Append('-');
            Append(last);
        }
    }

    // \d \w \s and their opposites, \pL and \p{...}: .NET has them under the same names, but wants braces, and no ^ in them.
    private bool TryReadSet(char letter)
    {
        if (letter is 'd' or 'D' or 's' or 'S' or 'w' or 'W')
        {
            Take(2);
            return true;
        }

        if (letter is not ('p' or 'P'))
        {
            return false;
        }

        var start = _at + 2;
        var isBraced = start < _pattern.Length && _pattern[start] == '{';
        var end = isBraced ? _pattern.IndexOf('}', start) : start;
        if (end < 0 || end >= _pattern.Length)
        {
            throw Fault($"\\{letter} needs the name of a class");
        }

        var name = isBraced ? _pattern.Substring(start + 1, end - start - 1) : _pattern.Substring(start, 1);
        var isOther = (letter == 'P') != name.StartsWith("^", StringComparison.Ordinal);
        _out.Append(isOther ? "\\P{" : "\\p{").Append(name.TrimStart('^')).Append('}');
        _at = end + 1;
        return true;
    }

    private char ReadCharacter()
    {
        if (Here != '\\')
        {
            return _pattern[_at++];
        }

        var letter = Letter();
        if (letter == 'x')
        {
            return ReadHexadecimal();
        }

        if (letter is >= '0' and <= '7')
        {
            return ReadOctal();
        }

        var value = letter switch { 'a' => '\a', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', 'v' => '\v', _ => letter };
        if (value == letter && (letter > '~' || char.IsLetterOrDigit(letter)))
        {
            throw Fault(Letters.Contains(letter)
                ? $"\\{letter} can't stand here"
                : $"Go's expressions have no \\{Printable.Character(_pattern, _at + 1)}");
        }

        _at += 2;
        return value;
    }

    private char ReadHexadecimal()
    {
        var isBraced = _at + 2 < _pattern.Length && _pattern[_at + 2] == '{';
        var start = _at + (isBraced ? 3 : 2);
        var end = isBraced ? _pattern.IndexOf('}', start) : Math.Min(start + 2, _pattern.Length);
        var digits = end <= start || (!isBraced && end != start + 2) ? string.Empty : _pattern.Substring(start, end - start);
        if (!int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || code is < 0 or > char.MaxValue)
        {
            throw Fault("\\x needs two hexadecimal digits, or up to four in braces");
        }

        _at = isBraced ? end + 1 : end;
        return (char)code;
    }

    // \1 to \7 alone would be what a group has matched, which Go's expressions can't ask for.
    private char ReadOctal()
    {
        var end = _at + 1;
        while (end < _pattern.Length && end < _at + 4 && _pattern[end] is >= '0' and <= '7')
        {
            end++;
        }

        if (Letter() != '0' && end == _at + 2)
        {
            throw Fault("Go's expressions can't refer to a group");
        }

        var code = Convert.ToInt32(_pattern.Substring(_at + 1, end - _at - 1), 8);
        _at = end;
        return (char)code;
    }

    private void ReadGroup()
    {
        if (Follows("(?P<") || (Follows("(?<") && !Follows("(?<=") && !Follows("(?<!")))
        {
            _out.Append("(?<");
            _at = _pattern.IndexOf('<', _at) + 1;
            return;
        }

        var end = _at + 2;
        while (end < _pattern.Length && _pattern[end] is 'i' or 'm' or 's' or '-')
        {
            end++;
        }

        if (end >= _pattern.Length || _pattern[end] is not (':' or ')'))
        {
            var flag = end < _pattern.Length ? Printable.Character(_pattern, end) : string.Empty;
            throw Fault(flag == "U"
                ? "the flag U is not known here; write *? for *"
                : $"Go's expressions have no group that begins with {_pattern.Substring(_at, end - _at)}{flag}");
        }

        Take(end - _at);
    }

    private char Letter() => _at + 1 < _pattern.Length ? _pattern[_at + 1] : throw Fault("a \\ stands at its end");

    private bool Follows(string text) => string.CompareOrdinal(_pattern, _at, text, 0, text.Length) == 0;

    private void Take(int length)
    {
        _out.Append(_pattern, _at, length);
        _at += length;
    }

    private void Append(char c) =>
        _out.Append(char.IsLetterOrDigit(c) ? c.ToString() : "\\u" + ((int)c).ToString("X4", CultureInfo.InvariantCulture));

    private OciException Fault(string fault) => new(
        OciErrorKind.ChoiceInvalid, $"'{Printable.Text(_pattern)}' is no regular expression of Go's: {fault} (character {_at + 1}).");
}
