using System.Text.RegularExpressions;
using OciSync.Core.Finding.Documents;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Dockerfiles;

/// <summary>
/// Cuts a Dockerfile into instructions as BuildKit does: directives at its top, lines that go on, comments within them, here-documents left out
/// (Dockerfile reference, "Parser directives", "Here-Documents").
/// </summary>
internal sealed class DockerfileLines
{
    private static readonly Regex Directive = new(@"^#\s*(?<name>[A-Za-z][A-Za-z0-9]*)\s*=\s*(?<value>\S+)", RegexOptions.CultureInvariant);
    private static readonly Regex HereDocument = new(@"<<(?<tabs>-?)(?<quote>[""']?)(?<word>[A-Za-z_][A-Za-z0-9_]*)\k<quote>", RegexOptions.CultureInvariant);

    private readonly SourceText _source;
    private int _at;
    private char _escape = '\\';

    private DockerfileLines(SourceText source) => _source = source;

    /// <summary>The frontend that <c># syntax=</c> names, or null.</summary>
    internal WrittenText? Syntax { get; private set; }

    /// <summary>Where it stands.</summary>
    internal int SyntaxOffset { get; private set; }

    /// <summary>The instructions, in order.</summary>
    internal List<DockerfileLine> Lines { get; } = [];

    internal static DockerfileLines Read(SourceText source)
    {
        var lines = new DockerfileLines(source);
        lines.ReadDirectives();
        while (lines._at < source.Text.Length)
        {
            lines.ReadInstruction();
        }

        return lines;
    }

    // At the very top alone: any other line ends them, and each counts once.
    private void ReadDirectives()
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (_at < _source.Text.Length)
        {
            var (start, length, next) = Line(_at);
            var match = Directive.Match(_source.Text.Substring(start, length));
            if (!match.Success || !seen.Add(match.Groups["name"].Value))
            {
                return;
            }

            var value = match.Groups["value"];
            switch (match.Groups["name"].Value.ToLowerInvariant())
            {
                case "syntax":
                    SyntaxOffset = start + value.Index;
                    Syntax = WrittenText.Of(_source, SyntaxOffset, value.Length);
                    break;
                case "escape":
                    _escape = value.Value[0];
                    break;
                case "check":
                    break;
                default:
                    return;
            }

            _at = next;
        }
    }

    private void ReadInstruction()
    {
        var text = new WrittenTextBuilder(SourceStyle.Plain);
        int? offset = null;
        while (_at < _source.Text.Length)
        {
            var (start, length, next) = Line(_at);
            var line = _source.Text.Substring(start, length);
            _at = next;
            if (line.TrimStart() is "" || line.TrimStart()[0] == '#')
            {
                // Between instructions, or within one: both are passed over.
                if (offset is null)
                {
                    return;
                }

                continue;
            }

            offset ??= start + line.Length - line.TrimStart().Length;
            var trimmed = line.TrimEnd();
            var goesOn = trimmed[trimmed.Length - 1] == _escape && !(trimmed.Length > 1 && trimmed[trimmed.Length - 2] == _escape);
            text.Append(WrittenText.Of(_source, start, goesOn ? trimmed.Length - 1 : line.Length));
            if (!goesOn)
            {
                break;
            }
        }

        if (offset is { } at)
        {
            var instruction = new DockerfileLine(text.ToText(), at);
            Lines.Add(instruction);
            SkipHereDocuments(instruction);
        }
    }

    private void SkipHereDocuments(DockerfileLine line)
    {
        var name = line.Instruction == "ONBUILD" ? line.WithoutFirstWord().Instruction : line.Instruction;
        if (name is not ("RUN" or "COPY" or "ADD"))
        {
            return;
        }

        foreach (Match document in HereDocument.Matches(line.Text.Value))
        {
            while (_at < _source.Text.Length)
            {
                var (start, length, next) = Line(_at);
                _at = next;
                var content = _source.Text.Substring(start, length);
                if ((document.Groups["tabs"].Length > 0 ? content.TrimStart('\t') : content) == document.Groups["word"].Value)
                {
                    break;
                }
            }
        }
    }

    // A line without its end, and where the next begins.
    private (int Start, int Length, int Next) Line(int start)
    {
        var feed = _source.Text.IndexOf('\n', start);
        var next = feed < 0 ? _source.Text.Length : feed + 1;
        var end = feed < 0 ? next : feed > start && _source.Text[feed - 1] == '\r' ? feed - 1 : feed;
        return (start, end - start, next);
    }
}
