using System.Text.Json;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Conversion;

/// <summary>
/// How the layers of an image are packed, as its configs show: a layer whose digest is the one that the config has of its unpacked bytes
/// (<c>rootfs.diff_ids</c>) is plain, whatever its media type says. No layer is read for that.
/// </summary>
internal sealed class LayerFacts
{
    /// <summary>Nothing is known but the media types.</summary>
    internal static readonly LayerFacts None = new();

    private readonly HashSet<Digest> _plain = [];
    private readonly HashSet<Digest> _packed = [];

    private LayerFacts()
    {
    }

    /// <summary>Reads the configs of all images of a tree. One that can't be understood says nothing.</summary>
    internal static async Task<LayerFacts> ReadAsync(IImageSource source, ImageTree tree, WorkScope work)
    {
        var facts = new LayerFacts();
        await Throttle.ForEachAsync(
            tree.Children.Append(tree.Root).Where(IsImage).GroupBy(m => m.Config!.Digest).ToList(),
            source.Connection.Options.MaxConnectionsPerRegistry,
            async (images, token) =>
            {
                var bytes = await ConfigReader.ReadAsync(source, images.First().Config!, work.With(token)).ConfigureAwait(false);
                var diffIds = FindDiffIds(bytes, source.DisplayName);
                lock (facts)
                {
                    images.ToList().ForEach(i => facts.Learn(i, diffIds));
                }
            },
            work.Token).ConfigureAwait(false);
        return facts;
    }

    /// <summary>How a layer is packed; null when it isn't plain, as its type says, and nobody knows what it is.</summary>
    internal LayerEncoding? EncodingOf(Descriptor layer, LayerType type) =>
        _plain.Contains(layer.Digest) ? LayerEncoding.None
        : type.Encoding == LayerEncoding.None && _packed.Contains(layer.Digest) ? null
        : type.Encoding;

    /// <summary>The digests of the unpacked layers that a config names; empty when it names none.</summary>
    internal static IReadOnlyList<string> DiffIdsOf(JsonElement config) =>
        config.ValueKind == JsonValueKind.Object && config.TryGetProperty("rootfs", out var root) && root.ValueKind == JsonValueKind.Object
        && root.TryGetProperty("diff_ids", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(d => d.ValueKind == JsonValueKind.String ? d.GetString()! : string.Empty).ToList()
            : [];

    private static bool IsImage(Manifest manifest) => manifest.Config is { } config && MediaTypes.IsImageConfig(config.MediaType);

    private static IReadOnlyList<string> FindDiffIds(byte[] bytes, string name)
    {
        try
        {
            using var config = ConfigReader.Parse(bytes, name);
            return DiffIdsOf(config.RootElement);
        }
        catch (OciException)
        {
            // Who packs its layers reads it again and refuses it; a new media type alone doesn't depend on it.
            return [];
        }
    }

    private void Learn(Manifest image, IReadOnlyList<string> diffIds)
    {
        for (var i = 0; i < image.Layers.Count && diffIds.Count == image.Layers.Count; i++)
        {
            var digest = image.Layers[i].Digest;
            _ = digest.ToString() == diffIds[i] ? _plain.Add(digest) : digest.Algorithm == "sha256" && _packed.Add(digest);
        }
    }
}
