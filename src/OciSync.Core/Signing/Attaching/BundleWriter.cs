using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Signing.Bundles;
using OciSync.Core.Signing.Cryptography;

namespace OciSync.Core.Signing.Attaching;

/// <summary>Signs images by bundles, as cosign does since version 3: each is a manifest of its own whose subject is the image, and replaces nothing.</summary>
/// <param name="destination">Where the image is.</param>
/// <param name="referrers">The same place, where bundles are found again.</param>
internal sealed class BundleWriter(IImageDestination destination, IReferrerStore referrers)
{
    private const string EmptyType = "application/vnd.oci.empty.v1+json";

    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly byte[] Empty = [(byte)'{', (byte)'}'];

    /// <summary>Signs a manifest and attaches the bundle.</summary>
    /// <param name="image">The manifest.</param>
    /// <param name="key">By whom.</param>
    /// <param name="work">What stops it.</param>
    /// <exception cref="OciException">It can't be written.</exception>
    /// <returns>The manifest that holds the bundle.</returns>
    internal async Task<Manifest> AddAsync(Manifest image, PrivateKey key, WorkScope work)
    {
        var bundle = await SmallBlob.WriteAsync(destination, Make(image.Digest, key), SigstoreBundle.MediaType, work).ConfigureAwait(false);
        var config = await SmallBlob.WriteAsync(destination, Empty, EmptyType, work).ConfigureAwait(false);
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = MediaTypes.OciManifest,
                ["artifactType"] = SigstoreBundle.MediaType,
                ["config"] = Describe(config),
                ["layers"] = new JsonArray(Describe(bundle)),
                ["subject"] = Describe(new Descriptor(image.MediaType, image.Digest, image.Content.Length)),
                ["annotations"] = new JsonObject
                {
                    ["dev.sigstore.bundle.content"] = "dsse-envelope",
                    ["dev.sigstore.bundle.predicateType"] = SignedStatement.SignaturePredicate,
                },
            },
            Format);
        var manifest = ManifestReader.Read(content, MediaTypes.OciManifest, Digest.Of(content), destination.DisplayName);
        await destination.PutManifestAsync(manifest.Digest.ToString(), manifest, isPart: true, work).ConfigureAwait(false);
        await referrers.AttachAsync(image.Digest, [manifest], work).ConfigureAwait(false);
        return manifest;
    }

    /// <summary>The bundle: a statement that the image is signed, its signature, and which key it is by.</summary>
    internal static byte[] Make(Digest image, PrivateKey key)
    {
        var statement = new JsonObject
        {
            ["_type"] = "https://in-toto.io/Statement/v1",
            ["subject"] = new JsonArray(new JsonObject { ["digest"] = new JsonObject { [image.Algorithm] = image.Hex } }),
            ["predicateType"] = SignedStatement.SignaturePredicate,
            ["predicate"] = new JsonObject(),
        };
        var envelope = new Envelope(Envelope.StatementType, JsonSerializer.SerializeToUtf8Bytes(statement, Format), []);
        return JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject
            {
                ["mediaType"] = SigstoreBundle.MediaType,
                ["verificationMaterial"] = new JsonObject
                {
                    ["publicKey"] = new JsonObject { ["hint"] = Convert.ToBase64String(SignatureCheck.Sha256(key.Public.Bytes)) },
                },
                ["dsseEnvelope"] = new JsonObject
                {
                    ["payload"] = Convert.ToBase64String(envelope.Payload),
                    ["payloadType"] = envelope.PayloadType,
                    ["signatures"] = new JsonArray(new JsonObject { ["sig"] = Convert.ToBase64String(key.Sign(envelope.SignedBytes)) }),
                },
            },
            Format);
    }

    private static JsonObject Describe(Descriptor descriptor) =>
        new() { ["mediaType"] = descriptor.MediaType, ["digest"] = descriptor.Digest.ToString(), ["size"] = descriptor.Size };
}
