using System.Globalization;
using System.Text;
using System.Text.Json;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Notary;

/// <summary>The form as JSON: JWS, flattened (RFC 7515, 7.2.2).</summary>
internal static class JwsReader
{
    private const string Place = "the signature";

    /// <exception cref="FormatException">It is something else.</exception>
    internal static NotaryEnvelope Read(byte[] content) => StrictJson.Read(content, Place, root =>
    {
        var outer = StrictJson.Exactly(root, Place, "payload", "protected", "header", "signature");
        var (payload, heads) = (Text(outer, "payload"), Text(outer, "protected"));
        var header = StrictJson.Members(outer["header"], "header");
        return StrictJson.Read(Decode(heads, "protected"), "the protected header", inner => Read(
            StrictJson.Members(inner, "protected"), header, payload, Encoding.ASCII.GetBytes(heads + "." + payload), Text(outer, "signature")));
    });

    private static NotaryEnvelope Read(
        Dictionary<string, JsonElement> heads, Dictionary<string, JsonElement> header, string payload, byte[] signedBytes, string signature) => new()
    {
        Algorithm = Text(heads, "alg"),
        ContentType = Text(heads, "cty"),
        Critical = [.. Items(heads, "crit").Select(c => StrictJson.Text(c, "crit"))],
        Scheme = Text(heads, NotaryEnvelope.SchemeKey),
        AuthenticTime = Time(heads, NotaryEnvelope.AuthenticTimeKey),
        Expiry = Time(heads, NotaryEnvelope.ExpiryKey),
        Payload = Decode(payload, "payload"),
        SignedBytes = signedBytes,
        Signature = Decode(signature, "signature"),
        Certificates = [.. Items(header, "x5c").Select(c => StrictJson.Bytes(c, "x5c"))],
    };

    private static string Text(Dictionary<string, JsonElement> members, string name) => StrictJson.Text(members.Need(name, Place), name);

    private static IEnumerable<JsonElement> Items(Dictionary<string, JsonElement> members, string name) =>
        members.Need(name, Place) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() <= NotaryEnvelope.MostCertificates
            ? list.EnumerateArray() : throw new FormatException($"{name} is no list, or too long");

    private static DateTimeOffset? Time(Dictionary<string, JsonElement> members, string name) =>
        !members.TryGetValue(name, out var value) ? null
        : DateTimeOffset.TryParse(StrictJson.Text(value, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : throw new FormatException($"{name} is no time");

    // Base64 for addresses, without its padding (RFC 7515, 2).
    private static byte[] Decode(string text, string place) => text.Any(c => c is '+' or '/' or '=' or '\r' or '\n')
        ? throw new FormatException($"{place} is not base64url")
        : StrictJson.Base64(text.Replace('-', '+').Replace('_', '/') + new string('=', (4 - (text.Length % 4)) % 4), place);
}
