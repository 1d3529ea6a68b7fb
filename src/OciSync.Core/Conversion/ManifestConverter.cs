using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Conversion;

/// <summary>
/// Manifests and indexes between Docker's schema 2 and OCI, and with other layers: pure functions of bytes, the same bytes each time.
/// A manifest that is as it should be stays the bytes it is. Configs are not touched: their JSON is the same in both formats, and so an
/// image keeps its id.
/// </summary>
internal static class ManifestConverter
{
    private static readonly JsonSerializerOptions Output = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // They speak of the packed bytes (zstd:chunked, eStargz) and are wrong of other ones.
    private static readonly string[] OfPackedBytes = ["io.github.containers.zstd-chunked.", "io.containers.zstd-chunked.", "containerd.io/snapshot/stargz/"];

    /// <summary>Stands on entries of OCI indexes whose layers are zstd: podman and skopeo choose by it between images of one platform.</summary>
    internal const string ZstdMark = "io.github.containers.compression.zstd";

    /// <summary>The manifest of an image in a format, with its layers replaced.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="format">The format, in which no type of the other is left; null for the manifest's own, with its types.</param>
    /// <param name="layers">By the digest of the old layer, what stands for it; its media type is right already.</param>
    /// <param name="name">Whose manifest it is, for messages.</param>
    internal static ConvertedManifest Convert(
        Manifest manifest, ImageFormat? format, IReadOnlyDictionary<Digest, Descriptor> layers, string name)
    {
        var own = FormatOf(manifest.MediaType);
        var target = format ?? own;
        var isMixed = format is { } asked && IsMixed(manifest, asked);
        if (target == own && !isMixed && !manifest.Layers.Any(l => layers.ContainsKey(l.Digest)))
        {
            return new ConvertedManifest(manifest, []);
        }

        if (manifest.MediaType == MediaTypes.OciArtifact)
        {
            return target == ImageFormat.Oci
                ? new ConvertedManifest(manifest, [])
                : throw NotConvertible(name, manifest, "it is an artifact and no image");
        }

        var root = JsonNode.Parse(manifest.Content)!.AsObject();
        if (target == own)
        {
            ReplaceLayers(root["layers"]?.AsArray() ?? [], layers);
            if (isMixed)
            {
                Unify(root, target, manifest, name);
            }

            return new ConvertedManifest(Read(root, manifest.MediaType, manifest, name), []);
        }

        return Remake(root, target, layers, manifest, name);
    }

