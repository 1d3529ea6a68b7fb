namespace OciSync.Testing.Registry.Storage;

/// <summary>What one repository holds. Every access takes the lock; nothing in here waits.</summary>
internal sealed class RepositoryContent
{
    private readonly Lock gate = new();
    private readonly HashSet<string> blobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredManifest> manifests = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<string, string>> tags = [];

    internal bool HasBlob(string digest)
    {
        lock (gate)
        {
            return blobs.Contains(digest);
        }
    }

    internal void LinkBlob(string digest)
    {
        lock (gate)
        {
            blobs.Add(digest);
        }
    }

    internal bool UnlinkBlob(string digest)
    {
        lock (gate)
        {
            return blobs.Remove(digest);
        }
    }

    /// <summary>Finds by tag or by digest.</summary>
    internal StoredManifest? FindManifest(string reference)
    {
        lock (gate)
        {
            var index = TagIndex(reference);
            return manifests.GetValueOrDefault(index < 0 ? reference : tags[index].Value);
        }
    }

    internal void PutManifest(StoredManifest manifest, string? tag)
    {
        lock (gate)
        {
            manifests[manifest.Digest] = manifest;
            if (tag is not null)
            {
                SetTag(tag, manifest.Digest);
            }
        }
    }

    /// <summary>Removes a tag, or a manifest with all tags that point to it; gives the tags removed, or null when nothing was found.</summary>
    internal IReadOnlyList<string>? Remove(string reference)
    {
        lock (gate)
        {
            if (TagIndex(reference) is >= 0 and var index)
            {
                tags.RemoveAt(index);
                return [reference];
            }

            if (!manifests.Remove(reference))
            {
                return null;
            }

            var removed = tags.Where(tag => tag.Value == reference).Select(tag => tag.Key).ToList();
            tags.RemoveAll(tag => tag.Value == reference);
            return removed;
        }
    }

    /// <summary>The tags in the order they were first pushed.</summary>
    internal List<string> TagNames()
    {
        lock (gate)
        {
            return [.. tags.Select(tag => tag.Key)];
        }
    }

    internal string? DigestOfTag(string tag)
    {
        lock (gate)
        {
            return TagIndex(tag) is >= 0 and var index ? tags[index].Value : null;
        }
    }

    internal List<StoredManifest> Manifests()
    {
        lock (gate)
        {
            return [.. manifests.Values];
        }
    }

    private void SetTag(string tag, string digest)
    {
        var entry = KeyValuePair.Create(tag, digest);
        if (TagIndex(tag) is >= 0 and var index)
        {
            tags[index] = entry;
        }
        else
        {
            tags.Add(entry);
        }
    }

    private int TagIndex(string tag) => tags.FindIndex(entry => entry.Key == tag);
}
