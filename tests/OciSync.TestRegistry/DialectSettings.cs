using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Testing.Registry;

namespace OciSync.TestRegistry;

/// <summary>A dialect by name, with single properties changed: <c>--dialect acr --set MaxUploadBody=5000</c>; lists are JSON.</summary>
internal static class DialectSettings
{
    internal static RegistryDialect Read(string? name, IEnumerable<string> settings)
    {
        var json = JsonSerializer.SerializeToNode(RegistryDialects.Get(name ?? "default"))!.AsObject();
        foreach (var setting in settings)
        {
            var (property, text) = setting.IndexOf('=') is > 0 and var at ? (setting[..at], setting[(at + 1)..]) : (setting, "true");
            if (!json.ContainsKey(property))
            {
                throw new FormatException($"A dialect has no property '{property}'. There are: {string.Join(", ", json.Select(pair => pair.Key))}.");
            }

            json[property] = Parse(property, text);
        }

        return json.Deserialize<RegistryDialect>()!;
    }

    private static JsonNode? Parse(string property, string text)
    {
        try
        {
            return JsonNode.Parse(text.ToLowerInvariant() is "true" or "false" ? text.ToLowerInvariant() : text);
        }
        catch (JsonException)
        {
            throw new FormatException($"The value of {property} is not a number, true, false or a JSON list: '{text}'.");
        }
    }
}
