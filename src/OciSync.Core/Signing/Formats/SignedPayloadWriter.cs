using System.Text.Encodings.Web;
using System.Text.Json;
using OciSync.Core.References;

namespace OciSync.Core.Signing.Formats;

/// <summary>Writes what a signature says, byte for byte as skopeo does: one line, keys in the order of the alphabet, no more than has to be escaped.</summary>
internal static class SignedPayloadWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="kind">The format.</param>
    /// <param name="reference">The name that is signed; nothing is added to it.</param>
    /// <param name="manifest">The digest of the manifest.</param>
    /// <param name="creator">The program that signs.</param>
    /// <param name="now">The time, which is written in whole seconds.</param>
    internal static byte[] Write(SignatureKind kind, string reference, Digest manifest, string creator, DateTimeOffset now)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Options))
        {
            json.WriteStartObject();
            json.WriteStartObject("critical");
            json.WriteStartObject("identity");
            json.WriteString("docker-reference", reference);
            json.WriteEndObject();
            json.WriteStartObject("image");
            json.WriteString("docker-manifest-digest", manifest.ToString());
            json.WriteEndObject();
            json.WriteString("type", kind == SignatureKind.OpenPgp ? SignedPayload.OpenPgpType : SignedPayload.SigstoreType);
            json.WriteEndObject();
            json.WriteStartObject("optional");
            json.WriteString("creator", creator);
            json.WriteNumber("timestamp", now.ToUnixTimeSeconds());
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return text.ToArray();
    }
}
