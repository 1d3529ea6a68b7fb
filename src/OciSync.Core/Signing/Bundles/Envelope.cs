using System.Globalization;
using System.Text;
using System.Text.Json;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Text;

namespace OciSync.Core.Signing.Bundles;

/// <summary>What was signed, and the signature (DSSE 1.0).</summary>
/// <param name="PayloadType">What the payload is.</param>
/// <param name="Payload">Its bytes.</param>
/// <param name="Signature">The one signature.</param>
internal sealed record Envelope(string PayloadType, byte[] Payload, byte[] Signature)
{
    /// <summary>A statement (in-toto attestation framework).</summary>
    internal const string StatementType = "application/vnd.in-toto+json";

    /// <summary>The very bytes that are signed: type and payload with their lengths (DSSE, "PAE").</summary>
    internal byte[] SignedBytes
    {
        get
        {
            var type = Encoding.UTF8.GetBytes(PayloadType);
            return
            [
                .. Encoding.ASCII.GetBytes(string.Format(CultureInfo.InvariantCulture, "DSSEv1 {0} ", type.Length)), .. type,
                .. Encoding.ASCII.GetBytes(string.Format(CultureInfo.InvariantCulture, " {0} ", Payload.Length)), .. Payload,
            ];
        }
    }

    /// <exception cref="FormatException">It is no envelope of a statement with one signature.</exception>
    internal static Envelope Read(Dictionary<string, JsonElement> members)
    {
        var type = members.Text("payloadType");
        var signatures = members.Objects("signatures", 16);
        return type != StatementType ? throw new FormatException($"its payload is of the type '{Printable.Text(type)}', and not '{StatementType}'")
            : signatures.Count != 1 ? throw new FormatException($"it has {signatures.Count} signatures, and not one")
            : new Envelope(type, members.Bytes("payload"), signatures[0].Bytes("sig"));
    }

    /// <summary>The same as JSON by itself, as logs are given it.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    internal static Envelope ReadText(string text) =>
        StrictJson.Read(Encoding.UTF8.GetBytes(text), "the envelope", root => Read(StrictJson.Members(root, "the envelope")));
}
