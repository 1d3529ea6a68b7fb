using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Images;

/// <summary>What of an image is copied: the whole, the manifest for one platform, or an index of several.</summary>
/// <param name="Digest">The digest of its manifest or index.</param>
/// <param name="Manifest">That manifest or index, where it is read already.</param>
internal sealed record ImageChoice(Digest Digest, Manifest? Manifest)
{
    /// <summary>The one platform of an index that was chosen, or null.</summary>
    internal Platform? Platform { get; init; }

    /// <summary>The manifests below an index that stays as it is, where only some of them are copied; null for all.</summary>
    internal IReadOnlyCollection<Digest>? Kept { get; init; }

    /// <summary>The platforms of those.</summary>
    internal IReadOnlyList<string> KeptPlatforms { get; init; } = [];

    /// <summary>What is copied and what not, in words; null when nothing is left out.</summary>
    internal string? LeftOut { get; init; }
}
