using System.Text.Json;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Signing.Formats;

/// <summary>Reads what a signature says; nothing of a text that breaks a rule.</summary>
internal static class SignedPayloadReader
{
    // What is known is three deep; what isn't may be in "optional".
    private const int MaxDepth = 32;

    internal static SignedPayload? Read(byte[] content, SignatureKind kind, out string? fault)
    {
        fault = null;
        try
        {
            if (content.Length > SignedPayload.MaxLength)
            {
                throw new FormatException($"it is longer than {SignedPayload.MaxLength} bytes");
            }

            using var document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Read(document.RootElement, kind);
        }
        catch (JsonException)
        {
            fault = "what was signed is not JSON";
        }
        catch (InvalidOperationException)
        {
            // So the library says that a text in it isn't Unicode.
            fault = "what was signed is not valid Unicode";
        }
        catch (FormatException e)
        {
            fault = $"what was signed is no statement on an image: {e.Message}";
        }

        return null;
    }

    private static SignedPayload Read(JsonElement root, SignatureKind kind)
    {
        var top = StrictJson.Exactly(root, "the text", "critical", "optional");
        var critical = StrictJson.Exactly(top["critical"], "critical", "identity", "image", "type");
        var type = StrictJson.Text(critical["type"], "critical.type");
        var wanted = kind == SignatureKind.OpenPgp ? SignedPayload.OpenPgpType : SignedPayload.SigstoreType;
        if (type != wanted)
        {
            throw new FormatException($"its type is '{Printable.Text(type)}', and not '{wanted}'");
        }

        var image = StrictJson.Exactly(critical["image"], "critical.image", "docker-manifest-digest");
        var digest = StrictJson.Text(image["docker-manifest-digest"], "critical.image.docker-manifest-digest");
        var identity = StrictJson.Exactly(critical["identity"], "critical.identity", "docker-reference");
        var reference = StrictJson.Text(identity["docker-reference"], "critical.identity.docker-reference");
        var (creator, timestamp) = ReadOptional(top["optional"], kind);
        return Digest.TryParse(digest, out var parsed, out var fault)
            ? new SignedPayload(kind, reference, parsed!, creator, timestamp)
            : throw new FormatException($"its digest '{Printable.Text(digest)}' is none: {fault}");
    }

    // Unknown names are allowed here, and nowhere else.
    private static (string? Creator, DateTimeOffset? Timestamp) ReadOptional(JsonElement optional, SignatureKind kind)
    {
        if (optional.ValueKind == JsonValueKind.Null && kind == SignatureKind.Sigstore)
        {
            return (null, null);
        }

        var members = StrictJson.Members(optional, "optional");
        return (
            members.TryGetValue("creator", out var creator) && creator.ValueKind != JsonValueKind.Null ? StrictJson.Text(creator, "optional.creator") : null,
            members.TryGetValue("timestamp", out var time) && time.ValueKind != JsonValueKind.Null ? Time(time) : null);
    }

    // Seconds since 1970; 5.0 and 5e0 are whole numbers too.
    private static DateTimeOffset? Time(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var seconds) || double.IsInfinity(seconds) || Math.Floor(seconds) != seconds)
        {
            throw new FormatException("optional.timestamp is no whole number");
        }

        return seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;
    }
}
