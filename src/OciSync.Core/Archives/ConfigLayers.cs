using System.Text.Json;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Archives;

/// <summary>The digests of the unpacked layers that an image's config names (<c>rootfs.diff_ids</c>).</summary>
internal static class ConfigLayers
{
    internal static IReadOnlyList<Digest> Read(byte[] config, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(config);
            ManifestJson.CheckKeys(document.RootElement);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("rootfs", out var rootfs) && rootfs.ValueKind == JsonValueKind.Object
                && rootfs.TryGetProperty("diff_ids", out var list) && list.ValueKind is JsonValueKind.Array or JsonValueKind.Null
                ? list.ValueKind == JsonValueKind.Null ? [] : list.EnumerateArray().Select(d => Digest.Parse(d.GetString() ?? string.Empty)).ToList()
                : throw new FormatException("it names no layers (rootfs.diff_ids)");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new OciException(OciErrorKind.ManifestInvalid, $"{name} is not the config of an image: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
