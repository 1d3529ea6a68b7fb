using System.Text;

namespace OciSync.Core.Yaml;

/// <content>Literal block scalars (YAML 1.2, 8.1.2): scripts, files in ConfigMaps.</content>
internal sealed partial class UsualYaml
{
    // The lines below | or |- that stand further in than what they belong to; the first one tells how far.
    private SourceNode? ReadLiteral(int start, int parent)
    {
        var isStripped = start + 1 < _end && _text[start + 1] == '-';
        var header = PassBlanks(start + (isStripped ? 2 : 1));
        var line = LineAfter(header);
        var indent = PassBlanks(line) - line;
        if (!IsBreak(header) || line >= _end || indent <= parent || IsBreak(line + indent))
        {
            return null;
        }

        var text = new StringBuilder();
        var end = GatherLines(text, line, indent);
        if (end < 0 || !NextLine(end))
        {
            return null;
        }

        return new SourceNode(_source, YamlKind.Scalar, start)
        {
            Text = isStripped ? text.ToString().TrimEnd('\n') : text.ToString(),
            Style = SourceStyle.Block,
            Length = end - start,
        };
    }

    // Gives where the first line begins that stands less far in; -1 where blanks beyond the indentation are a line of their own. Empty lines
    // count once a line with text follows.
    private int GatherLines(StringBuilder text, int line, int indent)
    {
        var empty = 0;
        while (line < _end)
        {
            var content = PassBlanks(line);
            var lineEnd = content;
            while (!IsBreak(lineEnd))
            {
                lineEnd++;
            }

            if (content == lineEnd)
            {
                if (content - line > indent || lineEnd == _end)
                {
                    return -1;
                }

                empty++;
            }
            else if (content - line < indent)
            {
                return line;
            }
            else
            {
                text.Append('\n', empty).Append(_text, line + indent, lineEnd - line - indent).Append(lineEnd < _end ? "\n" : string.Empty);
                empty = 0;
            }

            line = LineAfter(lineEnd);
        }

        return line;
    }
}