    private static ConvertedManifest Remake(
        JsonObject root, ImageFormat target, IReadOnlyDictionary<Digest, Descriptor> layers, Manifest manifest, string name)
    {
        var lost = new List<string>();
        var made = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = target == ImageFormat.Oci ? MediaTypes.OciManifest : MediaTypes.DockerManifest,
            ["config"] = Config(root["config"]!.AsObject(), target, manifest, name),
        };
        var list = root["layers"]?.AsArray() ?? [];
        ReplaceLayers(list, layers);
        made["layers"] = new JsonArray([.. list.Select(l => (JsonNode)Layer(l!.AsObject(), target, manifest, name, lost))]);
        Carry(root, made, target, "annotations", lost, "annotations of manifests");
        Carry(root, made, target, "subject", lost, "the subject");
        return new ConvertedManifest(Read(made, made["mediaType"]!.GetValue<string>(), manifest, name), lost);
    }

    /// <summary>An index in a format, with its entries replaced.</summary>
    /// <param name="index">The index.</param>
    /// <param name="format">The format; null for the index's own.</param>
    /// <param name="children">By the digest of the old manifest, what it has become.</param>
    /// <param name="dropped">The places of entries that are left out.</param>
    /// <param name="platforms">The platforms of entries that say none, by the digest of the old manifest.</param>
    /// <param name="name">Whose index it is, for messages.</param>
    internal static ConvertedManifest ConvertIndex(
        Manifest index,
        ImageFormat? format,
        IReadOnlyDictionary<Digest, Manifest> children,
        HashSet<int> dropped,
        IReadOnlyDictionary<Digest, Platform> platforms,
        string name)
    {
        var own = FormatOf(index.MediaType);
        var target = format ?? own;
        if (target == own && dropped.Count == 0 && !index.Children.Any(c => children.TryGetValue(c.Digest, out var child) && child.Digest != c.Digest))
        {
            return new ConvertedManifest(index, []);
        }

        var root = JsonNode.Parse(index.Content)!.AsObject();
        var entries = root["manifests"]?.AsArray() ?? [];
        ReplaceEntries(entries, children, dropped, target);
        if (target == own)
        {
            return new ConvertedManifest(Read(root, index.MediaType, index, name), []);
        }

        var lost = new List<string>();
        var made = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = target == ImageFormat.Oci ? MediaTypes.OciIndex : MediaTypes.DockerList,
            ["manifests"] = new JsonArray([.. entries.Zip(
                index.Children.Where((_, i) => !dropped.Contains(i)), (e, c) => (JsonNode)Entry(e!.AsObject(), c, target, index, platforms, name, lost))]),
        };
        Carry(root, made, target, "annotations", lost, "annotations of the index");
        Carry(root, made, target, "subject", lost, "the subject");
        return new ConvertedManifest(Read(made, made["mediaType"]!.GetValue<string>(), index, name), lost);
    }

    private static void ReplaceEntries(JsonArray entries, IReadOnlyDictionary<Digest, Manifest> children, HashSet<int> dropped, ImageFormat target)
    {
        foreach (var place in dropped.OrderByDescending(p => p))
        {
            entries.RemoveAt(place);
        }

        foreach (var entry in entries)
        {
            ReplaceEntry(entry!.AsObject(), children, target);
        }
    }

    internal static ImageFormat FormatOf(string mediaType) =>
        mediaType is MediaTypes.DockerList or MediaTypes.DockerManifest ? ImageFormat.Docker : ImageFormat.Oci;

    private static JsonObject Config(JsonObject config, ImageFormat target, Manifest manifest, string name)
    {
        var type = config["mediaType"]?.GetValue<string>() ?? string.Empty;
        return target == ImageFormat.Docker && !MediaTypes.IsImageConfig(type)
            ? throw NotConvertible(name, manifest, $"its config is of the type '{Printable.Text(type)}' and not that of an image")
            : Pick(config, ConfigType(type, target));
    }

    private static string ConfigType(string type, ImageFormat target) => !MediaTypes.IsImageConfig(type) ? type
        : target == ImageFormat.Oci ? MediaTypes.OciConfig
        : MediaTypes.DockerConfig;

    // Some builders write types of both formats into one manifest, which strict readers refuse.
    private static bool IsMixed(Manifest manifest, ImageFormat format) =>
        (manifest.Config is { } config && ConfigType(config.MediaType, format) != config.MediaType)
        || manifest.Layers.Any(l => LayerType.Find(l.MediaType) is { } type && type.Format != format);

    private static void Unify(JsonObject root, ImageFormat format, Manifest manifest, string name)
    {
        var config = root["config"]!.AsObject();
        config["mediaType"] = ConfigType(config["mediaType"]?.GetValue<string>() ?? string.Empty, format);
        foreach (var layer in (root["layers"]?.AsArray() ?? []).Select(l => l!.AsObject()))
        {
            if (LayerType.Find(layer["mediaType"]?.GetValue<string>() ?? string.Empty) is { } type && type.Format != format)
            {
                layer["mediaType"] = format == ImageFormat.Docker && type.Encoding == LayerEncoding.Zstd
                    ? throw NoSuchLayer(name, manifest, type.ToString())
                    : (type with { Format = format }).ToString();
            }
        }
    }

    private static JsonObject Layer(JsonObject layer, ImageFormat target, Manifest manifest, string name, List<string> lost)
    {
        var type = layer["mediaType"]?.GetValue<string>() ?? string.Empty;
        var known = LayerType.Find(type);
        if (target == ImageFormat.Docker && (known is null || known.Encoding == LayerEncoding.Zstd))
        {
            throw NoSuchLayer(name, manifest, type);
        }

        var made = Pick(layer, known is null ? type : (known with { Format = target }).ToString());
        Move(layer, made, "urls");
        Carry(layer, made, target, "annotations", lost, "annotations of layers");
        return made;
    }

    private static JsonObject Entry(
        JsonObject entry,
        Descriptor before,
        ImageFormat target,
        Manifest index,
        IReadOnlyDictionary<Digest, Platform> platforms,
        string name,
        List<string> lost)
    {
        var type = entry["mediaType"]?.GetValue<string>() ?? string.Empty;
        if (target == ImageFormat.Docker && type is not (MediaTypes.DockerManifest or MediaTypes.DockerList))
        {
            throw NotConvertible(name, index, $"Docker's manifest lists have no entries of the type '{Printable.Text(type)}'");
        }

        var made = Pick(entry, type);
        Move(entry, made, "platform");
        if (target == ImageFormat.Docker && before.Platform is null)
        {
            made["platform"] = platforms.TryGetValue(before.Digest, out var platform) ? Write(platform) : throw NotConvertible(
                name, index, $"Docker's manifest lists need a platform for each entry, and {before.Digest} has none");
        }

        Move(entry, made, "urls");
        Carry(entry, made, target, "annotations", lost, "annotations of the index's entries");
        Carry(entry, made, target, "artifactType", lost, "artifact types");
        return made;
    }

    private static JsonObject Write(Platform platform)
    {
        var json = new JsonObject { ["architecture"] = platform.Architecture, ["os"] = platform.Os };
        if (platform.Variant is { } variant)
        {
            json["variant"] = variant;
        }

        if (platform.OsVersion is { } version)
        {
            json["os.version"] = version;
        }

        return json;
    }

    private static void ReplaceLayers(JsonArray list, IReadOnlyDictionary<Digest, Descriptor> layers)
    {
        foreach (var layer in list.Select(l => l!.AsObject()))
        {
            if (layers.TryGetValue(Digest.Parse(layer["digest"]!.GetValue<string>()), out var made))
            {
                Restate(layer, made.MediaType, made.Digest, made.Size);
                Prune(layer, key => OfPackedBytes.Any(p => key.StartsWith(p, StringComparison.Ordinal)));
            }
        }
    }

    // What else a descriptor says of other bytes (image-spec 1.1: the bytes themselves, and where they are) goes with them.
    private static void Restate(JsonObject descriptor, string mediaType, Digest digest, long size)
    {
        if (descriptor["digest"]!.GetValue<string>() != digest.ToString())
        {
            descriptor.Remove("data");
            descriptor.Remove("urls");
        }

        descriptor["mediaType"] = mediaType;
        descriptor["digest"] = digest.ToString();
        descriptor["size"] = size;
    }

    private static void Prune(JsonObject descriptor, Func<string, bool> isStale)
    {
        if (descriptor["annotations"] is JsonObject annotations)
        {
            annotations.Select(a => a.Key).Where(isStale).ToList().ForEach(key => annotations.Remove(key));
            if (annotations.Count == 0)
            {
                descriptor.Remove("annotations");
            }
        }
    }

    private static void ReplaceEntry(JsonObject entry, IReadOnlyDictionary<Digest, Manifest> children, ImageFormat target)
    {
        var before = entry["digest"]!.GetValue<string>();
        if (children.TryGetValue(Digest.Parse(before), out var child))
        {
            Restate(entry, child.MediaType, child.Digest, child.Content.Length);
            if (child.Digest.ToString() != before)
            {
                Mark(entry, target == ImageFormat.Oci && child.Layers.Any(l => LayerType.Find(l.MediaType)?.Encoding == LayerEncoding.Zstd));
            }
        }

        // An attestation names the image it speaks of.
        if (entry["annotations"] is JsonObject annotations
            && annotations["vnd.docker.reference.digest"] is JsonValue of
            && of.TryGetValue<string>(out var text)
            && Digest.TryParse(text, out var digest, out _)
            && children.TryGetValue(digest!, out var image))
        {
            annotations["vnd.docker.reference.digest"] = image.Digest.ToString();
        }
    }

    private static void Mark(JsonObject entry, bool isZstd)
    {
        Prune(entry, key => key == ZstdMark);
        if (isZstd)
        {
            if (entry["annotations"] is not JsonObject annotations)
            {
                entry["annotations"] = annotations = [];
            }

            annotations[ZstdMark] = "true";
        }
    }

    private static JsonObject Pick(JsonObject descriptor, string mediaType) => new()
    {
        ["mediaType"] = mediaType,
        ["digest"] = descriptor["digest"]!.GetValue<string>(),
        ["size"] = descriptor["size"]!.GetValue<long>(),
    };

    private static void Move(JsonObject from, JsonObject to, string key)
    {
        if (from[key] is { } value)
        {
            from.Remove(key);
            to[key] = value;
        }
    }

    // Docker's format has no place for it.
    private static void Carry(JsonObject from, JsonObject to, ImageFormat target, string key, List<string> lost, string called)
    {
        if (target == ImageFormat.Oci)
        {
            Move(from, to, key);
        }
        else if (from[key] is not null and not JsonObject { Count: 0 } && !lost.Contains(called))
        {
            lost.Add(called);
        }
    }

    private static Manifest Read(JsonObject root, string mediaType, Manifest before, string name)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(root, Output);
        return ManifestReader.Read(bytes, mediaType, Digest.Of(bytes, before.Digest.Algorithm), name);
    }

    private static OciException NoSuchLayer(string name, Manifest manifest, string type) =>
        NotConvertible(name, manifest, $"Docker's format has no layers of the type '{Printable.Text(type)}'");

    private static OciException NotConvertible(string name, Manifest manifest, string why) => new(
        OciErrorKind.NotConvertible,
        $"The manifest {manifest.Digest} of '{name}' can't be converted to Docker's format: {why}."
        + (manifest.Layers.Any(l => l.MediaType == "application/vnd.in-toto+json")
            ? " It is a build attestation; copy the image without: -ExcludeAttestation"
            : string.Empty));
}
