using OciSync.Core.Archives;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Tar;
using OciSync.Core.Text;

namespace OciSync.Core.DockerEngine;

/// <summary>An image of a Docker engine: it is saved to a file in the temp folder once, and read from there.</summary>
internal sealed class DaemonSource : ArchiveSource, IDisposable
{
    private readonly string _name;
    private readonly FolderHost _host;
    private readonly Once<DockerArchive?> _saved;
    private DockerArchive? _archive;
    private string? _temporary;

    internal DaemonSource(ImageLocation location, FolderHost host)
        : base(location.ToString(), host)
    {
        _name = location.Name!;
        _host = host;
        _saved = new Once<DockerArchive?>(host.Lifetime);
    }

    public override async Task<ManifestHead?> HeadManifestAsync(string reference, WorkScope work) =>
        await SaveAsync(work.Token).ConfigureAwait(false) is { } archive
            ? await archive.HeadManifestAsync(Translate(reference), work).ConfigureAwait(false)
            : null;

    public override async Task<Manifest> GetManifestAsync(string reference, WorkScope work) =>
        await SaveAsync(work.Token).ConfigureAwait(false) is { } archive
            ? await archive.GetManifestAsync(Translate(reference), work).ConfigureAwait(false)
            : throw Missing(reference);

    public override async Task<OpenedBlob> OpenBlobAsync(Digest digest, long offset, CancellationToken cancellationToken) =>
        await SaveAsync(cancellationToken).ConfigureAwait(false) is { } archive
            ? await archive.OpenBlobAsync(digest, offset, cancellationToken).ConfigureAwait(false)
            : throw Missing(_name);

    public override async Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) =>
        await SaveAsync(cancellationToken).ConfigureAwait(false) is { } archive
            ? await archive.ListTagsAsync(cancellationToken).ConfigureAwait(false)
            : throw Missing(_name);

    public override string NameBlob(Digest digest) => _archive?.NameBlob(digest) ?? $"The blob {digest} of '{DisplayName}'";

    public override OciException Missing(string reference) => new(OciErrorKind.ManifestUnknown, $"The Docker engine has no image '{Printable.Text(_name)}'.");

    public void Dispose()
    {
        _archive?.Dispose();
        ArchiveTemp.Remove(_temporary);
    }

    // The file holds this one image, whatever it is called in it; the id of one is the digest of its config, not of a manifest.
    private string Translate(string reference) => reference == _name ? ImageLocation.OnlyImage : reference;

    private Task<DockerArchive?> SaveAsync(CancellationToken cancellationToken) => _saved.RunAsync(SaveOnceAsync, cancellationToken);

    private async Task<DockerArchive?> SaveOnceAsync(CancellationToken cancellationToken)
    {
        ArchiveTemp.Remove(_temporary);
        _temporary = ArchiveTemp.Create(_host.Options);
        using var client = DaemonClient.Create(_host.Options);
        return await client.SaveAsync(_name, _temporary, cancellationToken).ConfigureAwait(false)
            ? _archive = new DockerArchive(DisplayName, _temporary, _host)
            : null;
    }
}
