using System.Text.RegularExpressions;
using OciSync.Core.Finding.Documents;
using OciSync.Core.Finding.Facts;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Charts;

/// <summary>
/// Looks at a template line by line, and never as YAML: <c>image: {{ .Values.x }}</c> would be read as something else. Names that are written
/// out are found; of the others it is said that only rendering tells them.
/// </summary>
internal sealed class TemplateScanner(SourceText source, FoundImages found)
{
    private const string Open = "{{";
    private const string Arguments = "args";

    private static readonly Regex Image = new(
        @"^\s*(?:-\s+)?[""']?(?<key>image|[A-Za-z]*Image|imageName)[""']?\s*:\s+(?<value>\S.*?)\s*$", RegexOptions.CultureInvariant);

    private static readonly Regex Argument = new(@"^\s*-\s+[""']?--?[A-Za-z0-9.-]+=(?<value>[^""'\s]+)[""']?\s*$", RegexOptions.CultureInvariant);

    private static readonly Regex VariableName = new(@"^\s*-?\s*name:\s*[""']?[A-Z0-9_]*IMAGE[A-Z0-9_]*[""']?\s*$", RegexOptions.CultureInvariant);

    private static readonly Regex VariableValue = new(@"^\s*value:\s+(?<value>\S.*?)\s*$", RegexOptions.CultureInvariant);

    /// <summary>How many lines name an image that only rendering tells.</summary>
    internal int Rendered { get; private set; }

    /// <summary>The first of them.</summary>
    internal int FirstRendered { get; private set; }

    /// <summary>Looks at a stretch of the text.</summary>
    internal void Scan(int start, int length)
    {
        var isComment = false;
        var isVariable = false;
        for (var line = start; line < start + length;)
        {
            var feed = source.Text.IndexOf('\n', line, start + length - line);
            var next = feed < 0 ? start + length : feed + 1;
            var text = source.Text.Substring(line, next - line).TrimEnd('\r', '\n');
            if (!IsPassedOver(text, ref isComment))
            {
                ScanLine(text, line, isVariable);
                isVariable = VariableName.IsMatch(text);
            }

            line = next;
        }
    }

    // A comment of a template may go over lines; one of YAML is a line that begins with #.
    private static bool IsPassedOver(string text, ref bool isComment)
    {
        var begins = text.IndexOf("{{/*", StringComparison.Ordinal) >= 0 || text.IndexOf("{{- /*", StringComparison.Ordinal) >= 0;
        var was = isComment || begins;
        isComment = was && text.IndexOf("*/", StringComparison.Ordinal) < 0;
        return was || text.TrimStart().StartsWith("#", StringComparison.Ordinal);
    }

    private void ScanLine(string text, int line, bool isVariable)
    {
        var match = Image.Match(text);
        match = match.Success ? match : Argument.Match(text);
        match = match.Success || !isVariable ? match : VariableValue.Match(text);
        if (!match.Success)
        {
            return;
        }

        var value = match.Groups["value"];
        var (start, length) = Unquote(value.Value);
        var name = value.Value.Substring(start, length);
        if (name.Contains(Open))
        {
            AddRendered(line + value.Index + start, name, KeyOf(match));
        }
        else
        {
            AddLiteral(line + value.Index + start, name, KeyOf(match));
        }
    }

    private static string KeyOf(Match match) => match.Groups["key"] is { Length: > 0 } key ? key.Value : Arguments;

    private void AddLiteral(int offset, string name, string key)
    {
        var isArgument = key == Arguments;
        if (name.Length == 0 || name[0] is '{' or '[' or '&' or '*' or '|' or '>' || (isArgument && !(ReferenceText.HasHost(name) && ReferenceText.HasVersion(name))))
        {
            return;
        }

        found.Add(new Candidate(FindRules.ChartTemplate, WrittenText.Of(source, offset, name.Length), source, offset)
        {
            IsGuess = true,
            Location = key,
            TakesLatest = key == "image" && !ReferenceText.IsBareWord(name),
        });
    }

    // A name that is half written out is worth telling; of the others the first stands for all.
    private void AddRendered(int offset, string name, string key)
    {
        var literal = name.Substring(0, name.IndexOf(Open, StringComparison.Ordinal));
        if (literal.Contains("/") && literal.IndexOf("=", StringComparison.Ordinal) < 0)
        {
            found.Add(new Candidate(FindRules.ChartTemplate, WrittenText.Of(source, offset, name.Length), source, offset)
            {
                IsGuess = true,
                Location = key,
                Doubt = "a template makes a part of it",
            });
            return;
        }

        FirstRendered = Rendered == 0 ? offset : FirstRendered;
        Rendered++;
    }

    // What is in quotes, or stands before a comment.
    private static (int Start, int Length) Unquote(string value)
    {
        if (value[0] is '"' or '\'')
        {
            var end = value.LastIndexOf(value[0]);
            return end > 0 ? (1, end - 1) : (1, value.Length - 1);
        }

        var comment = value.IndexOf(" #", StringComparison.Ordinal);
        return (0, (comment < 0 ? value : value.Substring(0, comment)).TrimEnd().Length);
    }
}
