using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Layouts;

/// <summary>
/// The platforms of one image that a layout's index lists itself, under one name or without any (apko and others write it so): together
/// they are the image, by an index that is made of them. The same entries give the same bytes.
/// </summary>
internal static class LayoutGroup
{
    /// <summary>The image that the entries are together; null when they are several images.</summary>
    internal static LayoutEntry? TryCreate(LayoutIndex index, IReadOnlyList<LayoutEntry> entries)
    {
        var parts = entries.GroupBy(e => e.Manifest.Digest).Select(g => g.First()).ToList();
        var platforms = parts.Select(p => p.Manifest.Platform?.ToString()).Distinct().ToList();
        if (parts.Count < 2 || platforms.Count != parts.Count || parts.Exists(p => p.Manifest.Platform is null || MediaTypes.IsIndex(p.Manifest.MediaType)))
        {
            return null;
        }

        var content = JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.OciIndex,
            ["manifests"] = new JsonArray([.. parts.Select(p => (JsonNode)Describe(index.JsonOf(p)))]),
        });
        var names = parts[0].Manifest.Annotations.Where(a => a.Key is LayoutEntry.NameKey or LayoutEntry.FullNameKey).ToDictionary(a => a.Key, a => a.Value);
        var made = new Descriptor(MediaTypes.OciIndex, Digest.Of(content), content.Length) { Annotations = names };
        return new LayoutEntry(-1, made) { Parts = parts, Content = content };
    }

    // As it stands there, but for the names, which belong to the layout and not to the image.
    private static JsonObject Describe(JsonObject part)
    {
        part["mediaType"] ??= MediaTypes.OciManifest;
        if (part["annotations"] is JsonObject annotations)
        {
            annotations.Remove(LayoutEntry.NameKey);
            annotations.Remove(LayoutEntry.FullNameKey);
            if (annotations.Count == 0)
            {
                part.Remove("annotations");
            }
        }

        return part;
    }
}
