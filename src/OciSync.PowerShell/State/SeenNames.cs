using OciSync.Core.References;

namespace OciSync.PowerShell.State;

/// <summary>Names of registries, repositories and images that commands have met, for completion; so many and no more.</summary>
internal sealed class SeenNames
{
    private const int Limit = 5_000;

    private readonly object _lock = new();
    private readonly HashSet<string> _registries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _repositories = new(StringComparer.Ordinal);
    private readonly HashSet<string> _references = new(StringComparer.Ordinal);

    internal IReadOnlyList<string> Registries => Copy(_registries);

    internal IReadOnlyList<string> Repositories => Copy(_repositories);

    internal IReadOnlyList<string> References => Copy(_references);

    internal void AddRepository(string registry, string repository)
    {
        Add(_registries, registry);
        Add(_repositories, repository);
    }

    internal void Add(ImageReference reference)
    {
        Add(_registries, reference.Registry);
        Add(_repositories, reference.Name);
        if (!reference.IsRepository)
        {
            Add(_references, reference.ToString());
        }
    }

    internal void Add(ImageReference repository, IEnumerable<string> tags)
    {
        foreach (var tag in tags.Take(Limit))
        {
            Add(_references, repository.Name + ":" + tag);
        }
    }

    private void Add(HashSet<string> names, string name)
    {
        lock (_lock)
        {
            if (names.Count < Limit)
            {
                names.Add(name);
            }
        }
    }

    private List<string> Copy(HashSet<string> names)
    {
        lock (_lock)
        {
            return [.. names];
        }
    }
}
