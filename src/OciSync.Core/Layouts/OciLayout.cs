using System.Text;
using System.Text.Json;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.Layouts;

/// <summary>
/// An OCI image layout (image-spec 1.1, "OCI Image Layout"): many images, blobs shared. <c>index.json</c> is changed as a whole and by one
/// writer at a time; nothing that is there is removed but on request.
/// </summary>
internal sealed partial class OciLayout : FolderStore, ILayoutSource, IDisposable
{
    internal const string VersionFile = "oci-layout";
    private const string BlobFolder = "blobs";
    private const string VersionKey = "imageLayoutVersion";
    private const int MaxVersionSize = 64 * 1024;

    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly Once<bool> _prepared;
    private readonly LayoutFacts _facts;
    private volatile KnownIndex? _known;

    /// <param name="path">The folder.</param>
    /// <param name="host">What stands for it in the run.</param>
    /// <param name="blobs">The folder that several layouts have their blobs in; null for the layout's own.</param>
    internal OciLayout(string path, FolderHost host, string? blobs = null)
        : base(ImageTransport.Oci, path, host, blobs)
    {
        _prepared = new Once<bool>(host.Lifetime);
        _use = new Once<IDisposable>(host.Lifetime);
        _facts = new LayoutFacts(ReadEntryAsync, m => host.Events.Tell($"'{DisplayName}': {m}"));
    }

    public override async Task<ManifestHead?> HeadManifestAsync(string reference, WorkScope work)
    {
        if (await TryReadIndexAsync().ConfigureAwait(false) is not { } view)
        {
            return null;
        }

        if (await view.FindAsync(reference).ConfigureAwait(false) is { } entry)
        {
            return new ManifestHead(entry.Manifest.Digest, entry.Manifest.MediaType);
        }

        return Digest.TryParse(reference, out var digest, out _) && Blobs.FindSize(BlobPath(digest!)) is not null ? new ManifestHead(digest!, null) : null;
    }

    public override async Task<Manifest> GetManifestAsync(string reference, WorkScope work)
    {
        var view = await TryReadIndexAsync().ConfigureAwait(false) ?? throw Missing(reference);
        if (await view.FindAsync(reference).ConfigureAwait(false) is { } entry)
        {
            return entry.Content is { } made
                ? ManifestReader.Read(made, entry.Manifest.MediaType, entry.Manifest.Digest, DisplayName)
                : await ReadEntryAsync(entry.Manifest).ConfigureAwait(false);
        }

        return Digest.TryParse(reference, out var digest, out _)
            ? await ReadManifestAsync(BlobPath(digest!), digest!, null, null).ConfigureAwait(false)
            : throw Missing(reference);
    }

    public override async Task PutManifestAsync(string reference, Manifest manifest, bool isPart, WorkScope work)
    {
        await PrepareAsync(work.Token).ConfigureAwait(false);
        await Blobs.WriteAsync(BlobPath(manifest.Digest), manifest.Content, work.Token).ConfigureAwait(false);
        if (!isPart)
        {
            var name = reference.StartsWith(ImageLocation.UnnamedImage, StringComparison.Ordinal) ? null : reference;
            await ChangeIndexAsync(i => i.With(manifest, name), work.Token).ConfigureAwait(false);
        }
    }

