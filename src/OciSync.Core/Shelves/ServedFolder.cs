using OciSync.Core.Distribution;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Shelves;

/// <summary>
/// A folder or archive whose images are served as they lie there. It may be written meanwhile: what is in it is looked at again when the last
/// look is some time ago.
/// </summary>
internal sealed class ServedFolder : IServedImages, IDisposable
{
    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(1);

    // A look that takes long is done seldom: it costs one part in so many of the time.
    private const int RestFactor = 20;

    private readonly EngineOptions _options;
    private readonly EngineEvents _events;
    private readonly CancellationTokenSource _lifetime = new();
    private readonly ShelfFinder _finder;
    private readonly SemaphoreSlim _looking = new(1, 1);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly ManifestCache _manifests = new();
    private volatile Catalogue _catalogue = Catalogue.Empty;
    private long _nextLook = long.MinValue;
    private int _changes;

    /// <param name="path">The folder or archive.</param>
    /// <param name="options">Where the time comes from, and how files are read.</param>
    /// <param name="events">Told of what can't be served.</param>
    internal ServedFolder(string path, EngineOptions options, EngineEvents events)
    {
        _options = options;
        _events = events;
        _finder = new ShelfFinder(path, Tell);
    }

    /// <summary>Which of its blobs were verified.</summary>
    internal BlobProofs Proofs { get; } = new();

    /// <summary>What was in it at the last look.</summary>
    internal Catalogue Current => _catalogue;

