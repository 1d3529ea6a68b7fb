namespace OciSync.Core.Finding.Documents;

/// <summary>Offsets in the UTF-8 form of a text as offsets in the text. Questions go forward through the text.</summary>
internal sealed class Utf8Offsets
{
    private readonly string _text;
    private readonly int _start;
    private readonly int _end;
    private readonly bool _isAscii;
    private int _byte;
    private int _at;

    internal Utf8Offsets(string text, int start, int length, int bytes)
    {
        _text = text;
        _start = start;
        _end = start + length;
        _isAscii = length == bytes;
        _at = start;
    }

    /// <summary>The UTF-16 offset of a byte.</summary>
    internal int ToText(int offset)
    {
        if (_isAscii)
        {
            return _start + offset;
        }

        if (offset < _byte)
        {
            (_byte, _at) = (0, _start);
        }

        while (_byte < offset && _at < _end)
        {
            var c = _text[_at];
            var isPair = char.IsHighSurrogate(c) && _at + 1 < _end && char.IsLowSurrogate(_text[_at + 1]);
            _byte += c < 0x80 ? 1 : c < 0x800 ? 2 : isPair ? 4 : 3;
            _at += isPair ? 2 : 1;
        }

        return _at;
    }
}
