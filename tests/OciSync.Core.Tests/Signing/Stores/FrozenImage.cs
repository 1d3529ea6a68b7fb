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

    /// <summary>The image's manifest, and the others with their tags; what speaks of it has none.</summary>
    internal IReadOnlyList<(string Tag, byte[] Content)> Manifests { get; }

    internal Dictionary<string, byte[]> Blobs { get; }

    /// <summary>The bundle.</summary>
    internal byte[] Bundle => Blobs.Values.Single(b => Encoding.UTF8.GetString(b).Contains("verificationMaterial", StringComparison.Ordinal));

    /// <summary>What speaks of it.</summary>
    internal TestImage Referrer => new([new TestManifest(MediaTypes.OciManifest, Manifests[1].Content)], Blobs);

    /// <summary>An image with an attachment.</summary>
    internal static FrozenImage Load(string name) => Load("sigstore-attachments", name);

    /// <summary>An image with a bundle.</summary>
    internal static FrozenImage LoadBundle(string name) => Load("sigstore-bundles", name);

    private static FrozenImage Load(string list, string name)
    {
        using var stream = typeof(FrozenImage).Assembly.GetManifestResourceStream(list)!;
        return JsonNode.Parse(stream)!.AsArray().Select(j => new FrozenImage(j!)).Single(i => i.Name == name);
    }

    /// <summary>Puts it into a registry.</summary>
    internal async Task AddAsync(EmbeddedRegistry registry, string repository)
    {
        foreach (var (tag, content) in Manifests)
        {
            var image = new TestImage([new TestManifest(MediaTypes.OciManifest, content)], Blobs);
            await registry.AddAsync(repository, image, tag switch { "" => [Tag], "referrer" => [], _ => [tag] });
        }
    }

    private static string Text(JsonNode json, string name) => json[name]!.GetValue<string>();
}
