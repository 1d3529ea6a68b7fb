using System.Text;

namespace OciSync.Core.Tests.Yaml;

/// <summary>Documents by a seed: such as people write, and such with a few characters changed.</summary>
internal sealed class YamlTexts(int seed)
{
    private static readonly string[] Keys =
    [
        "name", "image", "a", "b", "app.kubernetes.io/name", "\"q\"", "'s'", "with blank", "-x", "it's", "x[0]", "ü", "1", "null", "~",
        "items", "\"\"", "a:b", "=", "tag",
    ];

    private static readonly string[] Values =
    [
        "nginx:1.25", "r.test:5000/a/b:1", "\"info\"", "'single'", "\"\"", "''", "1.10", "~", "null", "true", "--listen=0.0.0.0:8080",
        "-1", "a b  c", "http://x/y",
        "{}", "[]", "{ }", "[ ]", "{a: b}", "{path: /healthz, port: http}", "[a, \"b\", 'c']", "{a: {b: [1, 2]}, c: d}", "[[1], {a: b}]",
        "x # comment", "\"x\" # comment",
        "é", "a#b", "a: b", "&a x", "*a", "!x y", "|", ">-", "\"a\\n\"", "'it''s'", "{a: b,}", "[a,,b]", "{a}", "[a: b]", "{a: }", "- x",
        "a:", "%x", "@x", "`x", "<<", "?",
        "? x", ":x", "a,b", "a]", "{{ .Values.x }}", "x  ", "# comment", "[a,b]", "{a: b,c: d}", "{a: b }", "{\"a\": \"b\"}",
        "[\"-c\", \"x y\"]", "{a: http://x}", "[-a, --b]",
        "a - b", "\"a\": b", "(x)", "$x", "${X:-y}", "a\\b", "2001-01-01", "\u00a0", "x\u00a0", "[a]b", "{a: b}c", "\"a\"b", ".", "...",
        "---", "--- a", "\"{\"", "[a, b] # c",
        "a[0]", "a{b", "a\"b", "a'b", "*", "a*b", "a&b", "a!b", "a|b", "a>b", "a%b", "a@b", "a`b", "[a b]", "{a b: c d}", "[a#b]",
        "[a:b]", "[a'b]", "{a: -1}", "{a: - b}", "{? a: b}",
    ];

    private static readonly string[] Pieces =
    [
        " ", "  ", "\n", "\n\n", "\n ", "\n  ", ":", ": ", "- ", "-", "#", " #", " # c\n", "\t", "\r\n", "\r", "{", "}", "[", "]", ",",
        "\"", "'", "\\", "&a ", "*a", "!t ", "|\n", ">\n",
        "---\n", "...\n", "? ", "%", "@", "`", "<<: ", "\u0085", "\u2028", "\ufeff", "\u00a0", "😀", "é", "a", "x: y\n", "- z\n", "\0",
        "=",
    ];

    private readonly Random _random = new(seed);
    private string _break = "\n";

    /// <summary>A list as kubectl writes it, behind a comment that makes it a long text.</summary>
    internal string NextList()
    {
        _break = "\n";
        var text = new StringBuilder("apiVersion: v1\nkind: PodList\n" + (_random.Next(4) == 0 ? "items:   # c\n" : "items:\n"));
        var indent = _random.Next(2) * 2;
        for (var count = _random.Next(0, 6); count > 0; count--)
        {
            AddNoise(text);
            text.Append(' ', indent);
            AddItem(text, indent, 2);
        }

        text.Append(_random.Next(3) == 0 ? "kind: List\nmetadata: {}\n" : string.Empty).Append(_random.Next(12) == 0 ? "items:\n- b\n- c\n" : string.Empty);
        for (var changes = _random.Next(2); changes > 0; changes--)
        {
            Change(text);
        }

        return text.ToString();
    }

    /// <summary>A document.</summary>
    internal string Next()
    {
        _break = _random.Next(8) == 0 ? "\r\n" : "\n";
        var text = new StringBuilder();
        text.Append(_random.Next(3) == 0 ? "---" + _break : _random.Next(30) == 0 ? "--- # c" + _break : string.Empty);
        AddNode(text, _random.Next(12) == 0 ? _random.Next(3) : 0, 0);
        for (var changes = _random.Next(3) == 0 ? _random.Next(4) : 0; changes > 0; changes--)
        {
            Change(text);
        }

        return _random.Next(6) == 0 ? text.ToString().TrimEnd('\r', '\n') : text.ToString();
    }

    private void Change(StringBuilder text)
    {
        var at = _random.Next(text.Length + 1);
        if (_random.Next(3) == 0)
        {
            text.Remove(at, Math.Min(_random.Next(4), text.Length - at));
        }
        else
        {
            text.Insert(at, Pieces[_random.Next(Pieces.Length)]);
        }
    }

    private void AddNode(StringBuilder text, int indent, int depth)
    {
        var isList = _random.Next(3) == 0;
        var step = _random.Next(10) == 0 ? _random.Next(1, 5) : 2;
        for (var count = _random.Next(1, 5); count > 0; count--)
        {
            AddNoise(text);
            text.Append(' ', indent);
            if (isList)
            {
                AddItem(text, indent, depth);
            }
            else
            {
                text.Append(Keys[_random.Next(Keys.Length)]).Append(':');
                AddValue(text, indent, step, depth);
            }
        }
    }

    private void AddItem(StringBuilder text, int indent, int depth)
    {
        text.Append("- ");
        if (depth < 5 && _random.Next(2) == 0)
        {
            // A mapping, or a list in the list: its first line goes on here.
            var inner = new StringBuilder();
            AddNode(inner, indent + 2, depth + 1);
            text.Append(inner.ToString().TrimStart(' ').TrimStart('\n', '\r'));
            return;
        }

        if (_random.Next(12) == 0)
        {
            text.Length--;
            AddLiteral(text, indent);
            return;
        }

        text.Append(Value()).Append(_break);
    }

    private void AddLiteral(StringBuilder text, int indent)
    {
        text.Append(_random.Next(3) switch { 0 => " |", 1 => " |-", _ => " |  " }).Append(_break);
        var inner = indent + _random.Next(1, 4);
        for (var lines = _random.Next(_random.Next(6) == 0 ? 0 : 1, 5); lines > 0; lines--)
        {
            var isEmpty = _random.Next(5) == 0;
            text.Append(' ', isEmpty ? _random.Next(3) : inner + (_random.Next(5) == 0 ? 2 : 0)).Append(isEmpty ? string.Empty : Value()).Append(_break);
        }
    }

    private void AddValue(StringBuilder text, int indent, int step, int depth)
    {
        if (depth < 5 && _random.Next(3) == 0)
        {
            text.Append(_random.Next(12) == 0 ? " # c" : _random.Next(12) == 0 ? "  " : string.Empty).Append(_break);
            AddNode(text, indent + (_random.Next(4) == 0 ? 0 : step), depth + 1);
            return;
        }

        if (_random.Next(12) == 0)
        {
            AddLiteral(text, indent);
            return;
        }

        text.Append(_random.Next(10) == 0 ? string.Empty : new string(' ', _random.Next(8) == 0 ? 3 : 1) + Value()).Append(_break);
    }

    // Mostly of the first, which are usual.
    private string Value() => Values[_random.Next(_random.Next(4) == 0 ? Values.Length : 20)];

    private void AddNoise(StringBuilder text)
    {
        if (_random.Next(12) == 0)
        {
            text.Append(' ', _random.Next(4)).Append(_random.Next(2) == 0 ? "# note: x" : string.Empty).Append(_break);
        }
    }
}
