using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Archives;

/// <summary>Manifests for images that come without one. The same parts always give the same bytes.</summary>
internal static class ManifestMaker
{
    /// <summary>A manifest of Docker's schema 2, or of OCI when its config says so.</summary>
    internal static Manifest Create(Descriptor config, IReadOnlyList<Descriptor> layers, string name)
    {
        var mediaType = config.MediaType == MediaTypes.DockerConfig ? MediaTypes.DockerManifest : MediaTypes.OciManifest;
        var root = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = mediaType,
            ["config"] = Describe(config),
            ["layers"] = new JsonArray([.. layers.Select(Describe)]),
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(root);
        return ManifestReader.Read(bytes, mediaType, Digest.Of(bytes), name);
    }

    private static JsonObject Describe(Descriptor descriptor) => new()
    {
        ["mediaType"] = descriptor.MediaType,
        ["size"] = descriptor.Size,
        ["digest"] = descriptor.Digest.ToString(),
    };
}
