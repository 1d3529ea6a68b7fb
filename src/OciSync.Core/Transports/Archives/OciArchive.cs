using System.Text.Json;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Registry;

namespace OciSync.Core.Transports.Archives;

/// <summary>An OCI image layout in a tar file.</summary>
internal sealed class OciArchive : ArchiveSource, IDisposable
{
    private const string VersionFile = "oci-layout";
    private const int MaxVersionSize = 64 * 1024;

    private readonly ArchiveFile _file;
    private readonly SingleFlight<int, LayoutIndex> _index;

    internal OciArchive(string displayName, string path, FolderHost host)
        : base(displayName, host)
    {
        _file = new ArchiveFile(path, host.Options, host.Lifetime);
        _index = new SingleFlight<int, LayoutIndex>(host.Lifetime);
    }

    /// <summary>The images in it. <exception cref="OciException">There is no such file, or it is none.</exception></summary>
    internal async Task<IReadOnlyList<LayoutEntry>> ListAsync(CancellationToken cancellationToken) =>
        (await ReadIndexAsync(cancellationToken).ConfigureAwait(false)).Entries;

    public override async Task<ManifestHead?> HeadManifestAsync(string reference, Action? onRetry, CancellationToken cancellationToken)
    {
        if (!_file.Exists)
        {
            return null;
        }

        var index = await ReadIndexAsync(cancellationToken).ConfigureAwait(false);
        if (index.Find(reference) is { } entry)
        {
            return new ManifestHead(entry.Manifest.Digest, entry.Manifest.MediaType);
        }

        return Digest.TryParse(reference, out var digest, out _) && await FindBlobAsync(digest!).ConfigureAwait(false) is not null ? new ManifestHead(digest!, null) : null;
    }

    public override async Task<Manifest> GetManifestAsync(string reference, Action? onRetry, CancellationToken cancellationToken)
    {
        var index = await ReadIndexAsync(cancellationToken).ConfigureAwait(false);
        if (index.Find(reference) is { } entry)
        {
            return await ReadManifestAsync(entry.Manifest.Digest, entry.Manifest.Size, entry.Manifest.MediaType.Length == 0 ? null : entry.Manifest.MediaType).ConfigureAwait(false);
        }

        return Digest.TryParse(reference, out var digest, out _)
            ? await ReadManifestAsync(digest!, null, null).ConfigureAwait(false)
            : throw new OciException(OciErrorKind.ManifestUnknown, $"'{DisplayName}' has no image '{Printable.Text(reference.TrimStart('*'))}'; {index.Describe()}.");
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
        var known = _index.TryGet(0, out var index) ? "; " + index!.Describe() : _file.Exists ? string.Empty : ": there is no such file";
        return new OciException(OciErrorKind.ManifestUnknown, $"'{DisplayName}' has {what}{known}.");
    }

    public void Dispose() => _file.Dispose();

    internal static string BlobPath(Digest digest) => "blobs/" + digest.Algorithm + "/" + digest.Hex;

    private Task<LayoutIndex> ReadIndexAsync(CancellationToken cancellationToken) => _index.RunAsync(0, _ => ReadIndexOnceAsync(), cancellationToken);

    private async Task<LayoutIndex> ReadIndexOnceAsync()
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
        var content = await _file.ReadAsync(LayoutIndex.FileName, LayoutIndex.MaxSize).ConfigureAwait(false) ?? throw files.Invalid($"it has no '{LayoutIndex.FileName}'");
        return LayoutIndex.Read(content, _file.Path);
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

    private async Task<TarEntry?> FindBlobAsync(Digest digest) => (await _file.IndexAsync().ConfigureAwait(false)).Find(BlobPath(digest));

    private async Task<Manifest> ReadManifestAsync(Digest digest, long? size, string? mediaType)
    {
        var bytes = await _file.ReadAsync(BlobPath(digest), ManifestReader.MaxSize).ConfigureAwait(false) ?? throw MissingBlob(digest);
        var actual = Digest.Of(bytes, digest.Algorithm);
        return actual == digest && (size is null || size == bytes.Length)
            ? ManifestReader.Read(bytes, mediaType, digest, _file.Path)
            : throw new OciException(
                OciErrorKind.DigestMismatch, $"{NameBlob(digest)} has {bytes.Length} bytes of digest {actual} where {size ?? bytes.Length} bytes of {digest} should be.");
    }

    private OciException MissingBlob(Digest digest) => new(OciErrorKind.BlobUnknown, $"{NameBlob(digest)} is missing: the archive is not complete.");
}
