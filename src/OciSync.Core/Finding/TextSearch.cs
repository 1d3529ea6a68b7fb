using System.Text;
using OciSync.Core.Finding.Documents;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding;

/// <summary>
/// Text that comes line by line, as a program writes it. A YAML document is searched as soon as the next begins; JSON, and what else can't be
/// cut, when the text ends.
/// </summary>
public sealed class TextSearch
{
    private readonly DocumentReader _reader;
    private readonly StringBuilder _text = new();
    private int _line = 1;
    private int _lines;
    private bool _isFirst = true;

    /// <param name="options">How.</param>
    public TextSearch(FindOptions options) => _reader = new DocumentReader(options, FileFormat.Document);

    /// <summary>Takes a line, or several; gives what the document before it held, if it begins another.</summary>
    public FindOutcome? Add(string line)
    {
        var outcome = _text.Length > 0 && DocumentSplitter.IsMarker(line, 0) ? Search() : null;
        if (_text.Length + line.Length > FileText.LargestFile)
        {
            throw FileText.Invalid("The input", $"a document in it has more than {FileText.LargestFile / 1024 / 1024} million characters");
        }

        _text.Append(_text.Length == 0 && _isFirst ? line.TrimStart('\uFEFF') : line).Append('\n');
        _lines += 1 + line.Count(c => c == '\n');
        return outcome;
    }

    /// <summary>Gives what the last document held.</summary>
    public FindOutcome End() => Search();

    private FindOutcome Search()
    {
        var text = _text.ToString();
        _text.Clear();
        var source = new SourceText(text, null) { FirstLine = _line };
        if (_isFirst && FileUnits.IsDockerfile(text))
        {
            _reader.ReadDockerfile(source);
        }
        else
        {
            _reader.Read(source, CancellationToken.None);
        }

        _isFirst = false;
        _line += _lines;
        _lines = 0;
        return _reader.Take(null);
    }
}
