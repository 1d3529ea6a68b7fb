using OciSync.Core.Manifests;

namespace OciSync.Core.Transports;

/// <summary>An image of a layout's index.</summary>
internal sealed record LayoutEntry(int Index, Descriptor Manifest)
{
    internal const string NameKey = "org.opencontainers.image.ref.name";

    /// <summary>Our mark on an entry that is no image by itself: the digest of what it speaks of.</summary>
    internal const string SubjectKey = "io.ocisync.referrer.subject";

    /// <summary>What it speaks of, when it is marked as a referrer; or null.</summary>
    internal string? Subject => Manifest.Annotations.TryGetValue(SubjectKey, out var subject) ? subject : null;

    internal bool IsReferrer => Subject is not null;

    /// <summary>Its name, or null.</summary>
    internal string? Name => Manifest.Annotations.TryGetValue(NameKey, out var name) && name.Length > 0 ? name : null;
}
