using System.Collections.Concurrent;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Folders;
using OciSync.Core.Images;
using OciSync.Core.Layouts;
using OciSync.Core.Manifests;
using OciSync.Core.Polyfills;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Syncing;

namespace OciSync.Core.Filling;

/// <summary>
/// Brings images into the folder: each blob once, for whoever waits, and the whole image behind it. The index names an image when all of it is
/// there: what breaks or is killed leaves blobs that nobody names, and nothing half.
/// </summary>
internal sealed partial class MirrorFiller : IDisposable
{
    private const string BlobFolder = "blobs/";

    private readonly string _path;
    private readonly EngineEvents _events;
    private readonly UpstreamPools _pools;
    private readonly CancellationTokenSource _lifetime = new();
    private readonly FolderHost _host;
    private readonly FolderFiles _files;
    private readonly OciLayout _layout;
    private readonly Precedence _precedence;
    private readonly object _lock = new();
    private readonly Dictionary<Digest, BlobDownload> _downloads = [];
    private readonly ConcurrentDictionary<string, Task> _fills = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _behind = new(1, 1);

    /// <param name="path">The layout; it is made where it isn't there.</param>
    /// <param name="pools">The upstream registries.</param>
    /// <param name="options">Where the time comes from.</param>
    /// <param name="events">Told of what was fetched, and of what failed.</param>
    /// <param name="limits">How much may be fetched, and when.</param>
    internal MirrorFiller(string path, UpstreamPools pools, EngineOptions options, EngineEvents events, FillLimits limits)
    {
        (_path, _pools, _events) = (path, pools, events);
        _host = new FolderHost(path, options, events, _lifetime.Token);
        _files = new FolderFiles(path);
        _layout = new OciLayout(path, _host);
        _precedence = new Precedence(limits.Rest, options.Time);
        _limits = limits;
        _asked = new AskedTimes(_files, options.Time);
    }

    /// <summary>Told when an image is whole in the folder.</summary>
    internal Action OnFilled { get; init; } = () => { };

