using System.Text;
using System.Text.Json;
using OciSync.Core.Errors;
using OciSync.Core.References;

namespace OciSync.Core.Manifests;

/// <summary>
/// The digest of a manifest: that of its bytes. Docker's schema 1 with signatures is the exception: its digest is that of the payload
/// that was signed, so that a further signature doesn't change it.
/// </summary>
public static class ManifestDigest
{
    /// <summary>The sha256 digest of a manifest.</summary>
    public static Digest Of(byte[] content) => Of(content, "sha256", null);

    /// <summary>The sha256 digest of the manifest in a file, of which no more is read than a manifest may have.</summary>
    /// <exception cref="OciException">It is too large for a manifest, or its signatures can't be read.</exception>
    public static Digest OfFile(string path)
    {
        var content = new byte[ManifestReader.MaxSize + 1];
        var count = 0;
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1))
        {
            for (int read; count < content.Length && (read = file.Read(content, count, content.Length - count)) > 0;)
            {
                count += read;
            }
        }

        if (count > ManifestReader.MaxSize)
        {
            throw new OciException(
                OciErrorKind.ManifestInvalid, $"'{path}' is no manifest: it has more than {ManifestReader.MaxSize} bytes, and no manifest may.");
        }

        try
        {
            Array.Resize(ref content, count);
            return Of(content);
        }
        catch (FormatException e)
        {
            throw new OciException(OciErrorKind.ManifestInvalid, $"'{path}' is a manifest that can't be used: {e.Message.TrimEnd('.')}.", e);
        }
    }

    internal static Digest Of(byte[] content, string algorithm, string? contentType) =>
        Digest.Of(IsSchemaOne(content, contentType) && PayloadOf(content) is { } payload ? payload : content, algorithm);

    /// <summary>Whether it is a schema 1 manifest, by its name or its content.</summary>
    internal static bool IsSchemaOne(byte[] content, string? contentType)
    {
        if (MediaTypes.IsSchema1(contentType))
        {
            return true;
        }

        // Whatever has a media type of its own isn't one.
        if (contentType is not null && (MediaTypes.IsIndex(contentType) || MediaTypes.IsManifest(contentType)))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(content);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("schemaVersion", out var version) && version.ValueKind == JsonValueKind.Number
                && version.TryGetInt32(out var number) && number == 1;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Said by who reads it; half a character in a key is found only when keys are compared.
            return false;
        }
    }

    /// <summary>What was signed, or null when nothing is.</summary>
    /// <exception cref="FormatException">Its signatures can't be read.</exception>
    internal static byte[]? PayloadOf(byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            if (!document.RootElement.TryGetProperty("signatures", out var signatures)
                || signatures.ValueKind != JsonValueKind.Array
                || signatures.GetArrayLength() == 0)
            {
                return null;
            }

            using var head = JsonDocument.Parse(Decode(signatures[0].GetProperty("protected").GetString()!));
            var length = head.RootElement.GetProperty("formatLength").GetInt32();
            var tail = Decode(head.RootElement.GetProperty("formatTail").GetString()!);
            return length >= 0 && length <= content.Length
                ? [.. content.Take(length), .. tail]
                : throw new FormatException("its signature is of a longer text");
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or NullReferenceException or JsonException)
        {
            throw new FormatException(e is JsonException ? "it, or the head of its signature, is no JSON" : "its signatures can't be read", e);
        }
    }

    // base64url, without padding.
    private static byte[] Decode(string text)
    {
        var plain = new StringBuilder(text).Replace('-', '+').Replace('_', '/');
        return System.Convert.FromBase64String(plain.Append('=', (4 - (plain.Length % 4)) % 4).ToString());
    }
}
