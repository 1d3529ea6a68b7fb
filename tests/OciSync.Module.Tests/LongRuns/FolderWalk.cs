using System.Text.Json.Nodes;
using OciSync.Testing;

namespace OciSync.Module.Tests.LongRuns;

/// <summary>Reads layouts and folders of images as files and believes nothing: the judge of what a killed process left.</summary>
internal static class FolderWalk
{
    /// <summary>The images of a layout by their names; each blob there has the digest it is named by, and none is missing.</summary>
    internal static SortedDictionary<string, string> Layout(string folder)
    {
        var images = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.Exists(Path.Combine(folder, "blobs")) ? Directory.GetFiles(Path.Combine(folder, "blobs/sha256")) : [])
        {
            Assert.Equal("sha256:" + Path.GetFileName(file), ContentDigest.Of(File.ReadAllBytes(file)));
        }

        if (!File.Exists(Path.Combine(folder, "index.json")))
        {
            return images;
        }

        Assert.Equal("1.0.0", (string)JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "oci-layout")))!["imageLayoutVersion"]!);
        foreach (var entry in JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "index.json")))!["manifests"]!.AsArray())
        {
            images.Add((string)entry!["annotations"]!["org.opencontainers.image.ref.name"]!, (string)entry["digest"]!);
            WalkManifest(entry, digest => File.ReadAllBytes(Path.Combine(folder, "blobs/sha256", digest["sha256:".Length..])));
        }

        return images;
    }

    /// <summary>The images in folders of their own, by the folders' names; those without a manifest are none.</summary>
    internal static SortedDictionary<string, string> Folders(string folder)
    {
        var images = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var manifest in Directory.Exists(folder) ? Directory.GetFiles(folder, "manifest.json", SearchOption.AllDirectories) : [])
        {
            var place = Path.GetDirectoryName(manifest)!;
            Assert.Equal("Directory Transport Version: 1.1", File.ReadAllText(Path.Combine(place, "version")).Trim());
            var bytes = File.ReadAllBytes(manifest);
            images.Add(Path.GetRelativePath(folder, place).Replace('\\', '/'), ContentDigest.Of(bytes));
            WalkParts(JsonNode.Parse(bytes)!, digest =>
            {
                var name = digest["sha256:".Length..];
                var child = Path.Combine(place, name + ".manifest.json");
                return File.ReadAllBytes(File.Exists(child) ? child : Path.Combine(place, name));
            });
        }

        return images;
    }

    private static void WalkManifest(JsonNode descriptor, Func<string, byte[]> read)
    {
        var bytes = ReadRight(descriptor, read);
        WalkParts(JsonNode.Parse(bytes)!, read);
    }

    private static void WalkParts(JsonNode manifest, Func<string, byte[]> read)
    {
        foreach (var child in manifest["manifests"]?.AsArray() ?? [])
        {
            WalkManifest(child!, read);
        }

        foreach (var layer in manifest["layers"]?.AsArray() ?? [])
        {
            ReadRight(layer!, read);
        }

        if (manifest["config"] is { } config)
        {
            ReadRight(config, read);
        }
    }

    private static byte[] ReadRight(JsonNode descriptor, Func<string, byte[]> read)
    {
        var bytes = read((string)descriptor["digest"]!);
        Assert.Equal(((string)descriptor["digest"]!, (long)descriptor["size"]!), (ContentDigest.Of(bytes), bytes.Length));
        return bytes;
    }
}
