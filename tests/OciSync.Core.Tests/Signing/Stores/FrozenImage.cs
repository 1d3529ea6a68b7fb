using System.Text;
using System.Text.Json.Nodes;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Signing.Stores;

/// <summary>An image that another tool signed, as it was in the registry afterwards (tests/data says by which command).</summary>
internal sealed class FrozenImage
{
    private FrozenImage(JsonNode json)
    {
        Name = Text(json, "name");
        Key = Encoding.UTF8.GetBytes(Text(json, "key"));
        SignedName = Text(json, "repository");
        Tag = Text(json, "tag");
        Blobs = json["blobs"]!.AsObject().ToDictionary(b => b.Key, b => Convert.FromBase64String(b.Value!.GetValue<string>()));
        Manifests = [.. json["manifests"]!.AsArray().Select(m => (Text(m!, "tag"), Encoding.UTF8.GetBytes(Text(m!, "content"))))];
    }

    /// <summary>Who signed it.</summary>
    internal string Name { get; }

    /// <summary>The public key, PEM.</summary>
    internal byte[] Key { get; }

    /// <summary>The repository that it was signed in.</summary>
    internal string SignedName { get; }

    internal string Tag { get; }

    internal string Digest => ContentDigest.Of(Manifests[0].Content);

    /// <summary>The image's manifest, and the others with their tags.</summary>
    internal IReadOnlyList<(string Tag, byte[] Content)> Manifests { get; }

    internal Dictionary<string, byte[]> Blobs { get; }

    internal static FrozenImage Load(string name)
    {
        using var stream = typeof(FrozenImage).Assembly.GetManifestResourceStream("sigstore-attachments")!;
        return JsonNode.Parse(stream)!.AsArray().Select(j => new FrozenImage(j!)).Single(i => i.Name == name);
    }

    /// <summary>Puts it into a registry.</summary>
    internal async Task AddAsync(EmbeddedRegistry registry, string repository)
    {
        foreach (var (tag, content) in Manifests)
        {
            await registry.AddAsync(repository, new TestImage([new TestManifest(MediaTypes.OciManifest, content)], Blobs), tag.Length == 0 ? Tag : tag);
        }
    }

    private static string Text(JsonNode json, string name) => json[name]!.GetValue<string>();
}
