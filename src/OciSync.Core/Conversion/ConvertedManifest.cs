using OciSync.Core.Manifests;

namespace OciSync.Core.Conversion;

/// <summary>A manifest after conversion, which may be the one before it, and what the new format has no place for.</summary>
internal sealed record ConvertedManifest(Manifest Manifest, IReadOnlyList<string> Lost);
