using System.Text.Encodings.Web;
using System.Text.Json;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Attaching;

/// <summary>Writes what a signature says of an image, in the order in which other tools write it.</summary>
internal static class SignedPayloadWriter
{
    // Names stand in it as they are: "+" and "&" are no escapes in other tools' texts either.
    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The bytes that are signed.</summary>
    /// <param name="kind">The format, whose type stands in it.</param>
    /// <param name="identity">The name that the image is signed under.</param>
    /// <param name="image">The digest of its manifest.</param>
    /// <param name="creator">The program.</param>
    /// <param name="time">When.</param>
    internal static byte[] Write(SignatureKind kind, string identity, Digest image, string creator, DateTimeOffset time)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Format))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("critical");
            writer.WriteStartObject("identity");
            writer.WriteString("docker-reference", identity);
            writer.WriteEndObject();
            writer.WriteStartObject("image");
            writer.WriteString("docker-manifest-digest", image.ToString());
            writer.WriteEndObject();
            writer.WriteString("type", kind == SignatureKind.OpenPgp ? SignedPayload.OpenPgpType : SignedPayload.SigstoreType);
            writer.WriteEndObject();
            writer.WriteStartObject("optional");
            writer.WriteString("creator", creator);
            writer.WriteNumber("timestamp", time.ToUnixTimeSeconds());
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
