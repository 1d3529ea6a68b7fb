using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.References;

namespace OciSync.Core.Manifests;

/// <summary>What a schema 1 manifest says, oldest first: a blob for each step, and the step's old config.</summary>
internal sealed record SchemaOneContent(IReadOnlyList<(Digest Blob, string History)> Steps)
{
    /// <summary>The steps that are layers; the others changed nothing but the config.</summary>
    internal IEnumerable<Digest> Layers => Steps.Where(s => !IsEmpty(Parse(s.History))).Select(s => s.Blob);

    /// <summary>The image's config as schema 2 has it; without diff ids it is for reading alone.</summary>
    internal JsonObject ToConfig(IReadOnlyList<string> diffIds)
    {
        var config = Parse(Steps[Steps.Count - 1].History);
        foreach (var key in new[] { "id", "parent", "Size", "parent_id", "layer_id", "throwaway" })
        {
            config.Remove(key);
        }

        config["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. diffIds.Select(d => (JsonNode)d)]) };
        config["history"] = new JsonArray([.. Steps.Select(s => (JsonNode)History(Parse(s.History)))]);
        return config;
    }

    /// <exception cref="FormatException">It is no JSON object, or an ambiguous one.</exception>
    internal static JsonObject Parse(string history)
    {
        using var document = JsonDocument.Parse(history);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("a 'v1Compatibility' is not a JSON object");
        }

        ManifestJson.CheckTexts(document.RootElement);
        ManifestJson.CheckKeys(document.RootElement);
        return JsonObject.Create(document.RootElement.Clone())!;
    }

    private static bool IsEmpty(JsonObject step) => step["throwaway"] is JsonValue value && value.TryGetValue<bool>(out var empty) && empty;

    private static JsonObject History(JsonObject step)
    {
        var made = new JsonObject();
        foreach (var key in new[] { "created", "author", "comment" })
        {
            if (step[key] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0)
            {
                made[key] = text;
            }
        }

        if (step["container_config"] is JsonObject container && container["Cmd"] is JsonArray command)
        {
            made["created_by"] = string.Join(" ", command.Select(c => c is JsonValue v && v.TryGetValue<string>(out var word) ? word : string.Empty));
        }

        if (IsEmpty(step))
        {
            made["empty_layer"] = true;
        }

        return made;
    }
}
