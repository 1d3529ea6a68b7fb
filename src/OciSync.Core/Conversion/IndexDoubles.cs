using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Conversion;

/// <summary>
/// Entries of an index that are one image for one platform, packed in different ways (as <c>podman manifest push --add-compression</c>
/// makes them), and that a conversion would make equal: one of them stays. What a conversion doesn't touch is left as it is.
/// </summary>
internal sealed class IndexDoubles
{
    private readonly HashSet<(Digest Index, int Entry)> _dropped = [];
    private readonly Dictionary<Digest, Digest> _heirs = [];

    private IndexDoubles()
    {
    }

    /// <summary>How many entries are dropped.</summary>
    internal int Count => _dropped.Count;

    /// <summary>The manifests that are dropped, and in whose place this one stays.</summary>
    internal IEnumerable<Digest> ReplacedBy(Digest heir) => _heirs.Where(h => h.Value == heir).Select(h => h.Key);

    /// <summary>The places of the entries of an index that are dropped.</summary>
    internal HashSet<int> DroppedOf(Digest index) => new(_dropped.Where(d => d.Index == index).Select(d => d.Entry));

    /// <summary>Looks for them in all indexes of an image.</summary>
    internal static IndexDoubles Find(ImageTree tree, ImageRules rules)
    {
        var found = new IndexDoubles();
        var manifests = tree.Children.Append(tree.Root).GroupBy(m => m.Digest).ToDictionary(g => g.Key, g => g.First());
        foreach (var index in manifests.Values.Where(m => m.IsIndex))
        {
            found.Look(index, manifests, rules);
        }

        return found;
    }

    /// <summary>The manifests of an image that stay, children before their parents.</summary>
    internal List<Manifest> StayingOf(ImageTree tree)
    {
        var wanted = new HashSet<Digest> { tree.Root.Digest };
        foreach (var parent in tree.Children.Append(tree.Root).Reverse().Where(m => m.IsIndex && wanted.Contains(m.Digest)))
        {
            var dropped = DroppedOf(parent.Digest);
            wanted.UnionWith(parent.Children.Where((_, i) => !dropped.Contains(i)).Select(c => c.Digest));
        }

        return [.. tree.Children.Where(m => wanted.Contains(m.Digest)), tree.Root];
    }

    private void Look(Manifest index, Dictionary<Digest, Manifest> manifests, ImageRules rules)
    {
        var images = index.Children.Select((entry, place) => (Entry: entry, Place: place, Image: manifests.TryGetValue(entry.Digest, out var m) ? m : null))
            .Where(e => !e.Entry.IsAttestation && e.Image?.Config is { } config && MediaTypes.IsImageConfig(config.MediaType))
            .GroupBy(e => (e.Entry.Platform, e.Image!.Config!.Digest, rules.Forms(e.Image), Annotations(e.Entry)));
        foreach (var group in images.Select(g => g.ToList()).Where(g => g.Count > 1 && g.Exists(e => rules.Changes(e.Image!))))
        {
            var stays = group.Find(e => !rules.Changes(e.Image!)) is { Image: not null } unchanged ? unchanged : group[0];
            foreach (var other in group.Where(e => e.Place != stays.Place))
            {
                _dropped.Add((index.Digest, other.Place));
                if (other.Entry.Digest != stays.Entry.Digest)
                {
                    _heirs[other.Entry.Digest] = stays.Entry.Digest;
                }
            }
        }
    }

    private static string Annotations(Descriptor entry) =>
        string.Join(
            "\n",
            entry.Annotations.Where(a => a.Key != ManifestConverter.ZstdMark).OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => a.Key + "=" + a.Value));
}
