using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Registry;

namespace OciSync.Core.Places;

/// <summary>The tags of repositories as they were when a run began; each is listed once, whoever asks.</summary>
internal sealed class TagLists(RegistryPool pool)
{
    private readonly SingleFlight<string, IReadOnlyList<string>> _sources = new(pool.Lifetime);
    private readonly SingleFlight<string, HashSet<string>> _destinations = new(pool.Lifetime);

    /// <summary>The names a source's repository has, as the registry gives them.</summary>
    internal Task<IReadOnlyList<string>> ReadAsync(ImageReference repository, CancellationToken cancellationToken) =>
        _sources.RunAsync(repository.Name, token => NameLister.ListTagsAsync(pool.GetClient(repository), token), cancellationToken);

    /// <summary>The same, where it is known by now; null where nobody has asked for it.</summary>
    internal IReadOnlyList<string>? TryGet(ImageReference repository) => _sources.TryGet(repository.Name, out var names) ? names : null;

    /// <summary>The same of a destination: a repository that isn't there has none.</summary>
    internal Task<HashSet<string>> ReadDestinationAsync(ImageReference repository, CancellationToken cancellationToken) =>
        _destinations.RunAsync(repository.Name, token => FindAsync(repository, token), cancellationToken);

    private async Task<HashSet<string>> FindAsync(ImageReference repository, CancellationToken cancellationToken)
    {
        try
        {
            return new HashSet<string>(await ReadAsync(repository, cancellationToken).ConfigureAwait(false), StringComparer.Ordinal);
        }
        catch (OciException e) when (e.Kind == OciErrorKind.RepositoryUnknown)
        {
            return new HashSet<string>(StringComparer.Ordinal);
        }
    }
}
