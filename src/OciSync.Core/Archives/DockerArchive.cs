using System.Collections.Concurrent;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.Layouts;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Tar;
using OciSync.Core.Text;

namespace OciSync.Core.Archives;

/// <summary>
/// The tar file of <c>docker save</c>, old and new. It has no manifests: each image is given one, of Docker's schema 2, that names the
/// layers as they are in the file (of OCI's types where layers are packed with zstd, which Docker has no type for).
/// </summary>
internal sealed class DockerArchive : ArchiveSource, INamedSource, IDisposable
{
    private readonly ArchiveFile _file;
    private readonly ConcurrentDictionary<Digest, TarEntry> _blobs = new();
    private readonly ConcurrentDictionary<Digest, Digest> _diffs = new();
    private readonly Once<DockerArchiveIndex> _index;
    private readonly SingleFlight<int, Manifest> _manifests;

    internal DockerArchive(string displayName, string path, FolderHost host)
        : base(displayName, host)
    {
        _file = new ArchiveFile(path, host.Options, host.Lifetime);
        _index = new Once<DockerArchiveIndex>(host.Lifetime);
        _manifests = new SingleFlight<int, Manifest>(host.Lifetime);
    }

    /// <summary>Whether it has a list of images at all. <exception cref="OciException">There is no such file, or it is no archive.</exception></summary>
    internal async Task<bool> HasListAsync() => (await _file.IndexAsync().ConfigureAwait(false)).Find(DockerArchiveIndex.FileName) is not null;

    /// <summary>What the config says that a packed layer holds: the only digest of it that stands in the archive; null for any other blob.</summary>
    internal Digest? FindDiffId(Digest layer) => _diffs.TryGetValue(layer, out var diff) ? diff : null;

    /// <summary>The images in it. <exception cref="OciException">There is no such file, or it is none.</exception></summary>
    internal Task<DockerArchiveIndex> ReadIndexAsync(CancellationToken cancellationToken) => _index.RunAsync(_ => ReadIndexOnceAsync(), cancellationToken);

    public override async Task<ManifestHead?> HeadManifestAsync(string reference, WorkScope work) =>
        await FindAsync(reference, work.Token).ConfigureAwait(false) is { } manifest ? new ManifestHead(manifest.Digest, manifest.MediaType) : null;

    public override async Task<Manifest> GetManifestAsync(string reference, WorkScope work) =>
        await FindAsync(reference, work.Token).ConfigureAwait(false)
            ?? throw new OciException(
                OciErrorKind.ManifestUnknown,
                $"'{DisplayName}' has no image '{Printable.Text(reference.TrimStart('*'))}'; "
                    + $"{(await ReadIndexAsync(work.Token).ConfigureAwait(false)).Describe()}.");

    public override async Task<OpenedBlob> OpenBlobAsync(Digest digest, long offset, CancellationToken cancellationToken) =>
        _blobs.TryGetValue(digest, out var entry)
            ? new OpenedBlob(await _file.OpenAsync(entry, offset).ConfigureAwait(false), null)
            : throw new OciException(OciErrorKind.BlobUnknown, $"'{DisplayName}' has no blob {digest}.");

