using System.Text;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Documents;

/// <summary>Puts a <see cref="WrittenText"/> together from pieces of others.</summary>
internal sealed class WrittenTextBuilder(SourceStyle style)
{
    private readonly StringBuilder _text = new();
    private readonly List<TextSpan> _spans = [];

    internal void Append(WrittenText piece)
    {
        _spans.AddRange(piece.Spans.Select(s => s with { Start = s.Start + _text.Length }));
        _text.Append(piece.Value);
    }

    /// <summary>Adds what stands nowhere.</summary>
    internal void Append(string text) => _text.Append(text);

    internal int Length => _text.Length;

    internal WrittenText ToText() => new(_text.ToString(), Join(), style);

    // Neighbours in the text that are neighbours in the file are one stretch.
    private List<TextSpan> Join()
    {
        var joined = new List<TextSpan>();
        foreach (var span in _spans)
        {
            if (joined.Count > 0 && joined[joined.Count - 1] is var last && last.Start + last.Length == span.Start && last.Outer + last.Length == span.Outer)
            {
                joined[joined.Count - 1] = last with { Length = last.Length + span.Length };
            }
            else
            {
                joined.Add(span);
            }
        }

        return joined;
    }
}
