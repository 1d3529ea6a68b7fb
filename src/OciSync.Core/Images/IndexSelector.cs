using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Images;

/// <summary>
/// Which part of an index is copied: one platform is that manifest, several are a rebuilt index with those entries as they were. Nothing to
/// leave out leaves the index, and its digest, as it is. An index in it of which only a part is kept gives its place to that part.
/// </summary>
internal static class IndexSelector
{
    /// <summary>Reads of the root what the choice needs, and chooses.</summary>
    /// <exception cref="OciException">It has none of the platforms, or can't be read.</exception>
    internal static async Task<ImageChoice> ChooseAsync(
        IImageSource source, Manifest root, ImageSelection selection, string name, WorkScope work)
    {
        if (selection.IsEverything || !root.IsIndex)
        {
            return new ImageChoice(root.Digest, root);
        }

        var content = await IndexContent.ReadAsync(source, root, selection.Wanted, work).ConfigureAwait(false);
        return Select(content, selection, name);
    }

    /// <summary>Chooses: a function of the bytes.</summary>
    internal static ImageChoice Select(IndexContent content, ImageSelection selection, string name)
    {
        var kept = Keep(content, selection, name);
        var attestations = content.All.SelectMany(i => i.Index.Children).Where(c => c.IsAttestation).ToList();
        if (selection is { KeepIndex: true, IsSingle: false })
        {
            return KeepIndex(content, kept, selection, attestations);
        }

        if (FindSingle(kept, selection) is { } single)
        {
            return new ImageChoice(single.Entry.Digest, null)
            {
                Platform = single.Platform,
                LeftOut = DescribeSingle(single, content, selection, attestations),
            };
        }

        var bytes = new IndexRebuild(kept.Select(k => k.Entry.Digest), selection.ExcludeAttestation).Run(content);
        if (bytes is null)
        {
            return new ImageChoice(content.Index.Digest, content.Index);
        }

        var index = ManifestReader.Read(bytes, content.Index.MediaType, Digest.Of(bytes), name);
        return new ImageChoice(index.Digest, index) { LeftOut = DescribeIndex(kept, content, selection, attestations.Count) };
    }

    /// <summary>The images of an index that are for one of the wanted platforms.</summary>
    /// <exception cref="OciException">There is none.</exception>
    internal static IReadOnlyList<IndexImage> Keep(IndexContent content, ImageSelection selection, string name)
    {
        if (selection.Wanted.Count == 0)
        {
            return content.Images;
        }

        var kept = content.Images.Where(i => i.Platform is { } platform && selection.Wanted.Any(w => w.Matches(platform))).ToList();
        return kept.Count > 0 ? kept : throw NoMatch(content, selection, name);
    }

    // What is kept, with the attestations that speak of it and the indexes in the index that lead to it.
    private static ImageChoice KeepIndex(
        IndexContent content, IReadOnlyList<IndexImage> images, ImageSelection selection, List<Descriptor> attestations)
    {
        var kept = new HashSet<Digest>(images.Select(i => i.Entry.Digest));
        kept.UnionWith(attestations
            .Where(a => !selection.ExcludeAttestation && Digest.TryParse(IndexRebuild.SubjectOf(a) ?? string.Empty, out var of, out _) && kept.Contains(of!))
            .Select(a => a.Digest).ToList());
        kept.UnionWith(content.All.Where(i => i.Images.Any(image => kept.Contains(image.Entry.Digest))).Select(i => i.Index.Digest).ToList());
        var all = content.All.SelectMany(i => i.Index.Children).Where(ImageTree.IsManifest).Select(c => c.Digest);
        return all.All(kept.Contains)
            ? new ImageChoice(content.Index.Digest, content.Index)
            : new ImageChoice(content.Index.Digest, content.Index)
            {
                Kept = kept,
                KeptPlatforms = images.Where(i => i.Platform is not null).Select(i => i.Platform!.ToString()).Distinct().ToList(),
                LeftOut = $"{DescribeIndex(images, content, selection, attestations.Count)}; the index is kept, so the rest is missing below it",
            };
    }

    // Entries of one digest are one. Where one image alone is held, several for one platform, packed in different ways, hold the same.
    private static IndexImage? FindSingle(IReadOnlyList<IndexImage> kept, ImageSelection selection)
    {
        if (selection is { Platforms.Count: 0, IsSingle: false })
        {
            return null;
        }

        var isOne = kept.Select(k => k.Entry.Digest).Distinct().Count() == 1
            || selection.IsForThisMachine || (selection.IsSingle && kept.Select(k => k.Platform).Distinct().Count() == 1);
        return isOne ? kept[0] : null;
    }

    private static string? DescribeSingle(IndexImage single, IndexContent content, ImageSelection selection, List<Descriptor> attestations)
    {
        var without = attestations.Exists(a => IndexRebuild.SubjectOf(a) == single.Entry.Digest.ToString()) ? ", without its build attestation" : string.Empty;
        return content.Platforms.Count > 1 ? $"{single.Platform} of {string.Join(", ", content.Platforms)}{without}"
            : selection.IsSingle ? null
            : $"{single.Platform} without the index around it{without}";
    }

    private static string DescribeIndex(IReadOnlyList<IndexImage> kept, IndexContent content, ImageSelection selection, int attestations)
    {
        var platforms = kept.Where(k => k.Platform is not null).Select(k => k.Platform!.ToString()).Distinct().ToList();
        var parts = new List<string>();
        if (platforms.Count < content.Platforms.Count)
        {
            parts.Add($"{string.Join(", ", platforms)} of {string.Join(", ", content.Platforms)}");
        }

        if (selection.ExcludeAttestation && attestations > 0)
        {
            parts.Add($"without {attestations} build {(attestations == 1 ? "attestation" : "attestations")}");
        }

        return parts.Count > 0 ? string.Join(", ", parts) : $"{kept.Count} of the {content.Images.Count} images of its index";
    }

    /// <summary>Refuses an index that only stands for the image's own, where not one manifest of it is meant.</summary>
    /// <exception cref="OciException">It is one.</exception>
    internal static void RefuseStandIn(Manifest root, string name)
    {
        if (root.StandsFor is { } missing)
        {
            var platforms = root.Children.Where(c => c is { IsAttestation: false, Platform: not null }).Select(c => c.Platform!.ToString()).Distinct();
            throw new OciException(
                OciErrorKind.PlatformUnknown,
                $"'{name}' can't be read as a whole: its place does not give the index {missing} itself (a Docker engine does so when it has nothing for "
                    + $"its own machine in it). Choose with -Platform, of {string.Join(", ", platforms)}.");
        }
    }

    private static OciException NoMatch(IndexContent content, ImageSelection selection, string name)
    {
        var has = string.Join(", ", content.Platforms);
        return new OciException(
            OciErrorKind.PlatformUnknown,
            $"'{name}' has no manifest for {string.Join(", ", selection.Wanted)}; it has {(has.Length == 0 ? "none" : has)}."
            + (selection.IsForThisMachine && has.Length > 0 ? " Choose one with -Platform." : string.Empty));
    }
}
