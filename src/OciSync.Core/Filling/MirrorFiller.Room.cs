using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Layouts;
using OciSync.Core.Manifests;
using OciSync.Core.Polyfills;
using OciSync.Core.References;

namespace OciSync.Core.Filling;

/// <content>Room for what comes: images that were fetched go, whole, those that were asked for longest ago first.</content>
internal sealed partial class MirrorFiller
{
    private readonly FillLimits _limits;
    private readonly AskedTimes _asked;
    private readonly SemaphoreSlim _room = new(1, 1);
    private int _coming;

    // While images go nothing begins to come: what isn't named yet would go with them.
    private async Task<T> BeginAsync<T>(Func<T> begin, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return begin();
        }
        finally
        {
            _room.Release();
        }
    }

    // After an image has come, and before the next that nobody waits for. The image is there, whatever becomes of this.
    private async Task MakeRoomAsync(string newest)
    {
        _asked.Add(newest, await ListManifestsAsync(newest).ConfigureAwait(false));
        await _behind.WaitAsync(_lifetime.Token).ConfigureAwait(false);
        try
        {
            await MakeRoomBesideAsync(newest).ConfigureAwait(false);
        }
        catch (OciException e)
        {
            _events.Warn($"Room can't be made in '{_path}': {e.Message}");
        }
        finally
        {
            _behind.Release();
        }
    }

    // Nodes ask for images by the digests of an index or of its platforms, whatever name they came by.
    private async Task<IReadOnlyList<Digest>> ListManifestsAsync(string name)
    {
        try
        {
            var work = WorkScope.Uncounted(_lifetime.Token);
            return await _layout.FindAsync(name).ConfigureAwait(false) is { } entry
                ? await ImageTree.ListManifestsAsync(_layout, entry.Manifest.Digest, work).ConfigureAwait(false)
                : [];
        }
        catch (OciException e)
        {
            _events.Tell($"What '{name}' in '{_path}' consists of can't be read: {e.Message}");
            return [];
        }
    }

    private async Task MakeRoomBesideAsync(string newest)
    {
        if (_limits.MaximumSize is { } most && SizeOfAll() > most)
        {
            // Found out before anyone has to wait for it.
            var kept = await FindKeptAsync(newest).ConfigureAwait(false);
            await _room.WaitAsync(_lifetime.Token).ConfigureAwait(false);
            try
            {
                await RemoveOldestAsync(kept, most).ConfigureAwait(false);
            }
            finally
            {
                _room.Release();
            }
        }

        await _asked.SaveAsync(_lifetime.Token).ConfigureAwait(false);
    }

    private async Task<HashSet<string>> FindKeptAsync(string newest)
    {
        var kept = new HashSet<string>(StringComparer.Ordinal) { newest };
        foreach (var name in _asked.Names)
        {
            _ = await Keeps(name).ConfigureAwait(false) && kept.Add(name);
        }

        return kept;
    }

    private async Task RemoveOldestAsync(HashSet<string> kept, long most)
    {
        lock (_lock)
        {
            if (_downloads.Count > 0 || Volatile.Read(ref _coming) > 0)
            {
                // What is on its way isn't named yet, and would go with them; after the next image there is room to be made again.
                return;
            }
        }

        // They hold the layout as its writers do.
        _pools.Renew();
        while (SizeOfAll() > most && _asked.FindOldest(kept) is { } oldest)
        {
            var freed = await _layout.RemoveAsync(i => Choose(i, oldest), _lifetime.Token).ConfigureAwait(false);
            _asked.Remove(oldest);
            _events.Tell($"'{oldest}' was asked for longest ago and is removed: {freed ?? 0} bytes are free again.");
            if (freed is null)
            {
                // Somebody else writes into the layout: more removals would make no room either.
                break;
            }
        }

        await _layout.OpenToWriteAsync(_lifetime.Token).ConfigureAwait(false);
        OnFilled();
    }

    private static List<LayoutEntry> Choose(LayoutIndex index, string name) => index.Entries.Where(e => e.Name == name).ToList();

    private long SizeOfAll() => _layout.ListBlobs().Sum(b => b.Size);

    // What is on its way takes room too, that of it which hasn't come yet.
    private void CheckFree(long size, long coming = 0)
    {
        if (_limits.MinimumFree > 0 && _limits.FindFree(_path) is { } free && free - coming - size < _limits.MinimumFree)
        {
            throw new OciException(
                OciErrorKind.StorageFailed,
                $"'{_path}' has {free} bytes free on its disk, of which {_limits.MinimumFree} are to stay so (-MinimumFreeSpace)"
                    + (coming == 0 ? ": " : $", and {coming} are on their way: ")
                    + (size == 0 ? "nothing is fetched." : $"a blob of {size} bytes is not fetched."));
        }
    }

    // How large an image becomes that changes on its way is known when it is there: meanwhile the disk is looked at.
    private async Task WatchFreeAsync(Func<CancellationToken, Task> work)
    {
        using var full = CancellationTokenSource.CreateLinkedTokenSource(_lifetime.Token);
        using var end = new CancellationTokenSource();
        var watching = WaitUntilFullAsync(full, end.Token);
        try
        {
            await work(full.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (full.IsCancellationRequested && !_lifetime.IsCancellationRequested)
        {
            await watching.ConfigureAwait(false);
            throw;
        }
        finally
        {
            end.Cancel();
            watching.Observe();
        }
    }

    private async Task WaitUntilFullAsync(CancellationTokenSource full, CancellationToken end)
    {
        while (_limits.MinimumFree > 0)
        {
            await _time.DelayAsync(FillLimits.Look, end).ConfigureAwait(false);
            try
            {
                CheckFree(0);
            }
            catch (OciException)
            {
                full.Cancel();
                throw;
            }
        }
    }
}
