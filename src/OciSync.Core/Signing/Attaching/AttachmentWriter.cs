using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.Polyfills;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Sigstore;
using OciSync.Core.Signing.Stores;

namespace OciSync.Core.Signing.Attaching;

/// <summary>
/// Adds signatures to those that are attached to an image (tag <c>sha256-HEX.sig</c>). No registry locks a tag: it is read right before it is written,
/// and again a little later, until it has what was added; what others put there stays.
/// </summary>
/// <param name="source">Where the image and its signatures are read; null for an archive that is being written, where nothing else is.</param>
/// <param name="destination">The same place, to be written.</param>
/// <param name="nameOf">The name of a tag beside the image (<see cref="ImageLocation.NameBeside"/>): in a layout others look for the list by that. Null
/// for the tag itself.</param>
internal sealed class AttachmentWriter(IImageSource? source, IImageDestination destination, Func<string, string>? nameOf = null)
{
    private const int MostRounds = 12;

    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Signs a payload and adds it.</summary>
    /// <param name="image">The digest of the manifest that is signed.</param>
    /// <param name="payload">What is signed.</param>
    /// <param name="key">By whom.</param>
    /// <param name="work">What stops it.</param>
    /// <exception cref="OciException">It can't be written, or others write there all the time.</exception>
    internal Task AddAsync(Digest image, byte[] payload, PrivateKey key, WorkScope work) => AppendAsync(image, [Sign(payload, key)], work);

    /// <summary>A signature of sigstore's over a payload, wherever it goes.</summary>
    internal static FoundSignature Sign(byte[] payload, PrivateKey key)
    {
        var annotations = new Dictionary<string, string> { [SigstoreAnnotations.Signature] = Convert.ToBase64String(key.Sign(payload)) };
        return new FoundSignature(SignatureKind.Sigstore, payload, SigstoreAnnotations.PayloadType, annotations, string.Empty);
    }

    /// <summary>Adds signatures as they are, certificates and log entries with them. Those that are there already are not added again.</summary>
    /// <param name="image">The digest of the manifest that they sign.</param>
    /// <param name="signatures">The signatures, sigstore's all of them.</param>
    /// <param name="work">What stops it.</param>
    /// <exception cref="OciException">They can't be written, or others write there all the time.</exception>
    internal async Task AppendAsync(Digest image, IReadOnlyList<FoundSignature> signatures, WorkScope work)
    {
        var tag = AttachmentSignatures.TagFor(image);
        var layers = new List<Descriptor>();
        foreach (var signature in signatures)
        {
            var layer = await SmallBlob.WriteAsync(destination, signature.Content, SigstoreAnnotations.PayloadType, work).ConfigureAwait(false);
            layers.Add(layer with { Annotations = signature.Annotations });
        }

        for (var round = 0; round < MostRounds; round++)
        {
            if (round > 0)
            {
                await destination.Connection.Options.Time.DelayAsync(SettleTime(round), work.Token).ConfigureAwait(false);
            }

            var (there, isOwn) = await FindAsync(tag, work).ConfigureAwait(false);
            var missing = layers.Where(l => there?.Layers.Any(t => Is(t, l)) != true).ToList();
            if (missing.Count == 0 && isOwn)
            {
                return;
            }

            var manifest = missing.Count == 0 ? there! : await AppendAsync(there, tag, missing, work).ConfigureAwait(false);
            await destination.PutManifestAsync(nameOf?.Invoke(tag) ?? tag, manifest, isPart: false, work).ConfigureAwait(false);
            if (source is null)
            {
                // An archive is ours alone.
                return;
            }
        }

        throw new OciException(
            OciErrorKind.ReferrerLost, $"'{destination.DisplayName}:{tag}' does not keep what is written to it: others write it all the time. Run again.");
    }

    // The list that is there, and whether it has the name that it is looked for by; one beside another image of a layout is gone on with.
    private async Task<(Manifest? Manifest, bool IsOwn)> FindAsync(string tag, WorkScope work)
    {
        if (source is null)
        {
            return (null, true);
        }

        var store = new AttachmentSignatures(source, nameOf);
        var name = source is RegistryClient ? tag : await store.NameOfAsync(tag, work).ConfigureAwait(false);
        return (name is null ? null : await store.FindAsync(tag, work).ConfigureAwait(false), name == (nameOf?.Invoke(tag) ?? tag));
    }

    // Who read before our write has written by then; and not in step with others.
    private TimeSpan SettleTime(int round) => TimeSpan.FromTicks(
        (long)(destination.Connection.Options.RetryInterval.Ticks * round * (1 + destination.Connection.Options.Jitter()) / 8));

    private static bool Is(Descriptor there, Descriptor layer) =>
        ListedSignature.KeyOf(there.Digest, there.Annotations) == ListedSignature.KeyOf(layer.Digest, layer.Annotations);

    private async Task<Manifest> AppendAsync(Manifest? there, string tag, IReadOnlyList<Descriptor> added, WorkScope work)
    {
        if (there is not null && there.MediaType != MediaTypes.OciManifest)
        {
            throw new OciException(
                OciErrorKind.ManifestInvalid, $"'{destination.DisplayName}:{tag}' is no list of signatures ({there.MediaType}): nothing is added to it.");
        }

        var count = (there?.Layers.Count(l => l.MediaType == SigstoreAnnotations.PayloadType) ?? 0) + added.Count;
        if (count > SignatureList.MostSignatures)
        {
            throw new OciException(
                OciErrorKind.Unsupported,
                $"'{destination.DisplayName}:{tag}' would have {count} signatures, and nobody reads more than {SignatureList.MostSignatures}: none is added. "
                    + "-SignIdentity with one name for all tags makes one of each key.");
        }

        var root = there is null ? new JsonObject() : JsonNode.Parse(there.Content)!.AsObject();
        if (root["layers"] is not JsonArray layers)
        {
            root["layers"] = layers = [];
        }

        added.ToList().ForEach(l => layers.Add(Describe(l)));
        var config = await WriteConfigAsync([.. there?.Layers ?? [], .. added], work).ConfigureAwait(false);
        root["schemaVersion"] = 2;
        root["mediaType"] = MediaTypes.OciManifest;
        root["config"] = new JsonObject { ["mediaType"] = config.MediaType, ["digest"] = config.Digest.ToString(), ["size"] = config.Size };
        var content = JsonSerializer.SerializeToUtf8Bytes(root, Format);
        return ManifestReader.Read(content, MediaTypes.OciManifest, Digest.Of(content), $"{destination.DisplayName}:{tag}");
    }

    private static JsonObject Describe(Descriptor layer)
    {
        var annotations = new JsonObject();
        foreach (var annotation in layer.Annotations.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            annotations.Add(annotation.Key, annotation.Value);
        }

        return new JsonObject
        {
            ["mediaType"] = layer.MediaType,
            ["digest"] = layer.Digest.ToString(),
            ["size"] = layer.Size,
            ["annotations"] = annotations,
        };
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
