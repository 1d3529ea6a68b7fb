using System.Text.Json.Nodes;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Engine;

/// <summary>Indexes that aren't as builders usually make them.</summary>
internal static class Indexes
{
    internal const string ZstdMark = "io.github.containers.compression.zstd";

    /// <summary>One image packed with gzip and with zstd for each platform, as podman adds a compression; the zstd entries are marked.</summary>
    internal static TestImage TwicePacked(params TestPlatform[] platforms)
    {
        var gzip = ImageFactory.Create(new ImageSpec { Platforms = platforms, Index = true });
        var zstd = ImageFactory.Create(new ImageSpec { Platforms = platforms, Index = true, Compression = LayerCompression.Zstd });
        var both = ImageFactory.Nest(
            [.. gzip.Manifests.Concat(zstd.Manifests).Where(m => m.Platform is not null).Select(m => new TestImage([m], Merge(gzip, zstd)))]);
        return Change(both, root =>
        {
            foreach (var entry in root["manifests"]!.AsArray().Skip(platforms.Length))
            {
                entry!["annotations"] = new JsonObject { [ZstdMark] = "true" };
            }
        });
    }

    /// <summary>The image with another index or manifest on top.</summary>
    internal static TestImage Change(TestImage image, Action<JsonObject> change)
    {
        var root = JsonNode.Parse(image.Root.Bytes)!.AsObject();
        change(root);
        var made = new TestManifest(image.Root.MediaType, System.Text.Encoding.UTF8.GetBytes(root.ToJsonString())) { Platform = image.Root.Platform };
        return image with { Manifests = [.. image.Manifests.Take(image.Manifests.Count - 1), made] };
    }

    /// <summary>The entries of an index in a registry; everything below it is there and right.</summary>
    internal static async Task<IReadOnlyList<JsonObject>> EntriesAsync(EmbeddedRegistry registry, string repository, string tag)
    {
        using var reader = new RawRegistryReader(registry.BaseUri);
        await reader.VerifyAsync(repository, tag, TestContext.Current.CancellationToken);
        var manifest = await reader.GetManifestAsync(repository, tag, TestContext.Current.CancellationToken);
        return [.. JsonNode.Parse(manifest.Bytes)!["manifests"]!.AsArray().Select(e => e!.AsObject())];
    }

    /// <summary>The manifest under a tag.</summary>
    internal static async Task<JsonObject> ManifestAsync(EmbeddedRegistry registry, string repository, string reference)
    {
        using var reader = new RawRegistryReader(registry.BaseUri);
        var manifest = await reader.GetManifestAsync(repository, reference, TestContext.Current.CancellationToken);
        return JsonNode.Parse(manifest.Bytes)!.AsObject();
    }

    internal static string DigestOf(JsonObject entry) => entry["digest"]!.GetValue<string>();

    private static Dictionary<string, byte[]> Merge(TestImage one, TestImage other) =>
        one.Blobs.Concat(other.Blobs).GroupBy(b => b.Key).ToDictionary(g => g.Key, g => g.First().Value);
}
