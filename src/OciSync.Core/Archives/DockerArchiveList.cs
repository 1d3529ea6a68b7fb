using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Archives;

/// <summary>The images of a Docker archive that is written: an image that comes again under another name is one with two names.</summary>
internal sealed class DockerArchiveList
{
    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<DockerArchiveImage> _images = [];
    private readonly Dictionary<string, DockerArchiveImage> _byName = new(StringComparer.Ordinal);

    internal IReadOnlyList<DockerArchiveImage> Images => _images;

    internal static string ConfigName(DockerArchiveImage image) => image.ConfigDigest.Hex + ".json";

    internal void Add(string reference, Manifest manifest, Digest made, IReadOnlyList<Digest> diffs, byte[] config)
    {
        var image = _images.Find(i => i.Made == made);
        if (image is null)
        {
            _images.Add(image = new DockerArchiveImage(manifest.Digest, manifest.MediaType, made, manifest.Config!.Digest, config, diffs));
        }

        _byName[reference] = image;
        if (IsName(reference) && !image.Tags.Contains(reference))
        {
            image.Tags.Add(reference);
        }
    }

    internal DockerArchiveImage? Find(string reference) => _byName.TryGetValue(reference, out var image) ? image : null;

    internal byte[] ToJson(Func<Digest, string> layerName) => JsonSerializer.SerializeToUtf8Bytes(
        new JsonArray([.. _images.Select(i => new JsonObject
        {
            ["Config"] = ConfigName(i),
            ["RepoTags"] = i.Tags.Count == 0 ? null : Texts(i.Tags),
            ["Layers"] = Texts(i.Diffs.Select(layerName)),
        })]),
        Format);

    /// <summary>What programs from before 2016 read: the last layer of each name. Null where no image has a name and a layer.</summary>
    internal byte[]? ToRepositories()
    {
        var root = new JsonObject();
        foreach (var (image, tag) in _images.Where(i => i.Diffs.Count > 0).SelectMany(i => i.Tags.Select(t => (i, ImageReference.Parse(t)))))
        {
            if (root[tag.Name] is not JsonObject tags)
            {
                root[tag.Name] = tags = [];
            }

            tags[tag.Tag!] = LegacyLayer.Of(image)[image.Diffs.Count - 1].Id;
        }

        return root.Count == 0 ? null : JsonSerializer.SerializeToUtf8Bytes(root, Format);
    }

    private static bool IsName(string reference) =>
        reference.Length > 0 && !reference.StartsWith(ImageLocation.UnnamedImage, StringComparison.Ordinal) && !Digest.TryParse(reference, out _, out _);

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)JsonValue.Create(t))]);
}
