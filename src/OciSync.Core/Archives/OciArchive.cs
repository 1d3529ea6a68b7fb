using System.Text.Json;
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

/// <summary>An OCI image layout in a tar file.</summary>
internal sealed class OciArchive : ArchiveSource, ILayoutSource, IReferrerStore, IDisposable
{
    private const string VersionFile = "oci-layout";
    private const int MaxVersionSize = 64 * 1024;

    private readonly ArchiveFile _file;
    private readonly Once<LayoutView> _index;
    private readonly LayoutFacts _facts;

    internal OciArchive(string displayName, string path, FolderHost host)
        : base(displayName, host)
    {
        _file = new ArchiveFile(path, host.Options, host.Lifetime);
        _index = new Once<LayoutView>(host.Lifetime);
        _facts = new LayoutFacts(ReadEntryAsync, m => host.Events.Tell($"'{DisplayName}': {m}"));
    }

    public async Task<IReadOnlyList<LayoutEntry>> ListAsync(CancellationToken cancellationToken) =>
        (await ReadIndexAsync(cancellationToken).ConfigureAwait(false)).Index.Entries;

    public async Task<IReadOnlyList<LayoutEntry>> ListImagesAsync(CancellationToken cancellationToken) =>
        await (await ReadIndexAsync(cancellationToken).ConfigureAwait(false)).ListImagesAsync().ConfigureAwait(false);

    public async Task<string?> FindNameAsync(string reference, CancellationToken cancellationToken) =>
        (await (await ReadIndexAsync(cancellationToken).ConfigureAwait(false)).FindAsync(reference).ConfigureAwait(false))?.Name;

    public async Task<IReadOnlyList<Descriptor>> ListReferrersAsync(Digest subject, WorkScope work)
    {
        var view = await ReadIndexAsync(work.Token).ConfigureAwait(false);
        return await view.ListReferrersAsync(subject, d => GetManifestAsync(d.ToString(), work)).ConfigureAwait(false);
    }

    public Task AttachAsync(Digest subject, IReadOnlyList<Manifest> referrers, WorkScope work) =>
        throw new InvalidOperationException("An archive that is read is not written.");

    /// <summary>Whether it is one at all. <exception cref="OciException">There is no such file, or it is no archive.</exception></summary>
    internal async Task<bool> HasIndexAsync()
    {
        var files = await _file.IndexAsync().ConfigureAwait(false);
        return files.Find(VersionFile) is not null && files.Find(LayoutIndex.FileName) is not null;
    }

    public override async Task<ManifestHead?> HeadManifestAsync(string reference, WorkScope work)
    {
        if (!_file.Exists)
        {
            return null;
        }

        var view = await ReadIndexAsync(work.Token).ConfigureAwait(false);
        if (await view.FindAsync(reference).ConfigureAwait(false) is { } entry)
        {
            return new ManifestHead(entry.Manifest.Digest, entry.Manifest.MediaType);
        }

        return Digest.TryParse(reference, out var digest, out _) && await FindBlobAsync(digest!).ConfigureAwait(false) is not null
            ? new ManifestHead(digest!, null)
            : null;
    }

    public override async Task<Manifest> GetManifestAsync(string reference, WorkScope work)
    {
        var view = await ReadIndexAsync(work.Token).ConfigureAwait(false);
        if (await view.FindAsync(reference).ConfigureAwait(false) is { } entry)
        {
            return entry.Content is { } made
                ? ManifestReader.Read(made, entry.Manifest.MediaType, entry.Manifest.Digest, DisplayName)
                : await ReadEntryAsync(entry.Manifest).ConfigureAwait(false);
        }

        return Digest.TryParse(reference, out var digest, out _)
            ? await ReadManifestAsync(digest!, null, null).ConfigureAwait(false)
            : throw new OciException(
                OciErrorKind.ManifestUnknown, $"'{DisplayName}' has no image '{Printable.Text(reference.TrimStart('*'))}'; {view.Index.Describe()}.");
    }

    public override async Task<OpenedBlob> OpenBlobAsync(Digest digest, long offset, CancellationToken cancellationToken)
    {
        var entry = await FindBlobAsync(digest).ConfigureAwait(false) ?? throw MissingBlob(digest);
        return new OpenedBlob(await _file.OpenAsync(entry, offset).ConfigureAwait(false), null);
    }