    public override async Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) =>
        (await ReadIndexAsync(cancellationToken).ConfigureAwait(false)).Items.SelectMany(i => i.Tags).Distinct().ToList();

    public async Task<string?> FindNameAsync(string reference, CancellationToken cancellationToken) =>
        (await ReadIndexAsync(cancellationToken).ConfigureAwait(false)).Find(reference)?.Tags is [var tag, ..] ? tag : null;

    public override string NameBlob(Digest digest) =>
        _blobs.TryGetValue(digest, out var entry) ? _file.NameOf(entry.Name) : $"The blob {digest} of '{DisplayName}'";

    public override OciException Missing(string reference)
    {
        var what = reference.Length == 0 ? "no image" : $"no image '{Printable.Text(reference.TrimStart('*'))}'";
        return new OciException(OciErrorKind.ManifestUnknown, $"'{DisplayName}' has {what}{(_file.Exists ? string.Empty : ": there is no such file")}.");
    }

    public void Dispose() => _file.Dispose();

    private async Task<DockerArchiveIndex> ReadIndexOnceAsync()
    {
        if (!_file.Exists)
        {
            throw Missing(ImageLocation.OnlyImage);
        }

        if (await _file.ReadAsync(DockerArchiveIndex.FileName, ManifestReader.MaxSize).ConfigureAwait(false) is { } content)
        {
            return DockerArchiveIndex.Read(content, _file.Path);
        }

        var index = await _file.IndexAsync().ConfigureAwait(false);
        throw index.Invalid(index.Find(LayoutIndex.FileName) is null
            ? $"it has no '{DockerArchiveIndex.FileName}'"
            : $"it has no '{DockerArchiveIndex.FileName}'; it is an OCI archive, read it as oci-archive:{_file.Path}");
    }

    private async Task<Manifest?> FindAsync(string reference, CancellationToken cancellationToken)
    {
        var index = await ReadIndexAsync(cancellationToken).ConfigureAwait(false);
        if (Digest.TryParse(reference.TrimStart('*'), out var digest, out _))
        {
            foreach (var item in index.Items)
            {
                if (await MakeAsync(item, cancellationToken).ConfigureAwait(false) is { } manifest && manifest.Digest == digest)
                {
                    return manifest;
                }
            }

            return null;
        }

        return index.Find(reference) is { } found ? await MakeAsync(found, cancellationToken).ConfigureAwait(false) : null;
    }

    private Task<Manifest> MakeAsync(DockerArchiveItem item, CancellationToken cancellationToken) =>
        _manifests.RunAsync(item.Index, token => MakeOnceAsync(item, token), cancellationToken);

    private async Task<Manifest> MakeOnceAsync(DockerArchiveItem item, CancellationToken cancellationToken)
    {
        var config = await _file.ReadAsync(item.Config, ManifestReader.MaxSize).ConfigureAwait(false) ?? throw MissingFile(item.Config);
        var digest = Digest.Of(config);
        if (NamedDigest(item.Config) is { } named && named != digest)
        {
            throw new OciException(OciErrorKind.DigestMismatch, $"{_file.NameOf(item.Config)} has the digest {digest}, not what it is called by.");
        }

        var index = await _file.IndexAsync().ConfigureAwait(false);
        var diffs = ConfigLayers.Read(config, _file.NameOf(item.Config));
        if (diffs.Count != item.Layers.Count)
        {
            throw index.Invalid(
                $"'{DockerArchiveIndex.FileName}' names {item.Layers.Count} layers, and the config '{TarIndex.Shown(item.Config)}' {diffs.Count}");
        }

        var entries = item.Layers.Select(l => index.Find(l) ?? throw MissingFile(l)).ToList();
        var packings = await DetectAsync(entries, index).ConfigureAwait(false);
        var isOci = packings.Contains(Packing.Zstd);
        var layers = new List<Descriptor>();
        for (var i = 0; i < entries.Count; i++)
        {
            var layer = packings[i] == Packing.None
                ? diffs[i]
                : NamedDigest(item.Layers[i]) ?? await HashAsync(entries[i], cancellationToken).ConfigureAwait(false);
            _blobs.TryAdd(layer, entries[i]);
            if (packings[i] != Packing.None)
            {
                _diffs.TryAdd(layer, diffs[i]);
            }

            layers.Add(new Descriptor(LayerTypes.Of(packings[i], isOci), layer, entries[i].Size));
        }

        _blobs.TryAdd(digest, index.Find(item.Config)!);
        return ManifestMaker.Create(new Descriptor(isOci ? MediaTypes.OciConfig : MediaTypes.DockerConfig, digest, config.Length), layers, DisplayName);
    }

    private async Task<List<Packing>> DetectAsync(List<TarEntry> entries, TarIndex index)
    {
        var packings = new List<Packing>();
        foreach (var entry in entries)
        {
            var packing = await _file.DetectAsync(entry).ConfigureAwait(false);
            packings.Add(LayerTypes.FindFault(packing) is { } fault ? throw index.Invalid($"the layer '{TarIndex.Shown(entry.Name)}': {fault}") : packing);
        }

        return packings;
    }

    private OciException MissingFile(string name) =>
        new(OciErrorKind.BlobUnknown, $"{_file.NameOf(name)} is missing: '{DockerArchiveIndex.FileName}' names it, and the archive is not complete.");

    // <hex>.json, blobs/sha256/<hex>
    private static Digest? NamedDigest(string name)
    {
        var file = name.Substring(name.LastIndexOf('/') + 1);
        var hex = file.EndsWith(".json", StringComparison.Ordinal) ? file.Substring(0, file.Length - 5) : file;
        return Digest.TryParse("sha256:" + hex, out var digest, out _) ? digest : null;
    }

    private async Task<Digest> HashAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        using var content = await _file.OpenAsync(entry, 0).ConfigureAwait(false);
        using var hash = Digest.Of([]).CreateHash();
        var buffer = new byte[128 * 1024];
        int read;
        while ((read = await content.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)) > 0)
        {
            hash.AppendData(buffer, 0, read);
        }

        return Digest.FromHash("sha256", hash.GetHashAndReset());
    }
}
