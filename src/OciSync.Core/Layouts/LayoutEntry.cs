using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Layouts;

/// <summary>An entry of a layout's index.</summary>
/// <param name="Index">Its place, from 0; -1 for an index that was made of several entries.</param>
/// <param name="Manifest">What it describes.</param>
internal sealed record LayoutEntry(int Index, Descriptor Manifest)
{
    /// <summary>OCI's annotation for a name within a layout (image-spec 1.1, "Pre-Defined Annotation Keys").</summary>
    internal const string NameKey = "org.opencontainers.image.ref.name";

    /// <summary>The annotation in which Docker, containerd and nerdctl write the whole name, with the registry.</summary>
    internal const string FullNameKey = "io.containerd.image.name";

    /// <summary>Our mark on an entry that is no image by itself: the digest of what it speaks of.</summary>
    internal const string SubjectKey = "io.ocisync.referrer.subject";

    /// <summary>What it speaks of, when it is marked as a referrer; or null.</summary>
    internal string? Subject => Text(SubjectKey);

    internal bool IsReferrer => Subject is not null;

    /// <summary>Its name in the layout, as it is written there or follows from what is; or null.</summary>
    internal string? RefName => Text(NameKey) ?? GivenName;

    /// <summary>A name that it has by what another annotation says; or null.</summary>
    internal string? GivenName { get; init; }

    /// <summary>What it speaks of, when its name is one of the tags of such (<c>sha256-….sig</c>); or null. An image may be tagged by its own digest.</summary>
    internal Digest? AttachedTo => Name is { } name && AttachmentTag.FindSubject(name.Substring(name.LastIndexOf(':') + 1)) is { } subject
        && subject != Manifest.Digest ? subject : null;

    /// <summary>Its whole name, with registry and tag; or null.</summary>
    internal ImageReference? FullName { get; } =
        Manifest.Annotations.TryGetValue(FullNameKey, out var text) && ImageReference.TryParse(text, out var name, out _) && name!.Digest is null
            ? name.WithDefaultTag()
            : null;

    /// <summary>What it is called: its name in the layout, or, where that is nothing but the tag of its whole name, the whole name.</summary>
    internal string? Name => HasFullName ? FullName!.ToString() : RefName;

    /// <summary>Whether the entry is called by its whole name, registry/repository:tag, and not by the tag alone.</summary>
    internal bool HasFullName => FullName is { } full && (RefName is null || RefName == full.Tag);

    /// <summary>The platforms of one image, where the layout's index lists them itself: what this entry was made of.</summary>
    internal IReadOnlyList<LayoutEntry> Parts { get; init; } = [];

    /// <summary>The bytes of the index that was made of the parts; null for an entry that stands in the layout.</summary>
    internal byte[]? Content { get; init; }

    private string? Text(string key) => Manifest.Annotations.TryGetValue(key, out var text) && text.Length > 0 ? text : null;
}