    /// <summary>What is in it now.</summary>
    /// <exception cref="OciException">It can't be read.</exception>
    internal async Task<Catalogue> LookAsync(CancellationToken cancellationToken)
    {
        if (_options.Time.GetTimestamp() < Interlocked.Read(ref _nextLook))
        {
            return _catalogue;
        }

        await _looking.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var start = _options.Time.GetTimestamp();
            if (start < Interlocked.Read(ref _nextLook))
            {
                return _catalogue;
            }

            var changes = Volatile.Read(ref _changes);
            await RefreshAsync().ConfigureAwait(false);
            var end = _options.Time.GetTimestamp();
            var rest = Math.Max((long)(ShortestRest.TotalSeconds * _options.Time.TimestampFrequency), (end - start) * RestFactor);
            Interlocked.Exchange(ref _nextLook, end + rest);
            if (Volatile.Read(ref _changes) != changes)
            {
                // What has changed meanwhile may not be in what was seen.
                Interlocked.Exchange(ref _nextLook, long.MinValue);
            }

            return _catalogue;
        }
        finally
        {
            _looking.Release();
        }
    }

    /// <summary>The next request looks anew: something in the folder has changed.</summary>
    internal void Forget()
    {
        Interlocked.Increment(ref _changes);
        Interlocked.Exchange(ref _nextLook, long.MinValue);
    }

    public async Task<IReadOnlyList<string>> ListRepositoriesAsync(CancellationToken cancellationToken) =>
        (await LookAsync(cancellationToken).ConfigureAwait(false)).Names;

    public async Task<bool> HasRepositoryAsync(RequestedName name, CancellationToken cancellationToken) =>
        (await LookAsync(cancellationToken).ConfigureAwait(false)).Find(name).Any();

    public async Task<IReadOnlyList<string>?> ListTagsAsync(RequestedName name, CancellationToken cancellationToken) =>
        (await LookAsync(cancellationToken).ConfigureAwait(false)).Find(name).FirstOrDefault()?.Tags;

    public async Task<ServedManifest?> FindManifestAsync(RequestedName name, string reference, CancellationToken cancellationToken)
    {
        var repositories = (await LookAsync(cancellationToken).ConfigureAwait(false)).Find(name);
        if (Digest.TryParse(reference, out var digest, out _))
        {
            return await FindByDigestAsync(repositories, digest!, cancellationToken).ConfigureAwait(false);
        }

        foreach (var repository in repositories)
        {
            if (repository.Find(reference) is var (shelf, image))
            {
                return Digest.TryParse(image.Reference, out var known, out _) && _manifests.Find(known!) is { } kept
                    ? kept
                    : Keep(await shelf.ReadManifestAsync(image.Reference, cancellationToken).ConfigureAwait(false));
            }
        }

        return null;
    }

    public async Task<ServedBlob?> FindBlobAsync(RequestedName name, Digest digest, CancellationToken cancellationToken)
    {
        if (digest == Digest.Of([], digest.Algorithm))
        {
            return await HasRepositoryAsync(name, cancellationToken).ConfigureAwait(false)
                ? new ServedBlob(0, (_, _) => Task.FromResult<IBlobContent>(new BytesContent([], 0)))
                : null;
        }

        foreach (var shelf in Shelves((await LookAsync(cancellationToken).ConfigureAwait(false)).Find(name)))
        {
            using var content = await shelf.TryOpenBlobAsync(digest, 0, cancellationToken).ConfigureAwait(false);
            if (content?.ContentLength is { } size && !Proofs.IsDamaged(digest, shelf.StampOf(digest)))
            {
                return new ServedBlob(size, (part, token) => OpenAsync(shelf, digest, size, part, token));
            }
        }

        return null;
    }

    public async Task<IReadOnlyList<Descriptor>?> ListReferrersAsync(RequestedName name, Digest subject, CancellationToken cancellationToken)
    {
        var repositories = (await LookAsync(cancellationToken).ConfigureAwait(false)).Find(name).ToList();
        if (repositories.Count == 0)
        {
            return null;
        }

        var found = new List<Descriptor>();
        foreach (var shelf in Shelves(repositories))
        {
            found.AddRange(await shelf.ListReferrersAsync(subject, cancellationToken).ConfigureAwait(false));
        }

        return found.GroupBy(r => r.Digest).Select(g => g.First()).ToList();
    }

    public void Dispose()
    {
        _lifetime.Cancel();
        foreach (var shelf in _catalogue.Shelves)
        {
            shelf.Dispose();
        }

        _lifetime.Dispose();
    }

    private async Task<ServedManifest?> FindByDigestAsync(IEnumerable<ShelfRepository> repositories, Digest digest, CancellationToken cancellationToken)
    {
        foreach (var shelf in Shelves(repositories))
        {
            if (_manifests.Find(digest) is { } kept)
            {
                return kept;
            }

            if (await shelf.FindManifestAsync(digest, cancellationToken).ConfigureAwait(false) is { } manifest)
            {
                return Keep(manifest);
            }
        }

        return null;
    }

    private async Task<IBlobContent> OpenAsync(Shelf shelf, Digest digest, long size, ByteRange part, CancellationToken cancellationToken)
    {
        var stamp = shelf.StampOf(digest);
        var content = await shelf.TryOpenBlobAsync(digest, part.First, cancellationToken).ConfigureAwait(false)
            ?? throw new OciException(OciErrorKind.BlobUnknown, $"The blob {digest} of '{shelf.Place.Path}' went while it was asked for.");
        return part.Length == size ? Proofs.Prove(content, digest, size, stamp) : content;
    }

    private ServedManifest Keep(Manifest manifest)
    {
        var served = new ServedManifest(manifest.Digest, manifest.MediaType, manifest.Content);
        _manifests.Add(served);
        return served;
    }

    private static IEnumerable<Shelf> Shelves(IEnumerable<ShelfRepository> repositories) => repositories.SelectMany(r => r.Shelves).Distinct();

    // Places that are as they were stay open; answers that are being sent from others have their files open already.
    private async Task RefreshAsync()
    {
        var before = _catalogue.Shelves.ToDictionary(s => s.Place);
        var layouts = _catalogue.Shelves.Where(s => s.Place.Kind == ShelfKind.Layout).ToDictionary(s => s.Place.Path, StringComparer.Ordinal);
        var shelves = new List<Shelf>();
        var places = await Task.Run(_finder.Find).ConfigureAwait(false);
        foreach (var place in places)
        {
            if (before.TryGetValue(place, out var known))
            {
                before.Remove(place);
                shelves.Add(known);
            }
            else
            {
                layouts.TryGetValue(place.Path, out var earlier);
                var isOnlyOne = places.Count == 1 && place.Relative.Length == 0;
                if (await TryOpenAsync(place, earlier, isOnlyOne).ConfigureAwait(false) is { } opened)
                {
                    shelves.Add(opened);
                }
            }
        }

        if (before.Count > 0 || shelves.Count != _catalogue.Shelves.Count)
        {
            _catalogue = new Catalogue(shelves, Tell);
        }
    }

    private async Task<Shelf?> TryOpenAsync(ShelfPlace place, Shelf? earlier, bool isOnlyOne)
    {
        try
        {
            return await (earlier?.RenewAsync(place, _events, _lifetime.Token) ?? Shelf.OpenAsync(place, _options, _events, _lifetime.Token))
                .ConfigureAwait(false);
        }
        catch (OciException e) when (!isOnlyOne)
        {
            Tell($"'{place.Path}' is not served: {e.Message}");
            return null;
        }
    }

    private void Tell(string fault)
    {
        lock (_told)
        {
            if (!_told.Add(fault))
            {
                return;
            }
        }

        _events.Warn(fault);
    }
}