    /// <summary>Makes the layout where there is none. <exception cref="OciException">Something else is there.</exception></summary>
    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await _layout.OpenToWriteAsync(cancellationToken).ConfigureAwait(false);
        await _asked.LoadAsync().ConfigureAwait(false);
    }

    /// <summary>A client has asked for something of an image: what nobody waits for can wait.</summary>
    internal void Note(UpstreamImage image, string reference)
    {
        _precedence.Note();
        _asked.Note(NameOf(image, reference));
    }

    /// <summary>The size of a blob that is in the folder; or null.</summary>
    internal long? FindSize(Digest digest) => _files.FindSize(PathOf(digest));

    /// <summary>A blob for a client, as it comes.</summary>
    internal async Task<IBlobContent> OpenAsync(UpstreamImage image, Descriptor blob, long offset, CancellationToken cancellationToken)
    {
        // While images go nothing comes: what isn't named yet would go with them.
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Open(image, blob, offset);
        }
        finally
        {
            _room.Release();
        }
    }

    private IBlobContent Open(UpstreamImage image, Descriptor blob, long offset)
    {
        lock (_lock)
        {
            // One of another size is no blob; it is fetched anew.
            if (!_downloads.ContainsKey(blob.Digest) && FindSize(blob.Digest) == blob.Size && _files.TryOpen(PathOf(blob.Digest)) is { } there)
            {
                there.Seek(offset, SeekOrigin.Begin);
                return new FileContent(there, offset);
            }

            var download = FindOrStart(image, blob);
            _precedence.ServeAsync(download.Ended).Observe();
            return download.Follow(offset);
        }
    }

    /// <summary>Starts to bring an image into the folder, when nobody waits for anything; done when it is there.</summary>
    /// <param name="image">The repository.</param>
    /// <param name="reference">The tag, or the digest, by which it is named in the folder.</param>
    /// <param name="root">The image.</param>
    /// <param name="onEnd">Told whether it is there, before the task ends.</param>
    internal void Start(UpstreamImage image, string reference, Manifest root, Action<bool> onEnd)
    {
        var key = image.FolderName + " " + reference + " " + root.Digest;
        var filling = _fills.GetOrAdd(key, _ => Task.Run(() => FillAsync(image, reference, root, isThere => End(key, isThere, onEnd)), _lifetime.Token));
        filling.Observe();
    }

    /// <summary>Waits for the images of a repository that are on their way.</summary>
    internal async Task WaitAsync(UpstreamImage image, CancellationToken cancellationToken)
    {
        foreach (var fill in _fills.Where(f => f.Key.StartsWith(image.FolderName + " ", StringComparison.Ordinal)).Select(f => f.Value).ToList())
        {
            await fill.ContinueWith(_ => true, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                .JoinAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _lifetime.Cancel();
        _layout.Dispose();
        _host.Dispose();
    }

    private static string NameOf(UpstreamImage image, string reference) =>
        image.FolderName + (Digest.TryParse(reference, out _, out _) ? "@" : ":") + reference;

    private static string PathOf(Digest digest) => BlobFolder + digest.Algorithm + "/" + digest.Hex;

    private void End(string key, bool isThere, Action<bool> onEnd)
    {
        _fills.TryRemove(key, out _);
        if (isThere)
        {
            OnFilled();
        }

        onEnd(isThere);
    }

    // Under the lock.
    private BlobDownload FindOrStart(UpstreamImage image, Descriptor blob)
    {
        if (_downloads.TryGetValue(blob.Digest, out var known))
        {
            return known;
        }

        CheckFree(blob);
        var download = new BlobDownload(blob, _files, PathOf(blob.Digest));
        _downloads.Add(blob.Digest, download);
        Task.Run(() => DownloadAsync(image, blob, download), CancellationToken.None).Observe();
        return download;
    }

    private async Task DownloadAsync(UpstreamImage image, Descriptor blob, BlobDownload download)
    {
        UpstreamLease? lease = null;
        await download.RunAsync(
            () =>
            {
                lease = _pools.Take();
                return lease.Pool.GetSource(image.With(blob.Digest.ToString()));
            },
            _lifetime.Token).ConfigureAwait(false);
        lease?.Dispose();
        lock (_lock)
        {
            _downloads.Remove(blob.Digest);
        }

        if (download.Ended.IsFaulted)
        {
            _pools.Renew();
            _events.Warn($"'{image.FolderName}': {download.Ended.Exception!.InnerException!.Message}");
        }
    }

    private async Task FillAsync(UpstreamImage image, string reference, Manifest root, Action<bool> onEnd)
    {
        var isThere = false;
        try
        {
            // What clients wait for is fetched side by side; what nobody waits for, one image after the other.
            await _precedence.WaitAsync(_lifetime.Token).ConfigureAwait(false);
            await _behind.WaitAsync(_lifetime.Token).ConfigureAwait(false);
            try
            {
                await FetchBlobsAsync(image, root).ConfigureAwait(false);
                await NameAsync(image, reference, root).ConfigureAwait(false);
                isThere = true;
                await MakeRoomAsync(NameOf(image, reference)).ConfigureAwait(false);
            }
            finally
            {
                _behind.Release();
            }
        }
        catch (OciException e)
        {
            _pools.Renew();
            _events.Warn($"'{image.FolderName}' at {reference} is not in the folder yet: {e.Message}");
        }
        finally
        {
            onEnd(isThere);
        }
    }

    private async Task FetchBlobsAsync(UpstreamImage image, Manifest root)
    {
        using var lease = _pools.Take();
        var source = lease.Pool.GetSource(image.With(root.Digest.ToString()));
        var tree = await ImageTree.LoadAsync(source, root, WorkScope.Uncounted(_lifetime.Token)).ConfigureAwait(false);
        foreach (var blob in tree.Blobs.Where(b => b.Size > 0 && FindSize(b.Digest) != b.Size))
        {
            await _precedence.WaitAsync(_lifetime.Token).ConfigureAwait(false);
            BlobDownload? download;
            lock (_lock)
            {
                download = FindSize(blob.Digest) == blob.Size ? null : FindOrStart(image, blob);
            }

            await (download?.Ended ?? Task.CompletedTask).ConfigureAwait(false);
        }
    }

    // The rest is what a sync does: manifests, what speaks of the image, and at last its name.
    private async Task NameAsync(UpstreamImage image, string reference, Manifest root)
    {
        using var lease = _pools.Take();
        var name = NameOf(image, reference);
        var pair = new SyncPair(image.With(root.Digest.ToString()), new ImageLocation(ImageTransport.Oci, _path, name, null), name);
        var failure = default(Exception);
        await SyncRunner.RunAsync(
            new SyncRequest { Pairs = [pair], IncludeReferrer = true }, lease.Pool, o => failure = o.Failure, null, _lifetime.Token).ConfigureAwait(false);
        if (failure is not null)
        {
            throw failure as OciException ?? new OciException(OciErrorKind.StorageFailed, failure.Message, failure);
        }

        _events.Tell($"'{name}' is in the folder.");
    }
}
