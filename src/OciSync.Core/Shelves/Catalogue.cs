using OciSync.Core.Distribution;

namespace OciSync.Core.Shelves;

/// <summary>All that is served, as it was at one moment; it never changes.</summary>
internal sealed class Catalogue
{
    internal static readonly Catalogue Empty = new([], _ => { });

    private readonly Dictionary<string, ShelfRepository> _repositories = new(StringComparer.Ordinal);

    /// <param name="shelves">The places, in the order in which they are asked.</param>
    /// <param name="onFault">Told of images that can't be reached, as another one has the name.</param>
    internal Catalogue(IReadOnlyList<Shelf> shelves, Action<string> onFault)
    {
        Shelves = shelves;
        foreach (var shelf in shelves)
        {
            foreach (var image in shelf.Images)
            {
                if (!_repositories.TryGetValue(image.Repository, out var repository))
                {
                    _repositories.Add(image.Repository, repository = new ShelfRepository());
                }

                if (!repository.Add(shelf, image))
                {
                    onFault($"'{image.Repository}:{image.Tag}' of '{shelf.Place.Path}' is not served: another image has the name.");
                }
            }
        }

        ImageCount = shelves.Sum(s => s.Images.Count);
        Names = [.. _repositories.Keys.OrderBy(n => n, NameOrder.Default)];
    }

    internal IReadOnlyList<Shelf> Shelves { get; }

    /// <summary>The repositories, in the order of lists.</summary>
    internal IReadOnlyList<string> Names { get; }

    /// <summary>How many names of images there are.</summary>
    internal int ImageCount { get; }

    /// <summary>Those of the repositories a request may mean that there are, the nearest first.</summary>
    internal IEnumerable<ShelfRepository> Find(RequestedName name) =>
        name.Candidates.Select(c => _repositories.TryGetValue(c, out var found) ? found : null).Where(r => r is not null)!;
}
