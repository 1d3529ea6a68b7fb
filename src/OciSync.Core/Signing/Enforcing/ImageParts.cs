using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Signing.Enforcing;

/// <summary>
/// The manifests of an image that may run somewhere, and those that can't: BuildKit's attestations, and artifacts. Whoever writes an index says
/// what an entry is, so only that counts as no image which no engine would run: it is for the platform <c>unknown/unknown</c>, or has the empty
/// config of an artifact (image-spec 1.1, "Guidance for an Empty Descriptor").
/// </summary>
/// <param name="Platforms">What a policy judges, each once: a single manifest itself.</param>
/// <param name="Others">What speaks of them, or lies beside them.</param>
internal sealed record ImageParts(IReadOnlyList<Manifest> Platforms, IReadOnlyList<Manifest> Others)
{
    private const string Unknown = "unknown";

    // {}
    private static readonly Digest EmptyConfig = Digest.Of([(byte)'{', (byte)'}']);

    /// <summary>Splits an image; of an index alone, whose manifests are not read, the index is all there is to judge.</summary>
    internal static ImageParts Of(ImageTree tree)
    {
        var manifests = tree.Children.Where(m => !m.IsIndex).ToList();
        if (!tree.Root.IsIndex || manifests.Count == 0)
        {
            return new ImageParts([tree.Root], []);
        }

        // An entry that runs makes an image of what another one calls an attestation.
        var named = tree.Children.Append(tree.Root).SelectMany(m => m.Children).ToLookup(e => e.Digest);
        var platforms = manifests.Where(m => named[m.Digest].Any(e => MayRun(e, m))).ToList();
        return new ImageParts(platforms, [.. manifests.Except(platforms)]);
    }

    /// <summary>The platform that the index says of a manifest in it, or null.</summary>
    internal static Platform? PlatformOf(ImageTree tree, Manifest manifest) => tree.Children.Append(tree.Root).SelectMany(m => m.Children)
        .Where(e => e.Digest == manifest.Digest).Select(e => e.Platform).FirstOrDefault(p => p is not null);

    private static bool MayRun(Descriptor entry, Manifest manifest) => entry.Platform is { } platform
        ? platform.Os != Unknown || platform.Architecture != Unknown
        : manifest.Config?.Digest != EmptyConfig;
}
