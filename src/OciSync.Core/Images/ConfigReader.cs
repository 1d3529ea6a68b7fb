using System.Text.Json;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Images;

/// <summary>Image configurations (image-spec 1.1, "OCI Image Configuration"), verified and at most 4 MiB.</summary>
internal static class ConfigReader
{
    internal static Task<byte[]> ReadAsync(IImageSource client, Descriptor config, WorkScope work) => SmallBlob.ReadAsync(client, config, "config", work);

    internal static async Task<Platform?> ReadPlatformAsync(IImageSource client, Descriptor config, WorkScope work)
    {
        var bytes = await ReadAsync(client, config, work).ConfigureAwait(false);
        using var document = Parse(bytes, client.DisplayName);
        return ReadPlatform(document.RootElement);
    }

    /// <summary>A config whose every text can be read.</summary>
    internal static JsonDocument Parse(byte[] bytes, string name)
    {
        try
        {
            var document = JsonDocument.Parse(bytes);
            ManifestJson.CheckTexts(document.RootElement);
            return document;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new OciException(OciErrorKind.ManifestInvalid, $"The config of '{name}' is not JSON.", e);
        }
    }

    internal static Platform? ReadPlatform(JsonElement config)
    {
        if (config.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var os = Text(config, "os");
        var architecture = Text(config, "architecture");
        return os is null || architecture is null ? null : Platform.Of(os, architecture, Text(config, "variant"), Text(config, "os.version"));
    }

    internal static string? Text(JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() is { Length: > 0 } text ? text : null
            : null;
}
