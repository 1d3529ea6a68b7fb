using System.Collections.Concurrent;
using OciSync.Core.Distribution;
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
using OciSync.Core.Shelves;
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
    private readonly PartialBlobs _parts;
    private readonly TimeProvider _time;
    private readonly Precedence _precedence;
    private readonly object _lock = new();
    private readonly Dictionary<Digest, BlobDownload> _downloads = [];
    private readonly SemaphoreSlim _behind = new(1, 1);
    private readonly Turns<string> _turns = new();
    private readonly ConcurrentDictionary<Task, bool> _work = new();

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
        _parts = new PartialBlobs(_files);
        _time = options.Time;
        _precedence = new Precedence(limits.Rest, limits.Patience, limits.RestClock ?? options.Time);
        _limits = limits;
        _asked = new AskedTimes(_files, options.Time);
    }

    /// <summary>Which blobs of the folder were verified.</summary>
    internal BlobProofs Proofs { get; init; } = new();

    /// <summary>Told when an image is whole in the folder.</summary>
    internal Action OnFilled { get; init; } = () => { };

    /// <summary>Whether an image, by its name in the folder, stays whatever its size.</summary>
    internal Func<string, Task<bool>> Keeps { get; init; } = _ => Task.FromResult(false);

    internal void Tell(string text) => _events.Tell(text);

    /// <summary>Waits for an answer of upstream that isn't needed; whether it has come in time. It may still come.</summary>
    internal async Task<bool> IsInTimeAsync(Task answer)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_lifetime.Token);
        var grace = (_limits.RestClock ?? _time).DelayAsync(_limits.Grace, end.Token);
        await Task.WhenAny(answer, grace).ConfigureAwait(false);
        end.Cancel();
        grace.Observe();
        answer.Observe();
        return answer.IsCompleted;
    }

    /// <summary>Makes the layout where there is none. <exception cref="OciException">Something else is there.</exception></summary>
    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _parts.Adopt(_time.GetUtcNow());
        await _layout.OpenToWriteAsync(cancellationToken).ConfigureAwait(false);
        await _asked.LoadAsync().ConfigureAwait(false);
    }

    /// <summary>A client has asked for something of an image: what nobody waits for can wait.</summary>
    internal void Note(UpstreamImage image, string reference)
    {
        _precedence.Note();
        _asked.Note(image, reference);
    }

    /// <summary>The size of a blob that is in the folder; or null.</summary>
    internal long? FindSize(Digest digest) => _files.FindSize(PathOf(digest));

    /// <summary>A blob for a client, as it comes. Its first byte is there: what fails before that is a failure, and no content that breaks off.</summary>
    /// <exception cref="OciException">Nothing of it comes.</exception>
    internal async Task<IBlobContent> OpenAsync(UpstreamImage image, Descriptor blob, ByteRange part, CancellationToken cancellationToken)
    {
        var (content, download) = await BeginAsync(() => Open(image, blob, part), cancellationToken).ConfigureAwait(false);
        try
        {
            _ = download is null ? 0 : await download.WaitAsync(part.First, cancellationToken).ConfigureAwait(false);
            return content;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    private (IBlobContent Content, BlobDownload? Download) Open(UpstreamImage image, Descriptor blob, ByteRange part)
    {
        lock (_lock)
        {
            // One of another size, or known to be damaged, is fetched anew.
            var stamp = StampOf(blob.Digest);
            if (!_downloads.ContainsKey(blob.Digest) && stamp.Size == blob.Size && !Proofs.IsDamaged(blob.Digest, stamp)
                && _files.TryOpen(PathOf(blob.Digest)) is { } there)
            {
                there.Seek(part.First, SeekOrigin.Begin);
                var content = new FileContent(there, part.First);
                return (part.Length == blob.Size ? Proofs.Prove(content, blob.Digest, blob.Size, stamp) : content, null);
            }

            var download = FindOrStart(image, blob);
            _precedence.ServeAsync(download.Ended).Observe();
            return (download.Follow(part.First), download);
        }
    }

    private FileStamp StampOf(Digest digest) => FileStamp.Of(_files.PathOf(PathOf(digest)));

    /// <summary>Starts to bring an image into the folder, when nobody waits for anything.</summary>
    /// <param name="image">The repository.</param>
    /// <param name="reference">The tag, or the digest, by which it is named in the folder.</param>
    /// <param name="root">The image.</param>
    /// <param name="onEnd">Told whether it is there, when that is known.</param>
    internal void Start(UpstreamImage image, string reference, Manifest root, Action<bool> onEnd) =>
        Follow(Task.Run(() => FillAsync(image, reference, root, onEnd), _lifetime.Token));

    /// <summary>Waits until nothing is on its way.</summary>
    internal async Task WaitAsync(CancellationToken cancellationToken)
    {
        foreach (var work in _work.Keys)
        {
            await work.ContinueWith(_ => true, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                .JoinAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the work, and waits until no file is written any more, or so long.</summary>
    internal async Task EndAsync(CancellationToken limit)
    {
        _lifetime.Cancel();
        try
        {
            await WaitAsync(limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It has had its time: what is left is as after a kill.
            return;
        }
    }

    private void Follow(Task work)
    {
        work.Observe();
        _work[work] = true;
        work.ContinueWith(t => _work.TryRemove(t, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public void Dispose()
    {
        _lifetime.Cancel();
        _layout.Dispose();
        _host.Dispose();
    }

    private static string PathOf(Digest digest) => BlobFolder + digest.Algorithm + "/" + digest.Hex;

    // Under the lock.
    private BlobDownload FindOrStart(UpstreamImage image, Descriptor blob)
    {
        if (_downloads.TryGetValue(blob.Digest, out var known) && !known.HasFailed)
        {
            return known;
        }

        CheckFree(blob.Size, _downloads.Values.Sum(d => d.Rest));
        _lifetime.Token.ThrowIfCancellationRequested();
        var download = new BlobDownload(blob, _files, PathOf(blob.Digest), _parts);
        _downloads[blob.Digest] = download;
        Follow(Task.Run(() => DownloadAsync(image, blob, download), CancellationToken.None));
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
            _ = _downloads.TryGetValue(blob.Digest, out var current) && ReferenceEquals(current, download) && _downloads.Remove(blob.Digest);
        }

        if (download.Ended.Status == TaskStatus.RanToCompletion)
        {
            Proofs.Keep(blob.Digest, StampOf(blob.Digest), true);
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
            // What clients wait for is fetched side by side; what nobody waits for, one image after the other. Its patience is one for all of the way: what has
            // waited for others long enough doesn't wait for clients as well.
            var patience = _precedence.Begin();
            await _precedence.WaitAsync(patience, _lifetime.Token).ConfigureAwait(false);
            await _behind.WaitAsync(_lifetime.Token).ConfigureAwait(false);
            try
            {
                await FetchBlobsAsync(image, root, patience).ConfigureAwait(false);
                await NameAsync(image, reference, root).ConfigureAwait(false);
                isThere = true;
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
            if (isThere)
            {
                OnFilled();
            }

            onEnd(isThere);
        }

        await (isThere ? MakeRoomAsync(image.NameOf(reference)) : Task.CompletedTask).ConfigureAwait(false);
    }

    private async Task FetchBlobsAsync(UpstreamImage image, Manifest root, DateTimeOffset patience)
    {
        using var lease = _pools.Take();
        var source = lease.Pool.GetSource(image.With(root.Digest.ToString()));
        var tree = await ImageTree.LoadAsync(source, root, WorkScope.Uncounted(_lifetime.Token)).ConfigureAwait(false);
        foreach (var blob in tree.Blobs.Where(b => b.Size > 0 && FindSize(b.Digest) != b.Size))
        {
            await _precedence.WaitAsync(patience, _lifetime.Token).ConfigureAwait(false);
            BlobDownload? download;
            lock (_lock)
            {
                download = FindSize(blob.Digest) == blob.Size ? null : FindOrStart(image, blob);
            }

            await (download?.Ended ?? Task.CompletedTask).ConfigureAwait(false);
        }
    }

    /// <summary>Brings an image as a sync does, in a form of its own, for a client that waits; it is there when the task ends.</summary>
    /// <exception cref="OciException">It failed.</exception>
    internal async Task BringAsync(SyncPair pair)
    {
        CheckFree(0);
        var bringing = SyncAsync(pair with { IncludeReferrer = pair.IncludeReferrer ?? true });
        Follow(bringing);
        await _precedence.ServeAsync(bringing).ConfigureAwait(false);
        OnFilled();
        Follow(MakeRoomAsync(pair.Destination.Name!));
    }

    // The rest is what a sync does: manifests, what speaks of the image, and at last its name.
    private Task NameAsync(UpstreamImage image, string reference, Manifest root)
    {
        var name = image.NameOf(reference);
        var pair = new SyncPair(image.With(root.Digest.ToString()), new ImageLocation(ImageTransport.Oci, _path, name, null), name);
        return SyncAsync(pair with { IncludeReferrer = true });
    }

    // Images of a repository have most of their layers in common: they come one after the other, and none is fetched twice.
    private Task SyncAsync(SyncPair pair) => _turns.RunAsync(
        pair.Source.Image!.Name,
        async () =>
        {
            await BeginAsync(() => Interlocked.Increment(ref _coming), _lifetime.Token).ConfigureAwait(false);
            try
            {
                await WatchFreeAsync(token => SyncAsync(pair, token)).ConfigureAwait(false);
            }
            finally
            {
                Interlocked.Decrement(ref _coming);
            }
        },
        _lifetime.Token);

    private async Task SyncAsync(SyncPair pair, CancellationToken cancellationToken)
    {
        using var lease = _pools.Take();
        var failure = default(Exception);
        try
        {
            await SyncRunner.RunAsync(new SyncRequest { Pairs = [pair] }, lease.Pool, o => failure = o.Failure, null, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Its connections live on with who else has them. The layout is held by this filler, and let go where room is made.
            lease.Pool.EndFolderUse();
        }

        if (failure is not null)
        {
            throw failure as OciException ?? new OciException(OciErrorKind.StorageFailed, failure.Message, failure);
        }

        _events.Tell($"'{pair.Destination.Name}' is in the folder.");
    }
}
