using OciSync.Core.Flow;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Images;

/// <summary>
/// An index with the indexes in it and all images they name (image-spec 1.1, "Image Index": entries may be indexes): what a platform is
/// chosen from. Only indexes are read, and configs where no entry says the platform that is wanted.
/// </summary>
internal sealed class IndexContent
{
    private readonly Dictionary<Digest, IndexContent> _nested = [];
    private readonly List<IndexImage> _images = [];

    private IndexContent(Manifest index, List<IndexContent> all)
    {
        Index = index;
        All = all;
        all.Add(this);
    }

    internal Manifest Index { get; }

    /// <summary>The images, in the order of the entries; attestations are none. What isn't a manifest counts as well.</summary>
    internal IReadOnlyList<IndexImage> Images => _images;

    /// <summary>The platforms of the images, each once.</summary>
    internal IReadOnlyList<string> Platforms => _images.Where(i => i.Platform is not null).Select(i => i.Platform!.ToString()).Distinct().ToList();

    /// <summary>The root and every index in it, each once.</summary>
    internal IReadOnlyList<IndexContent> All { get; }

    /// <summary>The content of an entry that is an index; else null.</summary>
    internal IndexContent? Find(Descriptor entry) => _nested.TryGetValue(entry.Digest, out var nested) ? nested : null;

    /// <summary>Reads the indexes in an index.</summary>
    /// <param name="source">Where they are.</param>
    /// <param name="index">The index.</param>
    /// <param name="wanted">The platforms of which one is looked for; none means no config is read.</param>
    /// <param name="work">Stops it, and counts its further attempts.</param>
    /// <exception cref="OciException">One can't be read, or they are nested too deep or too many.</exception>
    internal static async Task<IndexContent> ReadAsync(
        IImageSource source, Manifest index, IReadOnlyList<Platform> wanted, WorkScope work)
    {
        var content = await ReadAsync(index, source.DisplayName, digest => source.GetManifestAsync(digest.ToString(), work))
            .ConfigureAwait(false);
        if (wanted.Count > 0 && !content._images.Exists(i => i.Platform is { } stated && wanted.Any(w => w.Matches(stated))))
        {
            await content.ReadConfigsAsync(source, work).ConfigureAwait(false);
        }

        return content;
    }

    /// <summary>Reads the indexes in an index; no config.</summary>
    internal static async Task<IndexContent> ReadAsync(Manifest index, string name, Func<Digest, Task<Manifest>> read)
    {
        var all = new List<IndexContent>();
        var content = new IndexContent(index, all);
        await content.ReadNestedAsync(name, read, null, 0, all).ConfigureAwait(false);
        return content;
    }

    // An index that is met twice counts once: else a few that name each other many times would be endless work.
    private async Task ReadNestedAsync(string name, Func<Digest, Task<Manifest>> read, Platform? platform, int depth, List<IndexContent> all)
    {
        foreach (var entry in Index.Children.Where(c => !c.IsAttestation))
        {
            if (all.Find(c => c.Index.Digest == entry.Digest) is { } known)
            {
                _nested[entry.Digest] = known;
                continue;
            }

            var manifest = MayBeIndex(entry) ? await read(entry.Digest).ConfigureAwait(false) : null;
            if (manifest is not { IsIndex: true })
            {
                _images.Add(new IndexImage(entry, entry.Platform ?? platform));
                continue;
            }

            if (depth == ImageTree.MaxDepth || all.Count == ImageTree.MaxManifests)
            {
                throw ImageTree.TooDeep(name);
            }

            var nested = _nested[entry.Digest] = new IndexContent(manifest, all);
            await nested.ReadNestedAsync(name, read, entry.Platform ?? platform, depth + 1, all).ConfigureAwait(false);
            _images.AddRange(nested._images);
        }
    }

    private static bool MayBeIndex(Descriptor entry) => MediaTypes.IsIndex(entry.MediaType) || entry.MediaType.Length == 0;

    private async Task ReadConfigsAsync(IImageSource source, WorkScope work) =>
        await Throttle.ForEachAsync(
            Enumerable.Range(0, _images.Count).Where(i => _images[i].Platform is null && ImageTree.IsManifest(_images[i].Entry)).Take(ImageTree.MaxManifests),
            source.Connection.Options.MaxConnectionsPerRegistry,
            async (i, token) =>
            {
                var manifest = await source.GetManifestAsync(_images[i].Entry.Digest.ToString(), work.With(token)).ConfigureAwait(false);
                if (manifest.Config is { } config && MediaTypes.IsImageConfig(config.MediaType))
                {
                    _images[i] = _images[i] with { Platform = await ConfigReader.ReadPlatformAsync(source, config, work.With(token)).ConfigureAwait(false) };
                }
            },
            work.Token).ConfigureAwait(false);
}
