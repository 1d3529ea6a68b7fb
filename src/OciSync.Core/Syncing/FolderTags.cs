using OciSync.Core.Errors;
using OciSync.Core.Inspection;
using OciSync.Core.Places;
using OciSync.Core.References;
using OciSync.Core.Tags;

namespace OciSync.Core.Syncing;

/// <summary>The tags that a folder's images have by their names, repository by repository.</summary>
internal static class FolderTags
{
    internal static async Task<ChosenTags> ChooseAsync(
        RegistryPool pool, ImageLocation folder, TagSelector selector, CancellationToken cancellationToken)
    {
        var images = (await FolderLister.ListAsync(pool, folder).ConfigureAwait(false))
            .Select(i => (i.Location, Name: TryReadName(pool, i))).Where(i => i.Name?.Tag is not null).ToList();
        var all = new List<OciTag>();
        var remarks = new List<string>();
        foreach (var repository in images.GroupBy(i => (i.Name!.Registry, i.Name.Repository)).OrderBy(g => g.Key.Repository, StringComparer.Ordinal))
        {
            var places = repository.GroupBy(i => i.Name!.Tag!).ToDictionary(g => g.Key, g => g.First().Location, StringComparer.Ordinal);
            remarks.AddRange(repository.GroupBy(i => i.Name!.Tag!).Where(g => g.Select(i => i.Location).Distinct().Count() > 1).Select(g =>
                $"'{folder}': {g.Count()} images are called '{repository.Key.Repository}:{g.Key}', and the first is shown: "
                    + string.Join(", ", g.Select(i => i.Location)) + "."));
            var name = new ImageReference(folder.PlaceName, repository.Key.Repository, null, null);
            var chosen = await TagChooser.ChooseAsync(
                tag => pool.GetSource(places[tag.Tag]),
                TagList.Create(name, places.Keys.ToList(), tag => places[tag].ToString()),
                selector,
                pool.Options.MaxConnectionsPerRegistry,
                cancellationToken).ConfigureAwait(false);
            all.AddRange(chosen.All);
            remarks.AddRange(chosen.Remarks);
        }

        return new ChosenTags(all, remarks);
    }

    private static ImageReference? TryReadName(RegistryPool pool, FolderImage image)
    {
        try
        {
            return image.ReadName();
        }
        catch (OciException e)
        {
            pool.Events.Tell(e.Message);
            return null;
        }
    }
}
