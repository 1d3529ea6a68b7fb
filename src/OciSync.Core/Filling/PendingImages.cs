using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Filling;

/// <summary>Manifests that were fetched for clients, of images that are not whole in the folder yet.</summary>
internal sealed class PendingImages
{
    // What nobody comes back for goes: the oldest first.
    private const int MaxManifests = 5000;

    private readonly object _lock = new();
    private readonly Dictionary<(string Name, Digest Digest), Manifest> _manifests = [];
    private readonly Queue<(string Name, Digest Digest)> _order = new();
    private readonly Dictionary<(string Name, string Tag), Digest> _tags = [];

    internal void Add(string name, Manifest manifest)
    {
        lock (_lock)
        {
            if (!_manifests.ContainsKey((name, manifest.Digest)))
            {
                _manifests.Add((name, manifest.Digest), manifest);
                _order.Enqueue((name, manifest.Digest));
            }

            while (_order.Count > MaxManifests)
            {
                _manifests.Remove(_order.Dequeue());
            }
        }
    }

    internal void SetTag(string name, string tag, Digest digest)
    {
        lock (_lock)
        {
            _tags[(name, tag)] = digest;
        }
    }

    internal void RemoveTag(string name, string tag)
    {
        lock (_lock)
        {
            _tags.Remove((name, tag));
        }
    }

    /// <summary>An image is whole in the folder now: it is answered from there.</summary>
    internal void Remove(string name, Manifest root)
    {
        lock (_lock)
        {
            if (_manifests.Remove((name, root.Digest)))
            {
                foreach (var child in root.Children)
                {
                    if (_manifests.TryGetValue((name, child.Digest), out var part))
                    {
                        Remove(name, part);
                    }
                }
            }
        }
    }

    internal Manifest? Find(string name, Digest digest)
    {
        lock (_lock)
        {
            return _manifests.TryGetValue((name, digest), out var found) ? found : null;
        }
    }

    internal Manifest? FindTag(string name, string tag)
    {
        lock (_lock)
        {
            return _tags.TryGetValue((name, tag), out var digest) && _manifests.TryGetValue((name, digest), out var found) ? found : null;
        }
    }

    internal bool Has(string name)
    {
        lock (_lock)
        {
            return _manifests.Keys.Any(k => k.Name == name);
        }
    }

    /// <summary>Whether an index of the repository, on its way, names this manifest.</summary>
    internal bool IsPart(string name, Digest digest)
    {
        lock (_lock)
        {
            return _manifests.Any(m => m.Key.Name == name && m.Value.Children.Any(c => c.Digest == digest));
        }
    }

    /// <summary>What a manifest of the repository, on its way, says of a blob; null when none names it.</summary>
    internal Descriptor? FindBlob(string name, Digest digest)
    {
        lock (_lock)
        {
            return _manifests.Where(m => m.Key.Name == name).SelectMany(m => m.Value.AllBlobs).FirstOrDefault(b => b.Digest == digest);
        }
    }
}