    public override async Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken).ConfigureAwait(false)).Where(e => e.Name is not null).Select(e => e.Name!).Distinct().ToList();

    public async Task<IReadOnlyList<LayoutEntry>> ListAsync(CancellationToken cancellationToken) =>
        (await TryReadIndexAsync().ConfigureAwait(false) ?? throw Missing(ImageLocation.OnlyImage)).Index.Entries;

    public async Task<IReadOnlyList<LayoutEntry>> ListImagesAsync(CancellationToken cancellationToken) =>
        await (await TryReadIndexAsync().ConfigureAwait(false) ?? throw Missing(ImageLocation.OnlyImage)).ListImagesAsync().ConfigureAwait(false);

    public async Task<string?> FindNameAsync(string reference, CancellationToken cancellationToken) => (await FindAsync(reference).ConfigureAwait(false))?.Name;

    /// <summary>The image of a name, a place or the only one; null when there is none.</summary>
    internal async Task<LayoutEntry?> FindAsync(string reference) =>
        await TryReadIndexAsync().ConfigureAwait(false) is { } view ? await view.FindAsync(reference).ConfigureAwait(false) : null;

    public override OciException Missing(string reference)
    {
        var what = reference.Length == 0 ? "no image" : $"no image '{Printable.Text(reference.TrimStart('*'))}'";
        return _known is { } known
            ? new OciException(OciErrorKind.ManifestUnknown, $"'{DisplayName}' has {what}; {known.View.Index.Describe()}.")
            : new OciException(
                OciErrorKind.ManifestUnknown, $"'{DisplayName}' has {what}: {(Files.Exists ? "the folder is empty" : "there is no such folder")}.");
    }

    public void Dispose()
    {
        EndUse();
        _writer.Dispose();
    }

    private Task<Manifest> ReadEntryAsync(Descriptor entry) =>
        ReadManifestAsync(BlobPath(entry.Digest), entry.Digest, entry.Size, entry.MediaType.Length == 0 ? null : entry.MediaType);

    private string BlobRoot => ReferenceEquals(Files, Blobs) ? BlobFolder + "/" : string.Empty;

    private protected override string BlobPath(Digest digest) => BlobRoot + digest.Algorithm + "/" + digest.Hex;

    private protected override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await _prepared.RunAsync(CreateAsync, cancellationToken).ConfigureAwait(false);
        await UseAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> CreateAsync(CancellationToken cancellationToken)
    {
        Files.CreateFolder();
        using (await FolderLock.TakeAsync(Files, Connection.Options.StallTimeout, cancellationToken).ConfigureAwait(false))
        {
            Files.Tidy(Connection.Options.Time.GetUtcNow());
            if (!await IsLayoutAsync().ConfigureAwait(false))
            {
                await Files.WriteAsync(VersionFile, Encoding.UTF8.GetBytes($"{{\"{VersionKey}\":\"1.0.0\"}}"), cancellationToken).ConfigureAwait(false);
            }

            if (!Files.Has(LayoutIndex.FileName))
            {
                await Files.WriteAsync(LayoutIndex.FileName, LayoutIndex.Empty, cancellationToken).ConfigureAwait(false);
            }
        }

        Blobs.CreateFolder(BlobRoot + "sha256");
        Blobs.CreateFolder(BlobRoot + "sha512");
        return true;
    }

    private async Task ChangeIndexAsync(Func<LayoutIndex, byte[]?> change, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var held = await FolderLock.TakeAsync(Files, Connection.Options.StallTimeout, cancellationToken).ConfigureAwait(false);
            var path = Files.PathOf(LayoutIndex.FileName);
            var before = await Files.ReadAsync(LayoutIndex.FileName, LayoutIndex.MaxSize).ConfigureAwait(false) ?? LayoutIndex.Empty;
            if (change(LayoutIndex.Read(before, path, DisplayName)) is { } after)
            {
                await Files.WriteAsync(LayoutIndex.FileName, after, cancellationToken).ConfigureAwait(false);
                _known = null;
            }
        }
        finally
        {
            _writer.Release();
        }
    }

    // Null when there is nothing yet: no folder, or an empty one.
    private async Task<LayoutView?> TryReadIndexAsync()
    {
        if (!Files.Exists || !await IsLayoutAsync().ConfigureAwait(false))
        {
            return null;
        }

        var file = new FileInfo(Files.PathOf(LayoutIndex.FileName));
        if (_known is { } known && file.Exists && known.Time == file.LastWriteTimeUtc && known.Size == file.Length)
        {
            return known.View;
        }

        if (await Files.ReadAsync(LayoutIndex.FileName, LayoutIndex.MaxSize).ConfigureAwait(false) is not { } bytes)
        {
            // The folders of blobs are made after the index: without them somebody is just making the layout.
            return Files.HasFolder(BlobFolder) && !Files.Has(LayoutIndex.FileName)
                ? throw new OciException(OciErrorKind.LayoutInvalid, $"'{file.FullName}' is missing: '{DisplayName}' is not complete.")
                : null;
        }

        var view = new LayoutView(LayoutIndex.Read(bytes, file.FullName, DisplayName), _facts, ListBlobs);
        _known = new KnownIndex(file.Exists ? file.LastWriteTimeUtc : default, bytes.Length, view);
        return view;
    }

    // False when the folder is empty.
    private async Task<bool> IsLayoutAsync()
    {
        var path = Files.PathOf(VersionFile);
        if (await Files.ReadAsync(VersionFile, MaxVersionSize).ConfigureAwait(false) is not { } bytes)
        {
            // Whoever makes a layout writes this file before all others: it may have come after we looked for it.
            return Files.IsEmpty ? false : Files.Has(VersionFile) ? await IsLayoutAsync().ConfigureAwait(false) : throw new OciException(
                OciErrorKind.LayoutInvalid, $"'{Files.Root}' is not an OCI layout: it has no file '{VersionFile}', and it isn't empty.");
        }

        var version = ReadVersion(bytes);
        return version is not null && version.StartsWith("1.", StringComparison.Ordinal)
            ? true
            : throw new OciException(
                OciErrorKind.LayoutInvalid,
                version is null
                    ? $"'{path}' does not say the version of an OCI layout."
                    : $"'{path}' says version '{Printable.Text(version)}' of an OCI layout, which is not known here (1.0.0 is).");
    }

    private sealed record KnownIndex(DateTime Time, long Size, LayoutView View);

    private static string? ReadVersion(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return ConfigReader.Text(document.RootElement, VersionKey);
        }
        catch (JsonException)
        {
            // Said by the caller: no version.
            return null;
        }
    }
}
