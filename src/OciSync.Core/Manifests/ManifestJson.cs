using System.Text.Json;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Manifests;

/// <summary>The JSON of manifests, element by element; a wrong shape is a <see cref="FormatException"/>.</summary>
internal static class ManifestJson
{
    // 4 TiB: more than any registry holds, and so small that the sum of all blobs of an image is still a number.
    private const long LargestBlob = 1L << 42;

    /// <summary>Refuses repeated keys, which two readers may take differently, in the whole document.</summary>
    internal static void CheckKeys(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                CheckKeys(item);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            var keys = new HashSet<string>(StringComparer.Ordinal);
            foreach (var property in element.EnumerateObject())
            {
                if (!keys.Add(property.Name))
                {
                    throw new FormatException($"the key '{Printable.Text(property.Name)}' stands twice in one object");
                }

                CheckKeys(property.Value);
            }
        }
    }

    /// <summary>Reads every text once. <exception cref="InvalidOperationException">One is not Unicode.</exception></summary>
    internal static void CheckTexts(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    CheckTexts(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    _ = property.Name;
                    CheckTexts(property.Value);
                }

                break;
        }
    }

    internal static List<Descriptor> ReadList(JsonElement root, string key, int limit)
    {
        var list = new List<Descriptor>();
        if (!root.TryGetProperty(key, out var array) || array.ValueKind == JsonValueKind.Null)
        {
            return list;
        }

        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() > limit)
        {
            throw new FormatException($"'{key}' is not a list, or one of more than {limit} entries");
        }

        list.AddRange(array.EnumerateArray().Select(item => ReadDescriptor(item, key)));
        return list;
    }

    internal static Descriptor? ReadOne(JsonElement root, string key) =>
        root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? ReadDescriptor(value, key) : null;

    internal static IReadOnlyDictionary<string, string> ReadAnnotations(JsonElement element)
    {
        if (!element.TryGetProperty("annotations", out var value) || value.ValueKind != JsonValueKind.Object)
        {
            return Descriptor.NoAnnotations;
        }

        return value.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.String)
            .ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);
    }

    internal static string? Text(JsonElement element, string key)
    {
        if (!element.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : throw new FormatException($"'{key}' is not a text");
        return text!.Length == 0 ? null : text;
    }

    private static Descriptor ReadDescriptor(JsonElement item, string key)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("size", out var size) || size.ValueKind != JsonValueKind.Number)
        {
            throw new FormatException($"an entry of '{key}' is not a descriptor with a size");
        }

        var digest = Digest.Parse(Text(item, "digest") ?? throw new FormatException($"an entry of '{key}' has no digest"));
        var bytes = size.GetInt64();
        if (bytes is < 0 or > LargestBlob)
        {
            throw new FormatException($"an entry of '{key}' has the size {bytes}");
        }

        return new Descriptor(Text(item, "mediaType") ?? string.Empty, digest, bytes)
        {
            ArtifactType = item.TryGetProperty("artifactType", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null,
            Annotations = ReadAnnotations(item),
            Urls = item.TryGetProperty("urls", out var urls) && urls.ValueKind == JsonValueKind.Array
                ? urls.EnumerateArray().Select(u => u.ValueKind == JsonValueKind.String ? u.GetString()! : string.Empty).ToArray()
                : [],
            Platform = ReadPlatform(item),
        };
    }

    private static Platform? ReadPlatform(JsonElement item)
    {
        if (!item.TryGetProperty("platform", out var platform) || platform.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var (os, architecture) = (Text(platform, "os"), Text(platform, "architecture"));

        // The .NET SDK's archives have "platform":{}, which says no more than none.
        return string.IsNullOrEmpty(os) && string.IsNullOrEmpty(architecture)
            ? null
            : Platform.Of(os ?? "unknown", architecture ?? "unknown", Text(platform, "variant"), Text(platform, "os.version"));
    }
}
