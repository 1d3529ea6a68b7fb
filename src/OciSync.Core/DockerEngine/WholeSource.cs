using OciSync.Core.Archives;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.DockerEngine;

/// <summary>
/// An image of an engine with containerd's store, byte for byte. The engine says at once which digest it is and which platforms of it are there; it is saved
/// when more than that is asked for: as a whole, or, where the engine can't (it lacks its own platform), each platform by itself.
/// </summary>
internal sealed class WholeSource : ArchiveSource, IDisposable
{
    private readonly string _name;
    private readonly FolderHost _host;
    private readonly Once<HeldImage?> _held;
    private readonly Once<OciArchive?> _whole;
    private readonly SingleFlight<Digest, OciArchive?> _parts;
    private readonly List<(SavedImage File, OciArchive Archive)> _saved = [];

    internal WholeSource(string displayName, string name, FolderHost host)
        : base(displayName, host)
    {
        _name = name;
        _host = host;
        _held = new Once<HeldImage?>(host.Lifetime);
        _whole = new Once<OciArchive?>(host.Lifetime);
        _parts = new SingleFlight<Digest, OciArchive?>(host.Lifetime);
    }

    public override async Task<ManifestHead?> HeadManifestAsync(string reference, WorkScope work)
    {
        if (await FindAsync(work.Token).ConfigureAwait(false) is not { } held)
        {
            return null;
        }

        return reference == _name || reference == held.Digest.ToString() ? new ManifestHead(held.Digest, held.MediaType)
            : !Digest.TryParse(reference, out var digest, out _) ? null
            : held.Find(digest!) is { } part ? part.IsAvailable ? new ManifestHead(part.Digest, null) : null
            : await SaveAsync(work.Token).ConfigureAwait(false) is { } archive ? await archive.HeadManifestAsync(reference, work).ConfigureAwait(false)
            : null;
    }

    public override async Task<Manifest> GetManifestAsync(string reference, WorkScope work)
    {
        var held = await FindAsync(work.Token).ConfigureAwait(false) ?? throw Missing(reference);
        var digest = Digest.TryParse(reference, out var asked, out _) && reference != _name ? asked! : held.Digest;
        var part = held.Find(digest);
        if (part is { IsAvailable: false })
        {
            throw held.Lacks(part);
        }

        var archive = await SaveAsync(work.Token).ConfigureAwait(false)
            ?? (part is null ? null : await SavePartAsync(part, work.Token).ConfigureAwait(false));
        return archive is not null ? await archive.GetManifestAsync(digest.ToString(), work).ConfigureAwait(false)
            : digest == held.Digest && held.Parts.Count > 0 ? held.MakeIndex()
            : throw new OciException(OciErrorKind.ManifestUnknown, $"The Docker engine does not give the manifest {digest} of '{_name}'.");
    }

    public override async Task<OpenedBlob> OpenBlobAsync(Digest digest, long offset, CancellationToken cancellationToken)
    {
        foreach (var archive in List())
        {
            if (await archive.HasBlobAsync(digest).ConfigureAwait(false))
            {
                return await archive.OpenBlobAsync(digest, offset, cancellationToken).ConfigureAwait(false);
            }
        }

        throw new OciException(OciErrorKind.BlobUnknown, $"The Docker engine has not got the blob {digest} of '{_name}': pull the image again.");
    }

    public override Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([_name]);

    public override string NameBlob(Digest digest) => $"The blob {digest} of '{DisplayName}'";

    public override OciException Missing(string reference) => DaemonSource.Absent(_name);

    public void Dispose()
    {
        lock (_saved)
        {
            foreach (var (file, archive) in _saved)
            {
                archive.Dispose();
                file.Dispose();
            }

            _saved.Clear();
        }
    }

    private Task<HeldImage?> FindAsync(CancellationToken cancellationToken) => _held.RunAsync(
        async token =>
        {
            using var client = DaemonClient.Create(_host.Options);
            return await client.InspectAsync(_name, token).ConfigureAwait(false) is { } answer
                ? HeldImage.Read(_name, answer) ?? throw new OciException(OciErrorKind.DaemonFailed, $"The Docker engine gives no digest of '{_name}'.")
                : null;
        },
        cancellationToken);

    private Task<OciArchive?> SaveAsync(CancellationToken cancellationToken) =>
        _whole.RunAsync(token => SaveOnceAsync(null, token), cancellationToken);

    private Task<OciArchive?> SavePartAsync(HeldPart part, CancellationToken cancellationToken) => part.Asked is { } platform
        ? _parts.RunAsync(part.Digest, token => SaveOnceAsync(platform, token), cancellationToken)
        : Task.FromResult<OciArchive?>(null);

    private async Task<OciArchive?> SaveOnceAsync(string? platform, CancellationToken cancellationToken)
    {
        if (await SavedImage.CreateAsync(_name, platform, _host, cancellationToken).ConfigureAwait(false) is not { } file)
        {
            return null;
        }

        var archive = new OciArchive(DisplayName, file.File, _host);
        lock (_saved)
        {
            _saved.Add((file, archive));
        }

        return archive;
    }

    private List<OciArchive> List()
    {
        lock (_saved)
        {
            return _saved.Select(s => s.Archive).ToList();
        }
    }
}
