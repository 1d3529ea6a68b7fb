using System.Text;
using System.Text.Json.Nodes;
using OciSync.Testing.Registry;

namespace OciSync.Testing.Images;

/// <summary>Writes configs, manifests and indexes.</summary>
internal static class ManifestBuilder
{
    private const string Created = "2023-11-14T22:13:20Z";

    internal static byte[] Bytes(JsonNode json) => Encoding.UTF8.GetBytes(json.ToJsonString(HttpAnswers.Json));

    internal static JsonObject Descriptor(string mediaType, string digest, long size) =>
        new() { ["mediaType"] = mediaType, ["digest"] = digest, ["size"] = size };

    internal static byte[] Config(TestPlatform platform, IEnumerable<LayerDescriptor> layers)
    {
        var all = layers.ToList();
        var config = platform.ToJson();
        config["created"] = Created;
        config["config"] = new JsonObject
        {
            ["Env"] = new JsonArray("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
            ["Cmd"] = new JsonArray("/bin/sh"),
            ["Labels"] = new JsonObject { ["org.opencontainers.image.title"] = "test" },
        };
        config["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. all.Select(layer => (JsonNode)layer.DiffId)]) };
        config["history"] = new JsonArray([.. all.Select(_ => new JsonObject { ["created"] = Created, ["created_by"] = "test" })]);
        return Bytes(config);
    }

    internal static TestManifest Manifest(byte[] config, string configType, IEnumerable<LayerDescriptor> layers, bool docker, TestPlatform? platform)
    {
        var mediaType = docker ? MediaTypes.DockerManifest : MediaTypes.OciManifest;
        var json = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = mediaType,
            ["config"] = Descriptor(configType, ContentDigest.Of(config), config.Length),
            ["layers"] = new JsonArray([.. layers.Select(Layer)]),
        };
        return new TestManifest(mediaType, Bytes(json)) { Platform = platform };
    }

    private static JsonObject Layer(LayerDescriptor layer)
    {
        var json = Descriptor(layer.MediaType, layer.Digest, layer.Size);
        if (layer.Urls.Count > 0)
        {
            json["urls"] = new JsonArray([.. layer.Urls.Select(u => (JsonNode)u)]);
        }

        return json;
    }

    internal static TestManifest Index(IEnumerable<JsonObject> entries, bool docker)
    {
        var mediaType = docker ? MediaTypes.DockerList : MediaTypes.OciIndex;
        var json = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = mediaType, ["manifests"] = new JsonArray([.. entries]) };
        return new TestManifest(mediaType, Bytes(json));
    }

    internal static JsonObject Entry(TestManifest manifest)
    {
        var entry = Descriptor(manifest.MediaType, manifest.Digest, manifest.Bytes.Length);
        if (manifest.Platform is { } platform)
        {
            entry["platform"] = platform.ToJson();
        }

        return entry;
    }

    /// <summary>An image whose layers are kept elsewhere.</summary>
    internal static TestImage WithForeignLayers(IReadOnlyList<LayerDescriptor> layers)
    {
        var config = Config(TestPlatform.LinuxAmd64, layers);
        var manifest = Manifest(config, MediaTypes.OciConfig, layers, docker: false, TestPlatform.LinuxAmd64);
        return new TestImage([manifest], new Dictionary<string, byte[]> { [ContentDigest.Of(config)] = config });
    }
}
