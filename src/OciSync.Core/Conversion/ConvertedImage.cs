using OciSync.Core.Images;
using OciSync.Core.Manifests;

namespace OciSync.Core.Conversion;

/// <summary>An image as it is to be written, where to read it from, and what was done to it in words; null when nothing was.</summary>
internal sealed record ConvertedImage(Manifest Root, IImageSource Source, string? Note)
{
    /// <summary>The layers that were packed anew.</summary>
    internal IReadOnlyList<PackedLayer> Layers { get; init; } = [];
}

/// <summary>A manifest after conversion, which may be the one before it, and what the new format has no place for.</summary>
internal sealed record ConvertedManifest(Manifest Manifest, IReadOnlyList<string> Lost);
