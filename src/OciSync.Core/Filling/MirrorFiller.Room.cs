using OciSync.Core.Errors;
using OciSync.Core.Layouts;
using OciSync.Core.Manifests;

namespace OciSync.Core.Filling;

/// <content>Room for what comes: images that were fetched go, whole, those that were asked for longest ago first.</content>
internal sealed partial class MirrorFiller
{
    private readonly FillLimits _limits;
    private readonly AskedTimes _asked;
    private readonly SemaphoreSlim _room = new(1, 1);

    private async Task MakeRoomAsync(string newest)
    {
        _asked.Add(newest);
        if (_limits.MaximumSize is { } most && SizeOfAll() > most)
        {
            await _room.WaitAsync(_lifetime.Token).ConfigureAwait(false);
            try
            {
                await RemoveOldestAsync(newest, most).ConfigureAwait(false);
            }
            finally
            {
                _room.Release();
            }
        }

        await _asked.SaveAsync(_lifetime.Token).ConfigureAwait(false);
    }

    private async Task RemoveOldestAsync(string newest, long most)
    {
        lock (_lock)
        {
            if (_downloads.Count > 0)
            {
                // What is on its way isn't named yet, and would go with them; after the next image there is room to be made again.
                return;
            }
        }

        // They hold the layout as its writers do.
        _pools.Renew();
        while (SizeOfAll() > most && _asked.FindOldest(newest) is { } oldest)
        {
            var freed = await _layout.RemoveAsync(i => Choose(i, oldest), _lifetime.Token).ConfigureAwait(false);
            _asked.Remove(oldest);
            _events.Tell($"'{oldest}' was asked for longest ago and is removed: {freed} bytes are free again.");
            if (freed == 0)
            {
                // Somebody else writes into the layout, and blobs stay: more removals would make no room either.
                break;
            }
        }

        await _layout.OpenToWriteAsync(_lifetime.Token).ConfigureAwait(false);
        OnFilled();
    }

    private static List<LayoutEntry> Choose(LayoutIndex index, string name) => index.Entries.Where(e => e.Name == name).ToList();

    private long SizeOfAll() => _layout.ListBlobs().Sum(b => b.Size);

    private void CheckFree(Descriptor blob)
    {
        if (_limits.MinimumFree > 0 && FindFree() is { } free && free - blob.Size < _limits.MinimumFree)
        {
            throw new OciException(
                OciErrorKind.StorageFailed,
                $"'{_path}' has {free} bytes free on its disk, of which {_limits.MinimumFree} are to stay so (-MinimumFreeSpace): a blob of {blob.Size} "
                    + "bytes is not fetched.");
        }
    }

    private long? FindFree()
    {
        try
        {
            return new DriveInfo(Path.DirectorySeparatorChar == '/' ? _path : Path.GetPathRoot(_path)!).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A share, or a place that doesn't tell: then the disk says it when it is full.
            return null;
        }
    }
}
