using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Documents;

/// <summary>Cuts a file, while it is read, at the beginnings of YAML documents.</summary>
/// <param name="reader">The file's text.</param>
/// <param name="path">Its name.</param>
/// <param name="length">A stretch is cut when it is at least so long.</param>
/// <param name="block">So much is read at a time.</param>
internal sealed class FileStretches(TextReader reader, string path, int length, int block)
{
    private readonly StringBuilder _text = new();
    private readonly char[] _buffer = new char[block];
    private int _line = 1;
    private int _offset;
    private bool _isEnd;
    private bool _isJson;

    /// <summary>The next stretch, or null at the end.</summary>
    /// <exception cref="OciException">The file can't be read on, or is no text.</exception>
    internal SourceText? Next()
    {
        while (!_isEnd)
        {
            Read();
            if (_text.Length >= length && !_isJson && FindCut() is var cut and > 0)
            {
                return Take(cut);
            }
        }

        return _text.Length > 0 ? Take(_text.Length) : null;
    }

    private void Read()
    {
        try
        {
            var read = reader.Read(_buffer, 0, _buffer.Length);
            _isJson |= _offset == 0 && _text.Length == 0 && read > 0 && EmbeddedDocument.IsJson(new string(_buffer, 0, Math.Min(read, 256)), 0, Math.Min(read, 256));
            _isEnd = read == 0;
            _text.Append(_buffer, 0, read);
        }
        catch (DecoderFallbackException e)
        {
            throw FileText.NoText(path, e);
        }
        catch (IOException e)
        {
            throw FileText.Invalid(path, e.Message.TrimEnd('.'), e);
        }
    }

    // The last line that begins a document, in what was read last and a little before; 0 for none.
    private int FindCut()
    {
        var from = Math.Max(0, _text.Length - _buffer.Length - 8);
        var piece = _text.ToString(from, _text.Length - from);
        for (var at = piece.LastIndexOf("\n---", StringComparison.Ordinal); at >= 0; at = at == 0 ? -1 : piece.LastIndexOf("\n---", at - 1, StringComparison.Ordinal))
        {
            // What follows the dashes has to be known.
            if (at + 4 < piece.Length && DocumentSplitter.IsMarker(piece, at + 1))
            {
                return from + at + 1;
            }
        }

        return 0;
    }

    private SourceText Take(int count)
    {
        var stretch = new SourceText(_text.ToString(0, count), path) { FirstLine = _line, FirstOffset = _offset };
        _text.Remove(0, count);
        _line += stretch.LineCount;
        _offset += count;
        return stretch;
    }
}
