using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Layouts;

/// <summary>The content of an <c>index.json</c>: its images, and the same bytes with one image more. What it says beyond that stays.</summary>
internal sealed partial class LayoutIndex
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
    private readonly string _place;

    private LayoutIndex(byte[] content, string path, string place, IReadOnlyList<LayoutEntry> entries)
    {
        _content = content;
        _path = path;
        _place = place;
        Entries = entries;
    }

    internal IReadOnlyList<LayoutEntry> Entries { get; }

    /// <param name="content">The file.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <param name="place">How its images are asked for, without their names: <c>oci:path</c>, <c>oci-archive:path</c>.</param>
    /// <exception cref="OciException">It is no such index.</exception>
    internal static LayoutIndex Read(byte[] content, string path, string place)
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
            return new LayoutIndex(content, path, place, CosignKinds.Name(list.Select((d, i) => new LayoutEntry(i, d)).ToList()));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new OciException(OciErrorKind.LayoutInvalid, $"'{path}' is not the index of an OCI layout: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>The entries of a name, a place (<c>@0</c>) or a digest. A name is also the tag alone, or the whole name, where that is no other's.</summary>
    internal IReadOnlyList<LayoutEntry> FindAll(string reference)
    {
        if (reference.StartsWith("@", StringComparison.Ordinal))
        {
            return Entries.Where(e => "@" + e.Index == reference).ToList();
        }

        if (Digest.TryParse(reference.TrimStart('*'), out var digest, out _))
        {
            return Entries.Where(e => e.Manifest.Digest == digest).Take(1).ToList();
        }

        var named = Entries.Where(e => e.Name == reference).ToList();
        if (named.Count == 0 && ImageReference.TryParse(reference, out var whole, out _))
        {
            whole = whole!.WithDefaultTag();
            named = Entries.Where(e => e.FullName == whole).ToList();
        }

        return named.Count > 0 ? named : Entries.Where(e => e.RefName == reference).ToList();
    }

    /// <summary>The names there are, for a message.</summary>
    internal string Describe()
    {
        var names = Entries.Where(e => !e.IsReferrer).Select(e => e.Name ?? "@" + e.Index).ToList();
        return names.Count == 0
            ? "it has none"
            : "it has " + string.Join(", ", names.Take(ShownNames).Select(Printable.Text)) + (names.Count > ShownNames ? ", …" : string.Empty);
    }

    /// <summary>The failure that says that one of several images has to be chosen, and how.</summary>
    internal OciException Ambiguous(string fault, IReadOnlyList<LayoutEntry> entries)
    {
        var shown = entries.Take(ShownNames).Select(e => Suggest(e, entries)).ToList();
        var rest = entries.Count > ShownNames ? ", …" : string.Empty;
        return new(OciErrorKind.LayoutInvalid, $"'{_path}': {fault}. Say which one: {string.Join(", ", shown)}{rest}.");
    }

    /// <summary>An entry as it stands in the index, for the caller to change.</summary>
    internal JsonObject JsonOf(LayoutEntry entry) => JsonNode.Parse(_content)!["manifests"]![entry.Index]!.DeepClone().AsObject();

    /// <summary>The bytes of the index with this image; null when it is there already. An image that loses its name stays without one.</summary>
    /// <param name="manifest">The image.</param>
    /// <param name="name">Its name in the layout, or null.</param>
    /// <param name="fullName">Its name with registry and tag, for who reads that; or null.</param>
    internal byte[]? With(Manifest manifest, string? name, string? fullName = null)
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

        // A list of signatures that another takes the place of is no image that somebody may still want.
        var replaced = Entries.Where(e => IsOther(e, manifest, name) && IsReplaced(e, name)).Select(e => list[e.Index]!).ToList();
        foreach (var entry in Entries.Where(e => IsOther(e, manifest, name) && !IsReplaced(e, name)))
        {
            var annotations = list[entry.Index]!["annotations"]!.AsObject();
            annotations.Remove(LayoutEntry.NameKey);
            if (entry.Name == name)
            {
                annotations.Remove(LayoutEntry.FullNameKey);
            }
        }

        var unnamed = Entries.FirstOrDefault(e => e.Manifest.Digest == manifest.Digest && e.Name is null);
        if (unnamed is null)
        {
            list.Add(Describe(manifest, name, fullName));
        }
        else if (name is not null)
        {
            var annotations = list[unnamed.Index]!["annotations"] as JsonObject ?? [];
            AddNames(annotations, name, fullName);
            list[unnamed.Index]!["annotations"] = annotations.Parent is null ? annotations : annotations.DeepClone();
        }

        replaced.ForEach(r => list.Remove(r));
        return JsonSerializer.SerializeToUtf8Bytes(root, Format);
    }

    /// <summary>The bytes of the index without some of its images.</summary>
    internal byte[] Without(IReadOnlyList<LayoutEntry> entries)
    {
        var root = JsonNode.Parse(_content)!.AsObject();
        var list = root["manifests"]!.AsArray();
        foreach (var entry in entries.OrderByDescending(e => e.Index))
        {
            list.RemoveAt(entry.Index);
        }

        return JsonSerializer.SerializeToUtf8Bytes(root, Format);
    }

    private static bool IsOther(LayoutEntry entry, Manifest manifest, string? name) =>
        name is not null && (entry.Name == name || entry.RefName == name) && entry.Manifest.Digest != manifest.Digest;

    private static bool IsReplaced(LayoutEntry entry, string? name) => entry.Name == name && entry.AttachedTo is not null;

    private static void AddNames(JsonObject annotations, string name, string? fullName)
    {
        annotations[LayoutEntry.NameKey] = name;
        if (fullName is not null)
        {
            annotations[LayoutEntry.FullNameKey] = fullName;
        }
    }

    private static JsonObject Describe(Manifest manifest, string? name, string? fullName)
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
            var annotations = new JsonObject();
            AddNames(annotations, name, fullName);
            entry["annotations"] = annotations;
        }

        return entry;
    }

    // By its name, or by its place where others have the name too.
    private string Suggest(LayoutEntry entry, IReadOnlyList<LayoutEntry> all)
    {
        var name = entry.Name is null ? null : Printable.Text(entry.Name);
        return entry.Content is not null || (name is not null && all.Count(e => e.Name == entry.Name) == 1)
            ? _place + (name is null ? string.Empty : ":" + name)
            : $"{_place}:@{entry.Index}" + (entry.FullName is { } full ? $" ({full})" : string.Empty);
    }
}
