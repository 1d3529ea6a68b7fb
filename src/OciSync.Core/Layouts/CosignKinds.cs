using OciSync.Core.Manifests;

namespace OciSync.Core.Layouts;

/// <summary>
/// Layouts of <c>cosign save</c>: entries without names, of which an annotation says what they are: one image, and lists of its signatures and attestations,
/// which lie under tags everywhere else. Bundles (version 3) are among the blobs, and no entry names them.
/// </summary>
internal static class CosignKinds
{
    /// <summary>The annotation.</summary>
    internal const string Key = "kind";

    private const string Prefix = "dev.cosignproject.cosign/";

    // No entry of an index; a bundle's manifest has about a kilobyte.
    private const int LargestManifest = 64 * 1024;

    /// <summary>The image of such a layout; null where the layout is none, or has several.</summary>
    internal static LayoutEntry? FindImage(IReadOnlyList<LayoutEntry> entries)
    {
        var images = entries.Where(e => KindOf(e) is "image" or "imageIndex").Take(2).ToList();
        return images.Count == 1 ? images[0] : null;
    }

    /// <summary>The entries, with cosign's tags as the names of those that lie under such elsewhere: beside the image's own, where it got one.</summary>
    internal static IReadOnlyList<LayoutEntry> Name(IReadOnlyList<LayoutEntry> entries)
    {
        if (FindImage(entries) is not { } image)
        {
            return entries;
        }

        var repository = image.Name is { } name ? name.Substring(0, name.LastIndexOf(':') + 1) : string.Empty;
        return [.. entries.Select(e => e.Name is null && SuffixOf(e) is { } suffix
            ? e with { GivenName = repository + ReferrerIndex.TagFor(image.Manifest.Digest) + suffix }
            : e)];
    }

    /// <summary>Whether a blob that no entry names may be such a bundle's manifest.</summary>
    internal static bool MayBeManifest(long size) => size is > 0 and <= LargestManifest;

    private static string? SuffixOf(LayoutEntry entry) => KindOf(entry) switch
    {
        "sigs" => ".sig",
        "atts" => ".att",
        _ => null,
    };

    private static string? KindOf(LayoutEntry entry) =>
        entry.Manifest.Annotations.TryGetValue(Key, out var kind) && kind.StartsWith(Prefix, StringComparison.Ordinal) ? kind.Substring(Prefix.Length) : null;
}
