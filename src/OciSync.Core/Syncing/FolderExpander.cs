using OciSync.Core.Copying;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;

namespace OciSync.Core.Syncing;

/// <summary>Turns folders into their images: a layout's named ones, or the folders of images below a folder.</summary>
internal sealed class FolderExpander(CopyRun run)
{
    internal async Task<IReadOnlyList<SyncPair>> ExpandAsync(IReadOnlyList<SyncFolder> folders)
    {
        var pairs = new List<SyncPair>();
        foreach (var item in folders)
        {
            try
            {
                var images = await FolderLister.ListAsync(run.Pool, item.Folder).ConfigureAwait(false);
                pairs.AddRange(images.SelectMany(i => item.Places.Select(p => TryPair(item, i, p))).OfType<SyncPair>());
            }
            catch (OciException e)
            {
                foreach (var place in item.Places)
                {
                    run.Fail(item.Folder.ToString(), place.Text, e, item.Input);
                }
            }
        }

        return pairs;
    }

    private SyncPair? TryPair(SyncFolder item, FolderImage image, SyncPlace place)
    {
        try
        {
            return new SyncPair(image.Location, place.Name(image.ReadName()), item.Input);
        }
        catch (Exception e) when (e is OciException or ReferenceException)
        {
            run.Fail(image.Location.ToString(), place.Text, e, item.Input);
            return null;
        }
    }
}
