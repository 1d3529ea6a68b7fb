using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.Places;
using OciSync.Core.References;
using OciSync.Core.Signing.Enforcing;

namespace OciSync.Core.Trust;

/// <summary>The manifests of an image whose signatures are looked at, and what each of them is.</summary>
internal sealed class ImageReading
{
    private readonly ImageTree _tree;
    private readonly ImageParts _parts;

    private ImageReading(ImageTree tree)
    {
        _tree = tree;
        _parts = ImageParts.Of(tree);
    }

    /// <summary>The manifest or index that the name points to.</summary>
    internal Manifest Root => _tree.Root;

    /// <summary>It is an index that names images.</summary>
    internal bool HasPlatforms => Root.IsIndex && _tree.Children.Exists(c => !c.IsIndex);

    /// <summary>The root, then what it names, in its order.</summary>
    internal IEnumerable<Manifest> Manifests => _tree.Children.Where(c => !c.IsIndex).Prepend(Root);

    /// <summary>Reads the manifests of an image; no blob. Where only some of an index are there (<c>-KeepIndex</c>), it is said which are not.</summary>
    /// <exception cref="OciException">One can't be read, or an index is there and nothing that it names.</exception>
    internal static Task<ImageReading> LoadAsync(RegistryPool pool, ImageLocation image, WorkScope work) => LoadAsync(pool.GetSource(image), image, work);

    /// <summary>The same, out of one place.</summary>
    /// <exception cref="OciException">As above.</exception>
    internal static async Task<ImageReading> LoadAsync(IImageSource source, ImageLocation image, WorkScope work)
    {
        var root = await source.GetManifestAsync(image.ManifestReference, work).ConfigureAwait(false);
        var tree = await ImageTree.LoadAsync(source, root, work, mayBeSparse: true).ConfigureAwait(false);
        if (tree.Absent.Count > 0)
        {
            var named = string.Join(", ", tree.Absent.Select(a => a is { Platform: { } platform, IsAttestation: false } ? $"{platform}" : $"{a.Digest}"));
            var text = $"The index of '{image}' names manifests that are not there: {named}";
            if (tree.Children.Count == 0)
            {
                throw new OciException(OciErrorKind.ManifestUnknown, text + ".");
            }

            source.Connection.Events.Warn(text + ". They are left out.");
        }

        return new ImageReading(tree);
    }

    /// <summary>What a manifest is: image, index, platform or other.</summary>
    internal string PartOf(Manifest manifest) =>
        manifest == Root ? HasPlatforms ? "index" : "image" : _parts.Platforms.Contains(manifest) ? "platform" : "other";

    /// <summary>The platform that an index says of it, or null.</summary>
    internal string? PlatformOf(Manifest manifest) => manifest == Root ? null : ImageParts.PlatformOf(_tree, manifest)?.ToString();
}
