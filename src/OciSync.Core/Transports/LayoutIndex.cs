using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Transports;

/// <summary>The content of an <c>index.json</c>: its images, and the same bytes with one image more. What it says beyond that stays.</summary>
internal sealed class LayoutIndex
{
    internal const string FileName = "index.json";
    internal const int MaxSize = 64 * 1024 * 1024;
    private const int MaxEntries = 200_000;
    private const int ShownNames = 10;

    internal static readonly byte[] Empty =
        JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.OciIndex, ["manifests"] = new JsonArray() });

    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly byte[] _content;
    private readonly string _path;

    private LayoutIndex(byte[] content, string path, IReadOnlyList<LayoutEntry> entries)
    {
        _content = content;
        _path = path;
        Entries = entries;
    }

    internal IReadOnlyList<LayoutEntry> Entries { get; }

    internal static LayoutIndex Read(byte[] content, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = 64 });
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("manifests", out _))
            {
                throw new FormatException("it is not an object with a list of manifests");
            }

            ManifestJson.CheckTexts(document.RootElement);
            ManifestJson.CheckKeys(document.RootElement);
            var list = ManifestJson.ReadList(document.RootElement, "manifests", MaxEntries);
            return new LayoutIndex(content, path, list.Select((d, i) => new LayoutEntry(i, d)).ToList());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new OciException(OciErrorKind.LayoutInvalid, $"'{path}' is not the index of an OCI layout: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>The entry of a name, a place (<c>@0</c>), a digest or the only one there is; or null.</summary>
    internal LayoutEntry? Find(string reference)
    {
        if (reference == ImageLocation.OnlyImage)
        {
            return Entries.Count == 0 ? null : Entries.Count == 1 ? Entries[0] : throw Ambiguous($"there are {Entries.Count} images; say which one");
        }

        if (reference.StartsWith("@", StringComparison.Ordinal))
        {
            return Entries.FirstOrDefault(e => "@" + e.Index == reference);
        }

        if (Digest.TryParse(reference.TrimStart('*'), out var digest, out _))
        {
            return Entries.FirstOrDefault(e => e.Manifest.Digest == digest);
        }

        var named = Entries.Where(e => e.Name == reference).ToList();
        return named.Select(e => e.Manifest.Digest).Distinct().Count() <= 1
            ? named.FirstOrDefault()
            : throw Ambiguous($"{named.Count} different images are called '{reference}'");
    }

    /// <summary>The names there are, for a message.</summary>
    internal string Describe()
    {
        var names = Entries.Select(e => e.Name ?? "@" + e.Index).ToList();
        return names.Count == 0 ? "it has none" : "it has " + string.Join(", ", names.Take(ShownNames).Select(Printable.Text)) + (names.Count > ShownNames ? ", …" : string.Empty);
    }

    /// <summary>The bytes of the index with this image; null when it is there already. An image that loses its name stays without one.</summary>
    internal byte[]? With(Manifest manifest, string? name)
    {
        if (Entries.Any(e => e.Manifest.Digest == manifest.Digest && (name is null || e.Name == name)) && !Entries.Any(e => IsOther(e, manifest, name)))
        {
            return null;
        }

        var root = JsonNode.Parse(_content)!.AsObject();
        if (root["manifests"] is not JsonArray list)
        {
            root["manifests"] = list = [];
        }

        foreach (var entry in Entries.Where(e => IsOther(e, manifest, name)))
        {
            list[entry.Index]!["annotations"]!.AsObject().Remove(LayoutEntry.NameKey);
        }

        var unnamed = Entries.FirstOrDefault(e => e.Manifest.Digest == manifest.Digest && e.Name is null);
        if (unnamed is null)
        {
            list.Add(Describe(manifest, name));
        }
        else if (name is not null)
        {
            var annotations = list[unnamed.Index]!["annotations"] as JsonObject ?? [];
            annotations[LayoutEntry.NameKey] = name;
            list[unnamed.Index]!["annotations"] = annotations.Parent is null ? annotations : annotations.DeepClone();
        }

        return JsonSerializer.SerializeToUtf8Bytes(root, Format);
    }

    private static bool IsOther(LayoutEntry entry, Manifest manifest, string? name) =>
        name is not null && entry.Name == name && entry.Manifest.Digest != manifest.Digest;

    private static JsonObject Describe(Manifest manifest, string? name)
    {
        var entry = new JsonObject
        {
            ["mediaType"] = manifest.MediaType,
            ["digest"] = manifest.Digest.ToString(),
            ["size"] = manifest.Content.Length,
        };
        if (manifest.ArtifactType is not null)
        {
            entry["artifactType"] = manifest.ArtifactType;
        }

        if (name is not null)
        {
            entry["annotations"] = new JsonObject { [LayoutEntry.NameKey] = name };
        }

        return entry;
    }

    private OciException Ambiguous(string fault) =>
        new(OciErrorKind.LayoutInvalid, $"'{_path}': {fault}, oci:path:name or oci:path:@0 ({Describe()}).");
}
