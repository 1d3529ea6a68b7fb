using System.IO.Compression;
using System.Text.Json.Nodes;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Mono.Tests;

/// <summary>What is in the layers of an image, whatever they are packed with.</summary>
internal static class Layers
{
    /// <summary>Media type and digest of the unpacked bytes of each layer, in order.</summary>
    internal static async Task<IReadOnlyList<(string MediaType, string DiffId)>> ReadAsync(EmbeddedRegistry registry, string repository, string tag)
    {
        using var reader = new RawRegistryReader(registry.BaseUri);
        using var client = new HttpClient { BaseAddress = registry.BaseUri };
        await reader.VerifyAsync(repository, tag, TestContext.Current.CancellationToken);
        var manifest = JsonNode.Parse((await reader.GetManifestAsync(repository, tag, TestContext.Current.CancellationToken)).Bytes)!;
        var layers = new List<(string, string)>();
        foreach (var layer in manifest["layers"]!.AsArray())
        {
            var bytes = await client.GetByteArrayAsync($"v2/{repository}/blobs/{layer!["digest"]}", TestContext.Current.CancellationToken);
            layers.Add(((string)layer["mediaType"]!, ContentDigest.Of(Unpack(bytes))));
        }

        return layers;
    }

    /// <summary>The digests of the unpacked layers as the image's config has them.</summary>
    internal static IReadOnlyList<string> DiffIds(TestImage image) =>
        [.. JsonNode.Parse(image.Root.Bytes)!["layers"]!.AsArray().Select(l => ContentDigest.Of(Unpack(image.Blobs[(string)l!["digest"]!])))];

    internal static byte[] Gzip(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }

    internal static byte[] Unpack(byte[] bytes)
    {
        using Stream plain = bytes switch
        {
            [0x1f, 0x8b, ..] => new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => new ZstdSharp.DecompressionStream(new MemoryStream(bytes)),
            _ => new MemoryStream(bytes),
        };
        using var all = new MemoryStream();
        plain.CopyTo(all);
        return all.ToArray();
    }
}
