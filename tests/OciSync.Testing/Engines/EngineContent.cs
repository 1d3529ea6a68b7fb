using System.Collections.Concurrent;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using OciSync.Testing.Images;

namespace OciSync.Testing.Engines;

/// <summary>The content of containerd's store: blobs by digest, names that point to them, and what is there of each image.</summary>
internal sealed class EngineContent
{
    private readonly ConcurrentDictionary<string, byte[]> blobs = new();
    private readonly ConcurrentDictionary<string, JsonObject> names = new();

    internal IEnumerable<KeyValuePair<string, JsonObject>> Names => names;

    internal void Keep(string digest, byte[] bytes) => blobs[digest] = bytes;

    internal void Forget(string digest) => blobs.TryRemove(digest, out _);

    internal byte[]? Find(string digest) => blobs.GetValueOrDefault(digest);

    internal void Name(string name, JsonObject descriptor) => names[name] = descriptor;

    /// <summary>What a name or id stands for, as the engine reads it: names are whole by then, and found letter by letter.</summary>
    internal JsonObject? FindImage(string asked)
    {
        var whole = asked.Contains("sha256:", StringComparison.Ordinal) ? asked : Normalize(asked);
        return names.GetValueOrDefault(whole) ?? names.Values.FirstOrDefault(d => d["digest"]!.GetValue<string>() == asked);
    }

    internal JsonNode? Json(string digest) => Find(digest) is { } bytes ? JsonNode.Parse(bytes) : null;

    internal static bool IsIndex(JsonNode descriptor) =>
        descriptor["mediaType"]!.GetValue<string>() is MediaTypes.OciIndex or MediaTypes.DockerList;

    /// <summary>The manifests of an image: the entries of its index, or itself.</summary>
    internal IReadOnlyList<JsonNode> PartsOf(JsonNode descriptor) => !IsIndex(descriptor) ? [descriptor]
        : Json(Digest(descriptor))?["manifests"]?.AsArray().OfType<JsonNode>().ToList() ?? [];

    /// <summary>The digests of what a manifest needs, itself first.</summary>
    internal IEnumerable<string> NeedsOf(JsonNode descriptor) => Json(Digest(descriptor)) is not { } manifest
        ? [Digest(descriptor)]
        : [Digest(descriptor), Digest(manifest["config"]!), .. manifest["layers"]!.AsArray().Select(l => Digest(l!))];

    internal bool IsAvailable(JsonNode descriptor) => Find(Digest(descriptor)) is not null && NeedsOf(descriptor).All(d => Find(d) is not null);

    internal static bool IsAttestation(JsonNode descriptor) =>
        descriptor["annotations"]?["vnd.docker.reference.type"]?.GetValue<string>() == "attestation-manifest";

    /// <summary>What an image runs on, by its entry or its config.</summary>
    internal JsonNode? PlatformOf(JsonNode part)
    {
        if (part["platform"] is { } said)
        {
            return said.DeepClone();
        }

        var config = Json(Digest(part))?["config"] is { } descriptor ? Json(Digest(descriptor)) : null;
        return config?["os"] is null ? null
            : new JsonObject { ["architecture"] = config["architecture"]?.DeepClone(), ["os"] = config["os"]!.DeepClone() };
    }

    /// <summary>Why a part can't be made ready to run, in the engine's words; null when it can.</summary>
    internal string? FindUnpackFault(JsonNode part)
    {
        foreach (var layer in Json(Digest(part))?["layers"]?.AsArray().OfType<JsonNode>() ?? [])
        {
            if (Find(Digest(layer)) is not { } bytes)
            {
                return $"failed to get reader from content store: content digest {Digest(layer)}: not found";
            }

            if (!IsTar(bytes, layer["mediaType"]!.GetValue<string>()))
            {
                return $"failed to extract layer {Digest(layer)}: archive/tar: invalid tar header";
            }
        }

        return null;
    }

    internal static string Digest(JsonNode descriptor) => descriptor["digest"]!.GetValue<string>();

    // Layers of tests are packed with gzip or not at all; of others nobody asks here.
    private static bool IsTar(byte[] bytes, string mediaType)
    {
        if (mediaType.EndsWith("zstd", StringComparison.Ordinal) || IsAttestationLayer(mediaType))
        {
            return true;
        }

        try
        {
            using var packed = new MemoryStream(bytes);
            using Stream content = bytes is [0x1f, 0x8b, ..] ? new GZipStream(packed, CompressionMode.Decompress) : packed;
            using var reader = new TarReader(content);
            while (reader.GetNextEntry() is not null)
            {
                // Read to its end: a fault may stand anywhere.
            }

            return true;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            return false;
        }
    }

    private static bool IsAttestationLayer(string mediaType) => !mediaType.Contains("tar", StringComparison.Ordinal);

    private static string Normalize(string name)
    {
        var first = name.Split('/')[0];
        var hasHost = name.Contains('/') && (first.Contains('.') || first.Contains(':') || first == "localhost");
        var whole = hasHost ? name : "docker.io/" + (name.Contains('/') ? string.Empty : "library/") + name;
        return whole.LastIndexOf(':') > whole.LastIndexOf('/') ? whole : whole + ":latest";
    }
}
