using System.Text.Json;
using System.Text.Json.Nodes;

namespace OciSync.Testing.Registry.Storage;

/// <summary>What a registry has to know of a manifest.</summary>
internal sealed record ManifestView(
    string? MediaType,
    IReadOnlyList<string> Blobs,
    IReadOnlyList<string> Children,
    string? Subject,
    string? ArtifactType,
    JsonNode? Annotations,
    bool IsAmbiguous,
    bool NamesEmptyConfig)
{
    private const string EmptyType = "application/vnd.oci.empty.v1+json";

    internal static ManifestView Parse(ReadOnlySpan<byte> bytes)
    {
        var root = JsonSerializer.Deserialize<JsonNode>(bytes) as JsonObject ?? throw new JsonException("The manifest is not a JSON object.");
        var config = root["config"] as JsonObject;
        var layers = Objects(root["layers"]);
        var children = Objects(root["manifests"]);
        var blobs = layers.Where(layer => layer["urls"] is not JsonArray { Count: > 0 }).Select(DigestOf).ToList();
        if (config is not null)
        {
            blobs.Add(DigestOf(config));
        }

        return new ManifestView(
            Text(root["mediaType"]),
            blobs,
            [.. children.Select(DigestOf)],
            root["subject"] is JsonObject subject ? DigestOf(subject) : null,
            Text(root["artifactType"]) ?? Text(config?["mediaType"]),
            root["annotations"],
            root["layers"] is not null && root["manifests"] is not null,
            Text(config?["mediaType"]) == EmptyType || layers.Any(layer => Text(layer["mediaType"]) == EmptyType));
    }

    private static string DigestOf(JsonObject descriptor) =>
        Text(descriptor["digest"]) ?? throw new JsonException("A descriptor has no digest.");

    private static List<JsonObject> Objects(JsonNode? node) => node is JsonArray array ? [.. array.OfType<JsonObject>()] : [];

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
