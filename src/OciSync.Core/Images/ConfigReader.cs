using System.Text.Json;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Images;

/// <summary>Image configurations (image-spec 1.1, "OCI Image Configuration"), verified and at most 4 MiB.</summary>
internal static class ConfigReader
{
    internal static async Task<byte[]> ReadAsync(IImageSource client, Descriptor config, WorkScope work)
    {
        if (config.Size > ManifestReader.MaxSize)
        {
            throw new OciException(
                OciErrorKind.ManifestInvalid, $"The config of '{client.DisplayName}' has {config.Size} bytes; at most {ManifestReader.MaxSize} are read.");
        }

        return await client.Connection.Retry.RunAsync(token => ReadOnceAsync(client, config, token), work).ConfigureAwait(false);
    }

    // Each mirror that spoils it is left out in the next round; the registry's own answer counts.
    private static async Task<byte[]> ReadOnceAsync(IImageSource client, Descriptor config, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var opened = await client.OpenBlobAsync(config.Digest, 0, cancellationToken).ConfigureAwait(false);
            try
            {
                var bytes = await opened.Answer.ReadAllAsync(ManifestReader.MaxSize).ConfigureAwait(false);
                var actual = Digest.Of(bytes, config.Digest.Algorithm);
                return actual == config.Digest && bytes.Length == config.Size
                    ? bytes
                    : throw new OciException(
                        OciErrorKind.DigestMismatch,
                        $"{client.NameBlob(config.Digest)} (a config) came with other bytes: {bytes.Length} of the digest {actual}, where {config.Size} were "
                        + "due.");
            }
            catch (OciException e) when (opened.Mirror is not null)
            {
                client.Spoil(opened.Mirror, config.Digest, e);
            }
        }
    }

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
