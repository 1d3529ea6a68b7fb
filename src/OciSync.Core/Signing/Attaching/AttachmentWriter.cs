using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.Polyfills;
using OciSync.Core.References;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Sigstore;
using OciSync.Core.Signing.Stores;

namespace OciSync.Core.Signing.Attaching;

/// <summary>
/// Adds signatures to those that are attached to an image (tag <c>sha256-HEX.sig</c>). No registry locks a tag: it is read right before it is written,
/// and again a little later, until it has what was added; what others put there stays.
/// </summary>
/// <param name="source">Where the image and its signatures are read.</param>
/// <param name="destination">The same place, to be written.</param>
internal sealed class AttachmentWriter(IImageSource source, IImageDestination destination)
{
    private const int MostRounds = 12;

    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Signs a payload and adds it.</summary>
    /// <param name="image">The digest of the manifest that is signed.</param>
    /// <param name="payload">What is signed.</param>
    /// <param name="key">By whom.</param>
    /// <param name="work">What stops it.</param>
    /// <exception cref="OciException">It can't be written, or others write there all the time.</exception>
    internal async Task AddAsync(Digest image, byte[] payload, PrivateKey key, WorkScope work)
    {
        var tag = AttachmentSignatures.TagFor(image);
        var signature = Convert.ToBase64String(key.Sign(payload));
        var layer = await SmallBlob.WriteAsync(destination, payload, SigstoreAnnotations.PayloadType, work).ConfigureAwait(false);
        for (var round = 0; round < MostRounds; round++)
        {
            if (round > 0)
            {
                await destination.Connection.Options.Time.DelayAsync(SettleTime(round), work.Token).ConfigureAwait(false);
            }

            var there = await new AttachmentSignatures(source).FindAsync(tag, work).ConfigureAwait(false);
            if (there?.Layers.Any(l => Is(l, signature)) == true)
            {
                return;
            }

            var manifest = await AppendAsync(there, tag, layer, signature, work).ConfigureAwait(false);
            await destination.PutManifestAsync(tag, manifest, isPart: false, work).ConfigureAwait(false);
        }

        throw new OciException(
            OciErrorKind.ReferrerLost, $"'{source.DisplayName}:{tag}' does not keep what is written to it: others write it all the time. Run again.");
    }

    // Who read before our write has written by then; and not in step with others.
    private TimeSpan SettleTime(int round) => TimeSpan.FromTicks(
        (long)(destination.Connection.Options.RetryInterval.Ticks * round * (1 + destination.Connection.Options.Jitter()) / 8));

    private static bool Is(Descriptor layer, string signature) =>
        layer.Annotations.TryGetValue(SigstoreAnnotations.Signature, out var text) && text == signature;

    private async Task<Manifest> AppendAsync(Manifest? there, string tag, Descriptor layer, string signature, WorkScope work)
    {
        if (there is not null && there.MediaType != MediaTypes.OciManifest)
        {
            throw new OciException(
                OciErrorKind.ManifestInvalid, $"'{source.DisplayName}:{tag}' is no list of signatures ({there.MediaType}): nothing is added to it.");
        }

        var root = there is null ? new JsonObject() : JsonNode.Parse(there.Content)!.AsObject();
        if (root["layers"] is not JsonArray layers)
        {
            root["layers"] = layers = [];
        }

        layers.Add(new JsonObject
        {
            ["mediaType"] = layer.MediaType,
            ["digest"] = layer.Digest.ToString(),
            ["size"] = layer.Size,
            ["annotations"] = new JsonObject { [SigstoreAnnotations.Signature] = signature },
        });
        var config = await WriteConfigAsync([.. there?.Layers ?? [], layer], work).ConfigureAwait(false);
        root["schemaVersion"] = 2;
        root["mediaType"] = MediaTypes.OciManifest;
        root["config"] = new JsonObject { ["mediaType"] = config.MediaType, ["digest"] = config.Digest.ToString(), ["size"] = config.Size };
        var content = JsonSerializer.SerializeToUtf8Bytes(root, Format);
        return ManifestReader.Read(content, MediaTypes.OciManifest, Digest.Of(content), $"{source.DisplayName}:{tag}");
    }

    // Of an image that runs nowhere; other tools write it so, and none reads it.
    private Task<Descriptor> WriteConfigAsync(IReadOnlyList<Descriptor> layers, WorkScope work) => SmallBlob.WriteAsync(
        destination,
        JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject
            {
                ["architecture"] = string.Empty,
                ["os"] = string.Empty,
                ["config"] = new JsonObject(),
                ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. layers.Select(l => (JsonNode)l.Digest.ToString())]) },
            },
            Format),
        MediaTypes.OciConfig,
        work);
}
