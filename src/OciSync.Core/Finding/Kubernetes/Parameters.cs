using System.Text.RegularExpressions;
using OciSync.Core.Finding.Documents;
using OciSync.Core.Yaml;

namespace OciSync.Core.Finding.Kubernetes;

/// <summary>
/// Parameters that an object sets itself: of Tekton (<c>$(params.x)</c>, by their defaults) and Argo Workflows
/// (<c>{{workflow.parameters.x}}</c>, <c>{{inputs.parameters.x}}</c>, by their values).
/// </summary>
internal sealed class Parameters
{
    private static readonly Regex Use = new(
        @"\$\((?:inputs\.)?params\.(?<n>[A-Za-z0-9_.-]+)\)|\{\{\s*(?:workflow|inputs)\.parameters\.(?<n>[A-Za-z0-9_.-]+)\s*\}\}", RegexOptions.CultureInvariant);

    private readonly Dictionary<string, SourceNode> _values = new(StringComparer.Ordinal);

    /// <summary>Takes in a list <c>params</c> or <c>parameters</c>.</summary>
    internal void Add(SourceNode list)
    {
        foreach (var item in list.Items)
        {
            if (item.TextOf("name") is { } name && (item.Find("default") ?? item.Find("value")) is { IsScalar: true } value && !_values.ContainsKey(name))
            {
                _values.Add(name, value);
            }
        }
    }

    internal static bool IsUsedIn(string text) => text.IndexOf("$(", StringComparison.Ordinal) >= 0 || text.IndexOf("{{", StringComparison.Ordinal) >= 0;

    /// <summary>
    /// The text with the values of parameters, and whether it is one of them alone. A parameter without a value stays as it is.
    /// </summary>
    internal (WrittenText Text, bool IsWhole) Expand(WrittenText text)
    {
        var result = new WrittenTextBuilder(text.Style);
        var at = 0;
        var isWhole = false;
        foreach (Match match in Use.Matches(text.Value))
        {
            result.Append(text.Slice(at, match.Index - at));
            if (_values.TryGetValue(match.Groups["n"].Value, out var value))
            {
                result.Append(WrittenText.Of(value));
                isWhole = match.Length == text.Value.Length;
            }
            else
            {
                result.Append(text.Slice(match.Index, match.Length));
            }

            at = match.Index + match.Length;
        }

        result.Append(text.Slice(at));
        return (result.ToText(), isWhole);
    }
}
