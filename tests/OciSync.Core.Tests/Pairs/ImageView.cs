using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using OciSync.Core.References;

namespace OciSync.Core.Tests.Pairs;

/// <summary>An image as skopeo has written it into a folder. Nothing in it is believed: every file is hashed.</summary>
internal sealed class ImageView(string folder)
{
    /// <summary>The bytes of the manifest.</summary>
    internal byte[] Root { get; } = File.ReadAllBytes(Path.Combine(folder, "manifest.json"));

    /// <summary>The config of the image, or of the image for this machine: its digest, and that each layer holds what it says.</summary>
    internal string ReadContent()
    {
        var manifest = Parse(Root);
        if (manifest["manifests"] is JsonArray entries)
        {
            manifest = Parse(ReadFile(Hex(ForThisMachine(entries)) + ".manifest.json", null));
        }

        var config = (string)manifest["config"]!["digest"]!;
        var diffIds = Parse(ReadFile(Hex(manifest["config"]!), config))["rootfs"]!["diff_ids"]!.AsArray().Select(d => (string)d!).ToList();
        var found = manifest["layers"]!.AsArray().Select(l => Conversion.Convert.DiffId(ReadFile(Hex(l!), (string)l!["digest"]!))).ToList();
        Assert.Equal(diffIds, found);
        return config;
    }

    /// <summary>Hashes every blob and child that the image names.</summary>
    internal void Verify()
    {
        var seen = new HashSet<string>();
        Verify(Parse(Root), seen);
        Assert.NotEmpty(seen);
    }

    private void Verify(JsonNode manifest, HashSet<string> seen)
    {
        foreach (var child in manifest["manifests"]?.AsArray() ?? [])
        {
            var bytes = ReadFile(Hex(child!) + ".manifest.json", (string)child!["digest"]!);
            Verify(Parse(bytes), seen);
        }

        foreach (var blob in (manifest["layers"]?.AsArray() ?? []).Append(manifest["config"]).OfType<JsonObject>())
        {
            ReadFile(Hex(blob), (string)blob["digest"]!);
            seen.Add(Hex(blob));
        }
    }

    private byte[] ReadFile(string name, string? digest)
    {
        var bytes = File.ReadAllBytes(Path.Combine(folder, name));
        Assert.True(digest is null || Digest.Of(bytes).ToString() == digest, $"{name} has other bytes");
        return bytes;
    }

    private static JsonNode ForThisMachine(JsonArray entries)
    {
        var architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";
        return entries.First(e => (string?)e!["platform"]!["os"] == "linux" && (string?)e["platform"]!["architecture"] == architecture)!;
    }

    private static string Hex(JsonNode descriptor) => ((string)descriptor["digest"]!).Split(':')[1];

    private static JsonNode Parse(byte[] json) => JsonNode.Parse(json)!;
}
