using System.Text;
using System.Text.Json;
using OciSync.Core.References;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Text;

namespace OciSync.Core.Signing.Bundles;

/// <summary>The entry that a log keeps of an envelope: <c>dsse</c> 0.0.1, with the hash of the payload, the signature and whose it is.</summary>
internal static class EnvelopeRecord
{
    private const string Place = "the log's entry";
    private const string Kind = "dsse";
    private const string Version = "0.0.1";

    /// <summary>What of the entry speaks of something else, as a sentence without its end; null where nothing does.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="envelope">What it has to be of.</param>
    /// <param name="signer">The certificate of the signer, DER.</param>
    /// <exception cref="FormatException">It is no such entry.</exception>
    /// <exception cref="BundleStepException">It is of a kind that isn't known here.</exception>
    internal static string? FindFault(LogEntry entry, Envelope envelope, byte[] signer)
    {
        if (entry.Kind != Kind || entry.Version != Version)
        {
            throw new BundleStepException(
                $"an entry of a log of the kind '{Printable.Text(entry.Kind)}' {Printable.Text(entry.Version)} can't be compared here ({Kind} {Version} can)");
        }

        return StrictJson.Read(entry.Body, Place, root => FindFault(StrictJson.Members(root, Place), envelope, signer));
    }

    private static string? FindFault(Dictionary<string, JsonElement> body, Envelope envelope, byte[] signer)
    {
        if (body.Text("kind") != Kind || body.Text("apiVersion") != Version)
        {
            return $"{Place} is of another kind than the bundle says";
        }

        var spec = body.NeedObject("spec");
        return spec.Object("proposedContent") is { } proposed ? FindProposedFault(proposed, envelope, signer) : FindKeptFault(spec, envelope, signer);
    }

    private static string? FindKeptFault(Dictionary<string, JsonElement> spec, Envelope envelope, byte[] signer)
    {
        var signatures = spec.Objects("signatures", 16);
        var payload = spec.NeedObject("payloadHash");
        return signatures.Count != 1 || !signatures[0].Bytes("signature").AsSpan().SequenceEqual(envelope.Signature) ? $"{Place} is of another signature"
            : !Is(signatures[0].Bytes("verifier"), signer) ? $"{Place} is of another key or certificate"
            : payload.Text("algorithm") != "sha256" || payload.Text("value") != Digest.Of(envelope.Payload).Hex ? $"{Place} is of another payload" : null;
    }

    // As it was handed in; a log that keeps it so has signed the same.
    private static string? FindProposedFault(Dictionary<string, JsonElement> proposed, Envelope envelope, byte[] signer)
    {
        var verifiers = proposed.Items("verifiers", 16);
        var kept = Envelope.ReadText(proposed.Text("envelope"));
        return !kept.Signature.AsSpan().SequenceEqual(envelope.Signature) ? $"{Place} is of another signature"
            : verifiers.Count != 1 || !Is(StrictJson.Bytes(verifiers[0], Place), signer) ? $"{Place} is of another key or certificate"
            : !kept.Payload.AsSpan().SequenceEqual(envelope.Payload) ? $"{Place} is of another payload" : null;
    }

    private static bool Is(byte[] pem, byte[] signer) =>
        PemBlock.ReadFirst(Encoding.UTF8.GetString(pem), out var rest) is { } block && rest.Trim().Length == 0 && block.Content.AsSpan().SequenceEqual(signer);
}
