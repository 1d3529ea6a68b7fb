using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Layouts;

/// <summary>
/// What the entries of a layout's index are to each other. oras and others list the parts of an image, and what speaks of it, beside it:
/// an entry without a name that another one contains, or whose subject is there, is no image of its own.
/// </summary>
/// <param name="index">The index.</param>
/// <param name="facts">What its manifests contain.</param>
/// <param name="listBlobs">Lists the blobs that lie in the layout, whoever names them, and their sizes.</param>
internal sealed class LayoutView(LayoutIndex index, LayoutFacts facts, Func<IReadOnlyList<(Digest Digest, long Size)>> listBlobs)
{
    private volatile IReadOnlyList<LayoutEntry>? _images;
    private volatile ILookup<string, LayoutEntry>? _referrers;

    internal LayoutIndex Index => index;

    /// <summary>The image of a name, a place (<c>@0</c>), a digest, or the only one there is; null when there is none.</summary>
    /// <exception cref="Errors.OciException">There are several.</exception>
    internal async Task<LayoutEntry?> FindAsync(string reference)
    {
        if (reference == ImageLocation.OnlyImage)
        {
            var images = await ListImagesAsync().ConfigureAwait(false);
            return images.Count == 0 ? null
                : images.Select(i => i.Manifest.Digest).Distinct().Count() == 1 ? images[0]
                : throw index.Ambiguous($"there are {images.Count} images", images);
        }

        var found = index.FindAll(reference);
        if (found.Count == 0)
        {
            return Digest.TryParse(reference.TrimStart('*'), out var digest, out _) ? await FindMadeAsync(digest!).ConfigureAwait(false) : null;
        }

        return found.Select(e => e.Manifest.Digest).Distinct().Count() == 1
            ? found[0]
            : LayoutGroup.TryCreate(index, found) ?? throw index.Ambiguous($"{found.Count} different images are called '{Printable.Text(reference)}'", found);
    }

    /// <summary>The images, each once under each of its names; those of one name that are different stand one beside the other.</summary>
    internal async Task<IReadOnlyList<LayoutEntry>> ListImagesAsync() => _images ??= await FindImagesAsync().ConfigureAwait(false);

    /// <summary>
    /// What speaks of a manifest: by our mark, by its <c>subject</c>, or in an index under the digest's tag, as in a registry without the API.
    /// </summary>
    /// <param name="subject">The manifest.</param>
    /// <param name="read">Reads a manifest that has to be there.</param>
    internal async Task<IReadOnlyList<Descriptor>> ListReferrersAsync(Digest subject, Func<Digest, Task<Manifest>> read)
    {
        var referrers = _referrers ??= await FindReferrersAsync().ConfigureAwait(false);
        var found = referrers[subject.ToString()].Select(e => e.Manifest).ToList();
        foreach (var list in referrers[ReferrerIndex.TagFor(subject)])
        {
            found.AddRange((await read(list.Manifest.Digest).ConfigureAwait(false)).Children);
        }

        return found.GroupBy(d => d.Digest).Select(g => g.First()).ToList();
    }

    /// <summary>What speaks of a manifest and is named by no entry: cosign saves bundles as blobs that nothing leads to.</summary>
    internal async Task<IReadOnlyList<(Digest Subject, Descriptor Manifest)>> ListUnnamedAsync()
    {
        if (CosignKinds.FindImage(index.Entries) is null)
        {
            return [];
        }

        var known = await facts.ListPartsAsync(index.Entries.Select(e => e.Manifest)).ConfigureAwait(false);
        known.UnionWith(index.Entries.Select(e => e.Manifest.Digest));
        var found = new List<(Digest, Descriptor)>();
        foreach (var (digest, size) in listBlobs().Where(b => CosignKinds.MayBeManifest(b.Size) && !known.Contains(b.Digest)))
        {
            if (await facts.TryReadAsync(digest, size).ConfigureAwait(false) is { Subject: { } subject } manifest)
            {
                found.Add((subject.Digest, ReferrerIndex.DescriptorOf(manifest)));
            }
        }

        return found;
    }

    // By the digest of what they speak of; lists of them by their tag.
    private async Task<ILookup<string, LayoutEntry>> FindReferrersAsync()
    {
        var found = new List<(string Key, LayoutEntry Entry)>();
        foreach (var entry in index.Entries)
        {
            if (entry.Name is { } name)
            {
                found.Add((name.Substring(name.LastIndexOf(':') + 1), entry));
            }

            if (entry.Name is null && entry.Subject is { } mark)
            {
                found.Add((mark, entry));
            }
            else if (!entry.IsReferrer && await facts.FindSubjectAsync(entry.Manifest).ConfigureAwait(false) is { } subject)
            {
                found.Add((subject.ToString(), entry));
            }
        }

        found.AddRange((await ListUnnamedAsync().ConfigureAwait(false)).Select(u => (u.Subject.ToString(), new LayoutEntry(-1, u.Manifest))));
        return found.ToLookup(f => f.Key, f => f.Entry, StringComparer.Ordinal);
    }

    private async Task<IReadOnlyList<LayoutEntry>> FindImagesAsync()
    {
        var entries = index.Entries.Where(e => !e.IsReferrer).ToList();
        if (entries.Exists(e => e.AttachedTo is not null))
        {
            var here = new HashSet<Digest>(entries.Select(e => e.Manifest.Digest));
            entries.RemoveAll(e => e.AttachedTo is { } subject && here.Contains(subject));
            if (entries.Exists(e => e.AttachedTo is not null))
            {
                here = await facts.ListPartsAsync(entries.Select(e => e.Manifest)).ConfigureAwait(false);
                entries.RemoveAll(e => e.AttachedTo is { } subject && here.Contains(subject));
            }
        }

        if (entries.Count > 1 && entries.Exists(e => e.Name is null))
        {
            entries = await WithoutPartsAsync(entries).ConfigureAwait(false);
        }

        // What lost its name to a newer image has nothing to do with others that did.
        return entries.GroupBy(e => e.Name)
            .SelectMany(g => g.Key is null && entries.Exists(e => e.Name is not null) ? g
                : LayoutGroup.TryCreate(index, [.. g]) is { } image ? [image]
                : Once(g)).ToList();
    }

    private static IEnumerable<LayoutEntry> Once(IEnumerable<LayoutEntry> entries) => entries.GroupBy(e => e.Manifest.Digest).Select(g => g.First());

    private async Task<List<LayoutEntry>> WithoutPartsAsync(List<LayoutEntry> entries)
    {
        var parts = await facts.ListPartsAsync(entries.Select(e => e.Manifest)).ConfigureAwait(false);
        var named = new HashSet<Digest>(entries.Where(e => e.Name is not null).Select(e => e.Manifest.Digest));
        var here = new HashSet<Digest>(parts.Concat(index.Entries.Select(e => e.Manifest.Digest)));
        var images = new List<LayoutEntry>();
        foreach (var entry in entries)
        {
            var isOther = entry.Name is null
                && (parts.Contains(entry.Manifest.Digest) || named.Contains(entry.Manifest.Digest)
                    || (await facts.FindSubjectAsync(entry.Manifest).ConfigureAwait(false) is { } subject && here.Contains(subject)));
            if (!isOther)
            {
                images.Add(entry);
            }
        }

        return images;
    }

    private async Task<LayoutEntry?> FindMadeAsync(Digest digest) => index.Entries.Count(e => e.Manifest.Platform is not null) < 2
        ? null
        : (await ListImagesAsync().ConfigureAwait(false)).FirstOrDefault(i => i.Content is not null && i.Manifest.Digest == digest);
}
