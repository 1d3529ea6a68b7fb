using System.Text.Json;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Transports;

namespace OciSync.Core.Manifests;

/// <summary>Image configurations (image-spec 1.1, "OCI Image Configuration"), verified and at most 4 MiB.</summary>
internal static class ConfigReader
{
    internal static async Task<byte[]> ReadAsync(IImageSource client, Descriptor config, Action? onRetry, CancellationToken cancellationToken)
    {
        if (config.Size > ManifestReader.MaxSize)
        {
            throw new OciException(OciErrorKind.ManifestInvalid, $"The config of '{client.DisplayName}' has {config.Size} bytes; at most {ManifestReader.MaxSize} are read.");
        }

        var bytes = await client.Connection.Retry.RunAsync(
            async token =>
            {
                using var answer = await client.OpenBlobAsync(config.Digest, 0, token).ConfigureAwait(false);
                return await answer.ReadAllAsync(ManifestReader.MaxSize).ConfigureAwait(false);
            },
            onRetry,
            cancellationToken).ConfigureAwait(false);
        var actual = Digest.Of(bytes, config.Digest.Algorithm);
        return actual == config.Digest
            ? bytes
            : throw new OciException(OciErrorKind.DigestMismatch, $"{client.NameBlob(config.Digest)} (a config) came with other bytes: their digest is {actual}.");
    }

    internal static async Task<Platform?> ReadPlatformAsync(IImageSource client, Descriptor config, Action? onRetry, CancellationToken cancellationToken)
    {
        var bytes = await ReadAsync(client, config, onRetry, cancellationToken).ConfigureAwait(false);
        using var document = Parse(bytes, client);
        return ReadPlatform(document.RootElement);
    }

    internal static JsonDocument Parse(byte[] bytes, IImageSource client)
    {
        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException e)
        {
            throw new OciException(OciErrorKind.ManifestInvalid, $"The config of '{client.DisplayName}' is not JSON.", e);
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
