using System.Text.Json;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Manifests;

/// <summary>
/// Bytes to <see cref="Manifest"/> (image-spec 1.1, "Image Manifest" and "Image Index"; Docker's schema 2). What could be read in two
/// ways is refused: repeated keys, a body of one kind under the name of another, both <c>manifests</c> and <c>layers</c>.
/// </summary>
internal static class ManifestReader
{
    /// <summary>The largest manifest and config that is read.</summary>
    internal const int MaxSize = 4 * 1024 * 1024;
    internal const int MaxDescriptors = 20_000;

    /// <param name="content">The bytes.</param>
    /// <param name="contentType">What the server calls them, if it says.</param>
    /// <param name="digest">Their digest, already verified.</param>
    /// <param name="name">For messages: whose manifest it is.</param>
    internal static Manifest Read(byte[] content, string? contentType, Digest digest, string name)
    {
        try
        {
            if (ManifestDigest.IsSchemaOne(content, contentType))
            {
                return SchemaOneReader.Read(content, digest);
            }

            using var document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = 64 });
            ManifestJson.CheckTexts(document.RootElement);
            return Read(document.RootElement, content, contentType, digest, name);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw Invalid(name, e.Message, e);
        }
    }

    private static Manifest Read(JsonElement root, byte[] content, string? contentType, Digest digest, string name)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Invalid(name, "it is not a JSON object");
        }

        ManifestJson.CheckKeys(root);
        var mediaType = FindMediaType(root, contentType, name);
        var manifest = new Manifest(content, mediaType, digest)
        {
            Children = ManifestJson.ReadList(root, "manifests", MaxDescriptors),
            Layers = ManifestJson.ReadList(root, mediaType == MediaTypes.OciArtifact ? "blobs" : "layers", MaxDescriptors),
            Config = ManifestJson.ReadOne(root, "config"),
            Subject = ManifestJson.ReadOne(root, "subject"),
            ArtifactType = ManifestJson.Text(root, "artifactType"),
            Annotations = ManifestJson.ReadAnnotations(root),
        };
        Check(root, manifest, name);
        return manifest;
    }

    private static void Check(JsonElement root, Manifest manifest, string name)
    {
        var listsChildren = root.TryGetProperty("manifests", out _);
        if (listsChildren && (root.TryGetProperty("layers", out _) || root.TryGetProperty("config", out _)))
        {
            throw Invalid(name, "it names both 'manifests' and 'layers' or 'config'");
        }

        // An index may list nothing; it may not be an image.
        var isImage = root.TryGetProperty("layers", out _) || root.TryGetProperty("config", out _);
        if (manifest.IsIndex ? isImage : listsChildren)
        {
            throw Invalid(name, $"it is called {manifest.MediaType}, which its content is not");
        }

        if (!manifest.IsIndex && manifest.MediaType != MediaTypes.OciArtifact && manifest.Config is null)
        {
            throw Invalid(name, "it names no config");
        }
    }

    private static string FindMediaType(JsonElement root, string? contentType, string name)
    {
        var stated = ManifestJson.Text(root, "mediaType");
        var known = contentType is not null && (MediaTypes.IsIndex(contentType) || MediaTypes.IsManifest(contentType));
        if (known && stated is not null && stated != contentType)
        {
            throw Invalid(name, $"the server calls it {contentType} and it calls itself {Printable.Text(stated)}");
        }

        var mediaType = known ? contentType! : stated ?? (root.TryGetProperty("manifests", out _) ? MediaTypes.OciIndex : MediaTypes.OciManifest);
        return MediaTypes.IsIndex(mediaType) || MediaTypes.IsManifest(mediaType)
            ? mediaType
            : throw Invalid(name, $"its media type {Printable.Text(mediaType)} is not one of a manifest");
    }

    private static OciException Invalid(string name, string fault, Exception? inner = null) =>
        new(OciErrorKind.ManifestInvalid, $"The manifest of '{name}' can't be used: {fault.TrimEnd('.')}.", inner);
}
