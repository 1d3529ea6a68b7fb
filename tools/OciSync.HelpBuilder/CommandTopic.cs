using System.Text.RegularExpressions;

namespace OciSync.HelpBuilder;

/// <summary>One cmdlet's topic in the schema of Microsoft.PowerShell.PlatyPS 1.0.</summary>
internal sealed partial record CommandTopic(string Name, Dictionary<string, string> Parts)
{
    /// <summary>The parameter sets, each with its syntax.</summary>
    internal List<(string Name, string Syntax)> Sets { get; init; } = [];

    /// <summary>The page on the web.</summary>
    internal string HelpUri { get; init; } = string.Empty;

    internal List<ParameterTopic> Parameters { get; init; } = [];

    internal List<(string Title, string Body)> Examples { get; init; } = [];

    internal static CommandTopic Parse(string text)
    {
        var body = text.ReplaceLineEndings("\n");
        var parts = Markdown.Sections(body, 2).ToDictionary(s => s.Title, s => s.Body);
        return new CommandTopic(Markdown.Sections(body, 1)[0].Title, parts)
        {
            HelpUri = UriPattern().Match(body) is { Success: true } uri ? uri.Groups[1].Value : throw new FormatException("A topic has no HelpUri."),
            Sets = [.. Markdown.Sections(parts["SYNTAX"], 3).Select(s =>
                (s.Title.Replace(" (Default)", string.Empty, StringComparison.Ordinal), Markdown.Fence(s.Body).Code))],
            Parameters = [.. Markdown.Sections(parts["PARAMETERS"], 3).Where(s => s.Title.StartsWith('-'))
                .Select(s => ParameterTopic.Parse(s.Title[1..], s.Body))],
            Examples = Markdown.Sections(parts["EXAMPLES"], 3),
        };
    }

    internal IEnumerable<(string Type, string Text)> Types(string part) => Markdown.Sections(Parts[part], 3);

    [GeneratedRegex("^HelpUri: '(https://.+)'$", RegexOptions.Multiline)]
    private static partial Regex UriPattern();
}
