using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Images;

/// <summary>All manifests below a root, read from the source once: children before parents.</summary>
internal sealed class ImageTree
{
    /// <summary>How deep indexes may be nested.</summary>
    internal const int MaxDepth = 8;

    /// <summary>How many manifests an image may have.</summary>
    internal const int MaxManifests = 2_000;

    // Of an image of a hundred platforms with attestations about 1 MiB; a manifest alone may have 4.
    private const long MaxBytes = 64 * 1024 * 1024;

    private readonly HashSet<Digest> _seen = [];

    private readonly List<Descriptor>? _absent;

    private long _bytes;

    private ImageTree(Manifest root, bool mayBeSparse = false)
    {
        Root = root;
        _absent = mayBeSparse ? [] : null;
    }

    internal Manifest Root { get; }

    /// <summary>Every manifest but the root, children before their parents.</summary>
    internal List<Manifest> Children { get; } = [];

    /// <summary>Every blob of every manifest, each once, small ones last: the big ones decide how long it takes.</summary>
    internal IReadOnlyList<Descriptor> Blobs { get; private set; } = [];

    /// <summary>The manifests that were loaded, where an index names more; null where it names no more.</summary>
    internal IReadOnlyCollection<Digest>? Kept { get; private init; }

    /// <summary>What its indexes name and is not there, where that may be.</summary>
    internal IReadOnlyList<Descriptor> Absent => _absent ?? [];

    /// <summary>The platforms that its indexes name, each once; a single manifest names none.</summary>
    internal IReadOnlyList<string> Platforms => Children.Prepend(Root).SelectMany(m => m.Children)
        .Where(c => c is { IsAttestation: false, Platform: not null }).Select(c => c.Platform!.ToString()).Distinct().ToList();

    /// <summary>An index by itself, whose manifests are at the destination already.</summary>
    internal static ImageTree OfIndexAlone(Manifest root) => new(root);

    /// <summary>Reads all manifests of an image.</summary>
    /// <param name="source">Where they are.</param>
    /// <param name="root">The image.</param>
    /// <param name="work">What stops it.</param>
    /// <param name="includeForeign">Whether layers that lie elsewhere count.</param>
    /// <param name="kept">The manifests below indexes that are read; null for all.</param>
    /// <param name="mayBeSparse">Whether some of them may be absent (<c>-KeepIndex</c>); one has to be there.</param>
    /// <exception cref="OciException">One can't be read, or there are too many.</exception>
    internal static async Task<ImageTree> LoadAsync(
        IImageSource source, Manifest root, WorkScope work, bool includeForeign = false, IReadOnlyCollection<Digest>? kept = null, bool mayBeSparse = false)
    {
        var tree = new ImageTree(root, mayBeSparse) { Kept = kept };
        await tree.LoadChildrenAsync(source, root, 0, work).ConfigureAwait(false);
        tree.Blobs = tree.Children.Concat([root]).SelectMany(
            m => includeForeign ? LeavesOf(m).Concat(m.AllBlobs) : LeavesOf(m)).GroupBy(d => d.Digest).Select(g => g.First())
            .OrderByDescending(d => d.Size).ToList();
        return tree;
    }

    /// <summary>The digests of a manifest and of all below it; only indexes are read.</summary>
    internal static async Task<IReadOnlyList<Digest>> ListManifestsAsync(IImageSource source, Digest root, WorkScope work)
    {
        var seen = new HashSet<Digest> { root };
        var level = new List<Digest> { root };
        for (var depth = 0; level.Count > 0 && depth <= MaxDepth && seen.Count <= MaxManifests; depth++)
        {
            var next = new List<Digest>();
            foreach (var digest in level)
            {
                var manifest = await source.GetManifestAsync(digest.ToString(), work).ConfigureAwait(false);
                var children = manifest.Children.Where(IsManifest).Where(c => seen.Add(c.Digest)).ToList();
                next.AddRange(children.Where(c => !MediaTypes.IsManifest(c.MediaType)).Select(c => c.Digest));
            }

            level = next;
        }

        return [.. seen];
    }

    /// <summary>The blobs a manifest names itself; of an index, the entries that are no manifests.</summary>
    internal static IEnumerable<Descriptor> LeavesOf(Manifest manifest) =>
        manifest.Blobs.Concat(manifest.Children.Where(c => !IsManifest(c)));

    internal static bool IsManifest(Descriptor descriptor) =>
        MediaTypes.IsIndex(descriptor.MediaType) || MediaTypes.IsManifest(descriptor.MediaType) || descriptor.MediaType.Length == 0;

    private async Task LoadChildrenAsync(IImageSource source, Manifest parent, int depth, WorkScope work)
    {
        if (depth > MaxDepth)
        {
            throw TooDeep(source.DisplayName);
        }

        var wanted = parent.Children.Where(c => IsManifest(c) && Kept?.Contains(c.Digest) != false)
            .GroupBy(c => c.Digest).Select(g => g.First()).Where(c => !_seen.Contains(c.Digest)).ToList();
        if (_seen.Count + wanted.Count > MaxManifests)
        {
            throw Invalid(source, $"it names more than {MaxManifests} manifests");
        }

        _bytes += wanted.Sum(c => c.Size);
        if (_bytes > MaxBytes)
        {
            throw Invalid(source, $"its manifests have more than {MaxBytes / 1024 / 1024} MiB together");
        }

        var loaded = new Manifest?[wanted.Count];
        await Throttle.ForEachAsync(
            Enumerable.Range(0, wanted.Count),
            source.Connection.Options.MaxConnectionsPerRegistry,
            async (i, token) => loaded[i] = await TryLoadAsync(source, wanted[i], work.With(token)).ConfigureAwait(false),
            work.Token).ConfigureAwait(false);
        _absent?.AddRange(wanted.Where((_, i) => loaded[i] is null));
        foreach (var manifest in loaded.OfType<Manifest>())
        {
            if (_seen.Add(manifest.Digest))
            {
                await LoadChildrenAsync(source, manifest, depth + 1, work).ConfigureAwait(false);
                Children.Add(manifest);
            }
        }
    }

    private async Task<Manifest?> TryLoadAsync(IImageSource source, Descriptor child, WorkScope work)
    {
        try
        {
            return await LoadAsync(source, child, work).ConfigureAwait(false);
        }
        catch (OciException e) when (_absent is not null && e.Kind is OciErrorKind.ManifestUnknown or OciErrorKind.BlobUnknown)
        {
            return null;
        }
    }

    private static async Task<Manifest> LoadAsync(IImageSource source, Descriptor child, WorkScope work)
    {
        var manifest = await source.GetManifestAsync(child.Digest.ToString(), work).ConfigureAwait(false);
        if (manifest.Content.Length != child.Size || (child.MediaType.Length > 0 && child.MediaType != manifest.MediaType))
        {
            throw Invalid(
                source,
                $"the entry {child.Digest} says {child.Size} bytes of {child.MediaType}, and it is {manifest.Content.Length} bytes of {manifest.MediaType}");
        }

        return manifest;
    }

    internal static OciException TooDeep(string name) =>
        Invalid(name, $"indexes in it are nested more than {MaxDepth} deep, or are more than {MaxManifests}");

    private static OciException Invalid(IImageSource source, string fault) => Invalid(source.DisplayName, fault);

    private static OciException Invalid(string name, string fault) =>
        new(OciErrorKind.ManifestInvalid, $"The image index of '{name}' can't be used: {fault}.");
}
