using OciSync.Core.Distribution;

namespace OciSync.Core.Shelves;

/// <summary>A repository of the folder: its tags, and the shelves that have something of it.</summary>
internal sealed class ShelfRepository
{
    private readonly Dictionary<string, (Shelf Shelf, ShelvedImage Image)> _tags = new(StringComparer.Ordinal);
    private readonly List<Shelf> _shelves = [];
    private List<string>? _sorted;

    internal IReadOnlyList<Shelf> Shelves => _shelves;

    /// <summary>The tags, in the order of lists.</summary>
    internal IReadOnlyList<string> Tags => _sorted ??= [.. _tags.Keys.OrderBy(t => t, NameOrder.Default)];

    /// <summary>Adds an image; false when another one has its tag already, in an earlier place.</summary>
    internal bool Add(Shelf shelf, ShelvedImage image)
    {
        if (_shelves.Count == 0 || !ReferenceEquals(_shelves[_shelves.Count - 1], shelf))
        {
            _shelves.Add(shelf);
        }

        if (image.Tag is null)
        {
            return true;
        }

        if (_tags.TryGetValue(image.Tag, out var other))
        {
            return ReferenceEquals(other.Shelf, shelf) && other.Image.Reference == image.Reference;
        }

        _tags.Add(image.Tag, (shelf, image));
        return true;
    }

    internal (Shelf Shelf, ShelvedImage Image)? Find(string tag) => _tags.TryGetValue(tag, out var found) ? found : null;
}
