using OciSync.Core.Manifests;

namespace OciSync.Core.Transports;

/// <summary>An image of a layout's index.</summary>
internal sealed record LayoutEntry(int Index, Descriptor Manifest)
{
    internal const string NameKey = "org.opencontainers.image.ref.name";

    /// <summary>Its name, or null.</summary>
    internal string? Name => Manifest.Annotations.TryGetValue(NameKey, out var name) && name.Length > 0 ? name : null;
}
