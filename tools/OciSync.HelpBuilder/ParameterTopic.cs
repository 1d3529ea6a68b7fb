namespace OciSync.HelpBuilder;

/// <summary>One parameter: its text and the facts of its YAML block.</summary>
internal sealed record ParameterTopic(string Name, string Description, string Type, string Default, bool Wildcards, string[] Aliases)
{
    internal List<ParameterSet> Sets { get; init; } = [];

    internal string ShortType => Type switch
    {
        "System.Management.Automation.SwitchParameter" => string.Empty,
        "System.Management.Automation.PSCredential" => "pscredential",
        "System.Int32" => "int",
        _ => Type[(Type.LastIndexOf('.') + 1)..].Replace("String", "string", StringComparison.Ordinal),
    };

    internal ParameterSet? In(string set) => Sets.FirstOrDefault(s => s.Name == set) ?? Sets.FirstOrDefault(s => s.Name == "(All)");

    internal static ParameterTopic Parse(string name, string body)
    {
        var (yaml, text) = Markdown.Fence(body);
        var facts = new Dictionary<string, string>();
        var lists = new Dictionary<string, List<string>>();
        var sets = new List<Dictionary<string, string>>();
        var key = string.Empty;
        foreach (var line in yaml.Split('\n'))
        {
            var item = line.StartsWith("- ", StringComparison.Ordinal);
            var content = line.TrimStart('-', ' ');
            var colon = content.IndexOf(':');
            var isPair = colon > 0 && (colon + 1 == content.Length || content[colon + 1] == ' ');
            var value = isPair ? content[(colon + 1)..].Trim().Trim('\'') : content;
            if (!item && !line.StartsWith(' ') && isPair)
            {
                key = content[..colon];
                facts[key] = value;
            }
            else if (key == "ParameterSets" && isPair)
            {
                if (item)
                {
                    sets.Add([]);
                }

                sets[^1][content[..colon]] = value;
            }
            else if (item)
            {
                lists.TryAdd(key, []);
                lists[key].Add(content);
            }
        }

        return new ParameterTopic(
            name, text, facts["Type"], facts["DefaultValue"], facts["SupportsWildcards"] == "true", [.. lists.GetValueOrDefault("Aliases", [])])
        {
            Sets = [.. sets.Select(s => new ParameterSet(
                s["Name"],
                s["Position"],
                s["IsRequired"] == "true",
                s["ValueFromPipeline"] == "true",
                s["ValueFromPipelineByPropertyName"] == "true"))],
        };
    }
}
