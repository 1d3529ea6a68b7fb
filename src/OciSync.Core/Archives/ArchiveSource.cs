using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Archives;

/// <summary>What files of images have in common that are only read.</summary>
internal abstract class ArchiveSource : IImageSource
{
    private readonly FolderHost _host;

    private protected ArchiveSource(string displayName, FolderHost host)
    {
        _host = host;
        DisplayName = displayName;
    }

    public IImageHost Connection => _host;

    public string Repository => string.Empty;

    public string Key => _host.Host;

    public string DisplayName { get; }

    public abstract Task<ManifestHead?> HeadManifestAsync(string reference, WorkScope work);

    public abstract Task<Manifest> GetManifestAsync(string reference, WorkScope work);

    public abstract Task<OpenedBlob> OpenBlobAsync(Digest digest, long offset, CancellationToken cancellationToken);

    public abstract Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken);

    public abstract string NameBlob(Digest digest);

    public abstract OciException Missing(string reference);

    public void Spoil(IImageSource mirror, Digest digest, OciException fault) => throw new InvalidOperationException("An archive has no mirrors.");
}
