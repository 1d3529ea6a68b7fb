using OciSync.Core.Archives;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Text;

namespace OciSync.Core.DockerEngine;

/// <summary>
/// An image of a Docker engine. One with containerd's store gives it byte for byte (<see cref="WholeSource"/>); from others it is saved to a file in the temp
/// folder once, in Docker's archive format, and read from there.
/// </summary>
internal sealed class DaemonSource : ArchiveSource, IChangedSource, IDisposable
{
    private readonly string _name;
    private readonly FolderHost _host;
    private readonly Func<CancellationToken, Task<DaemonStore>> _findStore;
    private readonly Once<ArchiveSource?> _opened;
    private SavedImage? _saved;
    private ArchiveSource? _image;

    /// <param name="location">The image.</param>
    /// <param name="host">Whose options say where the engine is.</param>
    /// <param name="findStore">How the engine keeps images; asked once an engine and run.</param>
    internal DaemonSource(ImageLocation location, FolderHost host, Func<CancellationToken, Task<DaemonStore>> findStore)
        : base(location.ToString(), host)
    {
        _name = location.Name!;
        _host = host;
        _findStore = findStore;
        _opened = new Once<ArchiveSource?>(host.Lifetime);
    }

    public string? ChangeReason { get; private set; }

    public override async Task<ManifestHead?> HeadManifestAsync(string reference, WorkScope work) =>
        await OpenAsync(work.Token).ConfigureAwait(false) is { } image
            ? await image.HeadManifestAsync(Translate(reference), work).ConfigureAwait(false)
            : null;

    public override async Task<Manifest> GetManifestAsync(string reference, WorkScope work) =>
        await OpenAsync(work.Token).ConfigureAwait(false) is { } image
            ? await image.GetManifestAsync(Translate(reference), work).ConfigureAwait(false)
            : throw Missing(reference);

    public override async Task<OpenedBlob> OpenBlobAsync(Digest digest, long offset, CancellationToken cancellationToken) =>
        await OpenAsync(cancellationToken).ConfigureAwait(false) is { } image
            ? await image.OpenBlobAsync(digest, offset, cancellationToken).ConfigureAwait(false)
            : throw Missing(_name);

    public override async Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) =>
        await OpenAsync(cancellationToken).ConfigureAwait(false) is { } image
            ? await image.ListTagsAsync(cancellationToken).ConfigureAwait(false)
            : throw Missing(_name);

    public override string NameBlob(Digest digest) => _image?.NameBlob(digest) ?? $"The blob {digest} of '{DisplayName}'";

    public override OciException Missing(string reference) => Absent(_name);

    internal static OciException Absent(string name) => new(OciErrorKind.ManifestUnknown, $"The Docker engine has no image '{Printable.Text(name)}'.");

    public void Dispose()
    {
        (_image as IDisposable)?.Dispose();
        _saved?.Dispose();
    }

    // A file of Docker's holds this one image, whatever it is called in it; the id of one is the digest of its config, not of a manifest.
    private string Translate(string reference) => reference == _name && _image is DockerArchive ? ImageLocation.OnlyImage : reference;

    private Task<ArchiveSource?> OpenAsync(CancellationToken cancellationToken) => _opened.RunAsync(OpenOnceAsync, cancellationToken);

    private async Task<ArchiveSource?> OpenOnceAsync(CancellationToken cancellationToken)
    {
        if ((await _findStore(cancellationToken).ConfigureAwait(false)).KeepsDigests)
        {
            return _image = new WholeSource(DisplayName, _name, _host);
        }

        using var client = DaemonClient.Create(_host.Options);
        if (await client.InspectAsync(_name, cancellationToken).ConfigureAwait(false) is not { } known
            || await SavedImage.CreateAsync(_name, null, _host, cancellationToken).ConfigureAwait(false) is not { } saved)
        {
            return null;
        }

        _saved = saved;
        ChangeReason = known.RepoDigests is { Count: > 0 } ? "the Docker engine keeps one platform, unpacked: the digest by which it was pulled is lost" : null;
        return _image = new DockerArchive(DisplayName, saved.File, _host);
    }
}
