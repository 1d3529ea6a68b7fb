using OciSync.Core.References;

namespace OciSync.Core.Rewriting;

/// <summary>The names that images have at the mirror (a pure function).</summary>
internal sealed class MirrorNames
{
    private readonly ILookup<string, MirrorName> _byName;
    private readonly bool _pin;

    /// <param name="names">The images of the mirror.</param>
    /// <param name="pin">Names get their digest.</param>
    internal MirrorNames(IReadOnlyList<MirrorName> names, bool pin)
    {
        // What leads to the mirror already may still lack its digest.
        var there = names.Select(n => n with { Source = n.Mirror, SourceDigest = n.Digest ?? n.SourceDigest });
        _byName = names.Concat(there).ToLookup(n => n.Source.Name, StringComparer.Ordinal);
        _pin = pin;
    }

    /// <summary>The new name of an image, or why it has none.</summary>
    internal (ImageReference? Name, string? Fault) Find(ImageReference image)
    {
        var candidates = _byName[image.Name].ToList();
        if (candidates.Count == 0)
        {
            return (null, "the mirror has no image of this repository");
        }

        var found = image.Digest is { } digest
            ? candidates.Find(c => c.SourceDigest == digest && c.Source.Tag == image.Tag) ?? candidates.Find(c => c.SourceDigest == digest)
            : candidates.Find(c => c.Source.Tag == (image.Tag ?? ImageReference.DefaultTag));
        if (found is null)
        {
            return (null, image.Digest is null ? "the mirror has other tags of this repository" : "the mirror has no image of this digest");
        }

        var pinned = _pin || image.Digest is not null ? found.Digest ?? found.SourceDigest : null;
        return pinned is null && _pin
            ? (null, "the mirror's row has no digest")
            : (new ImageReference(found.Mirror.Registry, found.Mirror.Repository, image.Tag is null ? null : found.Mirror.Tag ?? image.Tag, pinned), null);
    }
}