    public override async Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken).ConfigureAwait(false)).Where(e => e.Name is not null).Select(e => e.Name!).Distinct().ToList();

    public override string NameBlob(Digest digest) => _file.NameOf(BlobPath(digest));

    public override OciException Missing(string reference)
    {
        var what = reference.Length == 0 ? "no image" : $"no image '{Printable.Text(reference.TrimStart('*'))}'";
        var known = _index.TryGet(out var index) ? "; " + index!.Index.Describe() : _file.Exists ? string.Empty : ": there is no such file";
        return new OciException(OciErrorKind.ManifestUnknown, $"'{DisplayName}' has {what}{known}.");
    }

    public void Dispose() => _file.Dispose();

    internal static string BlobPath(Digest digest) => "blobs/" + digest.Algorithm + "/" + digest.Hex;

    private Task<LayoutView> ReadIndexAsync(CancellationToken cancellationToken) => _index.RunAsync(_ => ReadIndexOnceAsync(), cancellationToken);

    private async Task<LayoutView> ReadIndexOnceAsync()
    {
        if (!_file.Exists)
        {
            throw Missing(ImageLocation.OnlyImage);
        }

        var files = await _file.IndexAsync().ConfigureAwait(false);
        if (await _file.ReadAsync(VersionFile, MaxVersionSize).ConfigureAwait(false) is not { } version)
        {
            throw files.Invalid(files.Find(DockerArchiveIndex.FileName) is null
                ? $"it has no '{VersionFile}'"
                : $"it has no '{VersionFile}'; it is a Docker archive, read it as docker-archive:{_file.Path}");
        }

        CheckVersion(version, files);
        var content = await _file.ReadAsync(LayoutIndex.FileName, LayoutIndex.MaxSize).ConfigureAwait(false)
            ?? throw files.Invalid($"it has no '{LayoutIndex.FileName}'");
        return new LayoutView(LayoutIndex.Read(content, _file.Path, DisplayName), _facts, () => ListBlobs(files));
    }

    private static List<(Digest Digest, long Size)> ListBlobs(TarIndex files)
    {
        var found = new List<(Digest, long)>();
        foreach (var name in files.Names)
        {
            if (name.Split('/') is ["blobs", var algorithm, var hex] && Digest.TryParse(algorithm + ":" + hex, out var digest, out _)
                && files.Find(name) is { } entry)
            {
                found.Add((digest!, entry.Size));
            }
        }

        return found;
    }

    private static void CheckVersion(byte[] bytes, TarIndex files)
    {
        string? version;
        try
        {
            using var document = JsonDocument.Parse(bytes);
            version = ConfigReader.Text(document.RootElement, "imageLayoutVersion");
        }
        catch (JsonException e)
        {
            throw files.Invalid($"'{VersionFile}' in it is no JSON", e);
        }

        if (version is null || !version.StartsWith("1.", StringComparison.Ordinal))
        {
            throw files.Invalid($"'{VersionFile}' in it says version '{Printable.Text(version ?? string.Empty)}', which is not known here (1.0.0 is)");
        }
    }

    private Task<Manifest> ReadEntryAsync(Descriptor entry) =>
        ReadManifestAsync(entry.Digest, entry.Size, entry.MediaType.Length == 0 ? null : entry.MediaType);

    /// <summary>Whether a blob or manifest is in it.</summary>
    internal async Task<bool> HasBlobAsync(Digest digest) => await FindBlobAsync(digest).ConfigureAwait(false) is not null;

    private async Task<TarEntry?> FindBlobAsync(Digest digest) => (await _file.IndexAsync().ConfigureAwait(false)).Find(BlobPath(digest));

    private async Task<Manifest> ReadManifestAsync(Digest digest, long? size, string? mediaType)
    {
        var bytes = await _file.ReadAsync(BlobPath(digest), ManifestReader.MaxSize).ConfigureAwait(false) ?? throw MissingBlob(digest);
        var actual = Digest.Of(bytes, digest.Algorithm);
        return actual == digest && (size is null || size == bytes.Length)
            ? ManifestReader.Read(bytes, mediaType, digest, _file.Path)
            : throw new OciException(
                OciErrorKind.DigestMismatch,
                $"{NameBlob(digest)} has {bytes.Length} bytes of digest {actual} where {size ?? bytes.Length} bytes of {digest} should be.");
    }

    private OciException MissingBlob(Digest digest) => new(OciErrorKind.BlobUnknown, $"{NameBlob(digest)} is missing: the archive is not complete.");
}
