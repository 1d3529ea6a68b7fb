namespace OciSync.HelpBuilder;

/// <summary>One cmdlet's topic in the schema of Microsoft.PowerShell.PlatyPS 1.0.</summary>
internal sealed record CommandTopic(string Name, Dictionary<string, string> Parts)
{
    internal List<string> Sets { get; init; } = [];

    internal List<ParameterTopic> Parameters { get; init; } = [];

    internal List<(string Title, string Body)> Examples { get; init; } = [];

    internal static CommandTopic Parse(string text)
    {
        var body = text.ReplaceLineEndings("\n");
        var parts = Markdown.Sections(body, 2).ToDictionary(s => s.Title, s => s.Body);
        return new CommandTopic(Markdown.Sections(body, 1)[0].Title, parts)
        {
            Sets = [.. Markdown.Sections(parts["SYNTAX"], 3).Select(s => s.Title.Replace(" (Default)", string.Empty, StringComparison.Ordinal))],
            Parameters = [.. Markdown.Sections(parts["PARAMETERS"], 3).Where(s => s.Title.StartsWith('-'))
                .Select(s => ParameterTopic.Parse(s.Title[1..], s.Body))],
            Examples = Markdown.Sections(parts["EXAMPLES"], 3),
        };
    }

    internal IEnumerable<(string Type, string Text)> Types(string part) => Markdown.Sections(Parts[part], 3);
}
