using System.Text.Json;
using OciSync.Core.References;

namespace OciSync.Core.Manifests;

/// <summary>Docker's schema 1 manifests, signed or not. Only what was signed is read; who signed it isn't known and not asked.</summary>
internal static class SchemaOneReader
{
    /// <exception cref="FormatException">It is none that can be read.</exception>
    internal static Manifest Read(byte[] content, Digest digest)
    {
        var payload = ManifestDigest.PayloadOf(content);
        using var document = JsonDocument.Parse(payload ?? content, new JsonDocumentOptions { MaxDepth = 64 });
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("it is not a JSON object");
        }

        ManifestJson.CheckTexts(root);
        ManifestJson.CheckKeys(root);
        if (new[] { "layers", "manifests", "config" }.FirstOrDefault(k => root.TryGetProperty(k, out _)) is { } other)
        {
            throw new FormatException($"it is of schema 1 and has '{other}' as well");
        }

        var blobs = Items(root, "fsLayers");
        var history = Items(root, "history");
        if (blobs.Count == 0 || blobs.Count != history.Count)
        {
            throw new FormatException($"it has {blobs.Count} layers and {history.Count} entries of history");
        }

        var steps = blobs.Zip(history, (b, h) => (Digest.Parse(Text(b, "blobSum")), Text(h, "v1Compatibility"))).Reverse().ToList();
        steps.ForEach(s => SchemaOneContent.Parse(s.Item2));
        var old = new SchemaOneContent(steps);
        return new Manifest(content, payload is null ? MediaTypes.SchemaOne : MediaTypes.SignedSchemaOne, digest)
        {
            SchemaOne = old,
            Layers = old.Layers.Select(l => new Descriptor("application/vnd.docker.image.rootfs.diff.tar.gzip", l, 0)).ToList(),
        };
    }

    private static List<JsonElement> Items(JsonElement root, string key) =>
        root.TryGetProperty(key, out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() <= ManifestReader.MaxDescriptors
            ? [.. list.EnumerateArray()]
            : throw new FormatException($"'{key}' is not a list, or too long a one");

    private static string Text(JsonElement item, string key) =>
        item.ValueKind == JsonValueKind.Object && ManifestJson.Text(item, key) is { } text ? text : throw new FormatException($"an entry has no '{key}'");
}
