using System.Collections.Concurrent;

namespace OciSync.Testing.Registry.Storage;

/// <summary>All repositories by name; with a folder every change is written down there and read again at the next start.</summary>
internal sealed class RepositoryStore
{
    private readonly ConcurrentDictionary<string, RepositoryContent> repositories = new(StringComparer.Ordinal);
    private readonly RepositoryJournal? journal;

    internal RepositoryStore(string? folder)
    {
        if (folder is not null)
        {
            journal = new RepositoryJournal(folder);
            journal.Load(GetOrAdd);
        }
    }

    internal IEnumerable<string> Names => repositories.Keys.Order(StringComparer.Ordinal);

    internal RepositoryContent? Find(string name) => repositories.GetValueOrDefault(name);

    internal void LinkBlob(string name, string digest)
    {
        GetOrAdd(name).LinkBlob(digest);
        journal?.LinkBlob(name, digest);
    }

    internal bool UnlinkBlob(string name, string digest)
    {
        journal?.UnlinkBlob(name, digest);
        return Find(name)?.UnlinkBlob(digest) ?? false;
    }

    internal bool AnyHasBlob(string digest) => repositories.Values.Any(repository => repository.HasBlob(digest));

    internal void PutManifest(string name, StoredManifest manifest, string? tag)
    {
        GetOrAdd(name).PutManifest(manifest, tag);
        journal?.PutManifest(name, manifest, tag);
    }

    internal bool RemoveManifest(string name, string reference)
    {
        var tags = Find(name)?.Remove(reference);
        if (tags is null)
        {
            return false;
        }

        journal?.Remove(name, reference, tags);
        return true;
    }

    private RepositoryContent GetOrAdd(string name) => repositories.GetOrAdd(name, _ => new RepositoryContent());
}
