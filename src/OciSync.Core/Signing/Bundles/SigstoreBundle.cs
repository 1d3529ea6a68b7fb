using System.Text.Json;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Text;

namespace OciSync.Core.Signing.Bundles;

/// <summary>A sigstore bundle, version 0.3: a signature with all that is needed to check it without a network (sigstore/protobuf-specs).</summary>
internal sealed class SigstoreBundle
{
    /// <summary>The media type of a bundle of this version, and the artifact type of manifests that hold one.</summary>
    internal const string MediaType = ReferrerTypes.Bundle;

    private const string OlderType = "application/vnd.dev.sigstore.bundle+json;version=0.";
    private const string Place = "the bundle";
    private const int Most = 16;

    private SigstoreBundle(Dictionary<string, JsonElement> members)
    {
        var type = members.Text("mediaType");
        if (type != MediaType && type != OlderType + "3")
        {
            throw type.StartsWith(OlderType, StringComparison.Ordinal) || type.StartsWith("application/vnd.dev.sigstore.bundle.v", StringComparison.Ordinal)
                ? new BundleStepException($"a bundle of the version '{Printable.Text(type)}' can't be checked here (0.3 can)")
                : new FormatException($"it is no bundle: its media type is '{Printable.Text(type)}'");
        }

        if (members.ContainsKey("messageSignature"))
        {
            throw new FormatException("it signs a file by itself, and not an image");
        }

        var material = members.NeedObject("verificationMaterial");
        Certificate = material.Object("certificate") is { } certificate ? Certificate.Read(certificate.Bytes("rawBytes"))
            : material.Object("x509CertificateChain") is null ? null
            : throw new FormatException("it has a chain of certificates, which a bundle of version 0.3 has not");
        Entries = [.. material.Objects("tlogEntries", Most).Select(e => new LogEntry(e))];
        Timestamps = [.. (material.Object("timestampVerificationData")?.Objects("rfc3161Timestamps", Most) ?? []).Select(t => t.Bytes("signedTimestamp"))];
        Envelope = Envelope.Read(members.NeedObject("dsseEnvelope"));
        Statement = SignedStatement.Read(Envelope.Payload);
    }

    /// <summary>The signer's certificate; null where a key signed.</summary>
    internal Certificate? Certificate { get; }

    /// <summary>What logs say of it.</summary>
    internal IReadOnlyList<LogEntry> Entries { get; }

    /// <summary>What timestamp authorities say of it (RFC 3161).</summary>
    internal IReadOnlyList<byte[]> Timestamps { get; }

    /// <summary>What was signed, with the signature.</summary>
    internal Envelope Envelope { get; }

    /// <summary>What it says.</summary>
    internal SignedStatement Statement { get; }

    /// <summary>Reads a bundle.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    /// <exception cref="BundleStepException">It is of another version.</exception>
    internal static SigstoreBundle Read(byte[] content) => StrictJson.Read(content, Place, root => new SigstoreBundle(StrictJson.Members(root, Place)));
}
