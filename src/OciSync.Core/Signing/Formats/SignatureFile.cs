using System.Text;
using System.Text.Json;
using OciSync.Core.Text;

namespace OciSync.Core.Signing.Formats;

/// <summary>
/// A signature as it lies in a file: an OpenPGP message as it is, or a zero byte, the name of a format, a line feed, and what that format has
/// (containers-signature(5); the named form is skopeo's own).
/// </summary>
internal static class SignatureFile
{
    /// <summary>Longer files are no signatures.</summary>
    internal const int MaxLength = 4 * 1024 * 1024;

    private const string OpenPgpName = "simple-signing";
    private const string SigstoreName = "sigstore-json";
    private const int LongestName = 100;
    private const int MaxDepth = 16;

    /// <exception cref="FormatException">It is no signature; the message says what it is, as a sentence without its end.</exception>
    internal static FoundSignature Read(byte[] content, string place)
    {
        if (content.Length == 0)
        {
            throw new FormatException("it is empty");
        }

        // Every packet of OpenPGP begins so (RFC 9580, 4.2).
        if ((content[0] & 0x80) != 0)
        {
            return OpenPgp(content, place);
        }

        if (content[0] != 0)
        {
            throw new FormatException($"it begins with the byte 0x{content[0]:x2}, which no known format of signatures does");
        }

        var end = Array.IndexOf(content, (byte)'\n', 0, Math.Min(content.Length, LongestName));
        var name = end < 0 ? string.Empty : Encoding.ASCII.GetString(content, 1, end - 1);
        var rest = content.Skip(end + 1).ToArray();
        return name switch
        {
            OpenPgpName => OpenPgp(rest, place),
            SigstoreName => Sigstore(rest, place),
            _ => throw new FormatException(end < 0 ? "the name of its format has no end" : $"its format '{Printable.Text(name)}' is not known"),
        };
    }

    /// <summary>The content of a file for a signature, as <see cref="Read"/> reads it.</summary>
    internal static byte[] Write(FoundSignature signature)
    {
        if (signature.Kind == SignatureKind.OpenPgp)
        {
            return signature.Content;
        }

        using var file = new MemoryStream();
        var name = Encoding.ASCII.GetBytes('\0' + SigstoreName + '\n');
        file.Write(name, 0, name.Length);
        using (var json = new Utf8JsonWriter(file))
        {
            json.WriteStartObject();
            json.WriteString("mimeType", signature.MediaType);
            json.WriteBase64String("payload", signature.Content);
            json.WriteStartObject("annotations");
            foreach (var annotation in signature.Annotations.OrderBy(a => a.Key, StringComparer.Ordinal))
            {
                json.WriteString(annotation.Key, annotation.Value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return file.ToArray();
    }

    private static FoundSignature OpenPgp(byte[] content, string place) =>
        new(SignatureKind.OpenPgp, content, string.Empty, new Dictionary<string, string>(), place);

    private static FoundSignature Sigstore(byte[] json, string place)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var annotations = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (name, value) in Members(document.RootElement, "annotations") is { } given ? Members(given) : [])
            {
                annotations.Add(name, value.GetString() ?? string.Empty);
            }

            return new FoundSignature(
                SignatureKind.Sigstore,
                Members(document.RootElement, "payload")?.GetBytesFromBase64() ?? [],
                Members(document.RootElement, "mimeType")?.GetString() ?? string.Empty,
                annotations,
                place);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or FormatException)
        {
            // Not JSON; a value of another type; a key twice; no base64.
            throw new FormatException("it is called sigstore-json, and is none: " + Printable.Text(e.Message), e);
        }
    }

    private static JsonElement? Members(JsonElement json, string name) =>
        Members(json).Where(m => m.Name == name).Select(m => (JsonElement?)m.Value).SingleOrDefault(v => v?.ValueKind != JsonValueKind.Null);

    private static IEnumerable<(string Name, JsonElement Value)> Members(JsonElement json) => json.EnumerateObject().Select(p => (p.Name, p.Value));
}
