using System.Text.Json;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Archives;

/// <summary>The images that <c>manifest.json</c> of a Docker archive lists.</summary>
internal sealed class DockerArchiveIndex
{
    internal const string FileName = "manifest.json";
    private const int MaxImages = 20_000;
    private const int MaxLayers = 2_000;
    private const int ShownNames = 10;

    private readonly string _path;
    private readonly HashSet<string> _shared;

    private DockerArchiveIndex(string path, IReadOnlyList<DockerArchiveItem> items)
    {
        _path = path;
        Items = items;
        _shared = new(items.SelectMany(i => i.Tags.Distinct()).GroupBy(t => t).Where(g => g.Count() > 1).Select(g => g.Key), StringComparer.Ordinal);
    }

    internal IReadOnlyList<DockerArchiveItem> Items { get; }

    internal static DockerArchiveIndex Read(byte[] content, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = 32 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Array || root.GetArrayLength() > MaxImages)
            {
                throw new FormatException($"it is not a list of at most {MaxImages} images");
            }

            ManifestJson.CheckKeys(root);
            return new DockerArchiveIndex(path, root.EnumerateArray().Select(ReadItem).ToList());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new OciException(
                OciErrorKind.ArchiveInvalid, $"'{FileName}' in '{path}' is not the list of images of a Docker archive: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>The image of a name or place (<c>@0</c>), or the only one there is; or null.</summary>
    internal DockerArchiveItem? Find(string reference)
    {
        if (reference == ImageLocation.OnlyImage)
        {
            return Items.Count == 0 ? null : Items.Count == 1 ? Items[0] : throw new OciException(
                OciErrorKind.ArchiveInvalid,
                $"'{_path}': there are {Items.Count} images. Say which one: {Suggest(Items)}.");
        }

        if (reference.StartsWith("@", StringComparison.Ordinal))
        {
            return Items.FirstOrDefault(i => "@" + i.Index == reference);
        }

        var named = Items.Where(i => i.Tags.Contains(reference)).ToList();
        return named.Count <= 1
            ? named.Count == 0 ? null : named[0]
            : throw new OciException(
                OciErrorKind.ArchiveInvalid, $"'{_path}': {named.Count} images are called '{Printable.Text(reference)}'. Say which one: {Suggest(named)}.");
    }

    // By its name, or by its place where others have the name too.
    private string Suggest(IReadOnlyList<DockerArchiveItem> items)
    {
        var shown = items.Take(ShownNames)
            .Select(i => $"docker-archive:{_path}:" + (i.Tags.FirstOrDefault(t => !IsShared(t)) ?? "@" + i.Index));
        return string.Join(", ", shown) + (items.Count > ShownNames ? ", …" : string.Empty);
    }

    /// <summary>Whether several images have a name.</summary>
    internal bool IsShared(string tag) => _shared.Contains(tag);

    /// <summary>The names there are, for a message.</summary>
    internal string Describe()
    {
        var names = Items.SelectMany(i => i.Tags.Count > 0 ? i.Tags : ["@" + i.Index]).ToList();
        return names.Count == 0
            ? "it has none"
            : "it has " + string.Join(", ", names.Take(ShownNames).Select(Printable.Text)) + (names.Count > ShownNames ? ", …" : string.Empty);
    }

    private static DockerArchiveItem ReadItem(JsonElement item, int index)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("an entry of it is no object");
        }

        var config = ManifestJson.Text(item, "Config") ?? throw new FormatException("an entry of it names no 'Config'");
        var layers = ReadTexts(item, "Layers");
        return layers.Count <= MaxLayers
            ? new DockerArchiveItem(index, config, ReadTexts(item, "RepoTags").Select(ReadTag).ToList(), layers)
            : throw new FormatException($"an image in it has {layers.Count} layers; at most {MaxLayers} are read");
    }

    private static List<string> ReadTexts(JsonElement item, string key)
    {
        if (!item.TryGetProperty(key, out var list) || list.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(t => t.ValueKind == JsonValueKind.String)
            ? list.EnumerateArray().Select(t => t.GetString()!).ToList()
            : throw new FormatException($"'{key}' is not a list of texts");
    }

    private static string ReadTag(string tag) =>
        ImageReference.TryParse(tag, out var reference, out var fault) && reference!.Digest is null
            ? reference.WithDefaultTag().ToString()
            : throw new FormatException($"'{Printable.Text(tag)}' is no name of an image: {fault ?? "it has a digest"}");
}
