using OciSync.Core.Distribution;
using OciSync.Core.References;

namespace OciSync.Core.Shelves;

/// <summary>Manifests that were read and verified a moment ago, so many bytes of them; what was asked for longest ago goes first.</summary>
internal sealed class ManifestCache
{
    private const long MaxBytes = 8 * 1024 * 1024;

    private readonly Dictionary<Digest, LinkedListNode<ServedManifest>> _nodes = [];
    private readonly LinkedList<ServedManifest> _used = new();
    private long _bytes;

    internal ServedManifest? Find(Digest digest)
    {
        lock (_nodes)
        {
            if (!_nodes.TryGetValue(digest, out var node))
            {
                return null;
            }

            _used.Remove(node);
            _used.AddFirst(node);
            return node.Value;
        }
    }

    internal void Add(ServedManifest manifest)
    {
        lock (_nodes)
        {
            if (_nodes.ContainsKey(manifest.Digest))
            {
                return;
            }

            _nodes.Add(manifest.Digest, _used.AddFirst(manifest));
            _bytes += manifest.Content.Length;
            while (_bytes > MaxBytes && _used.Last is { } last)
            {
                _used.RemoveLast();
                _nodes.Remove(last.Value.Digest);
                _bytes -= last.Value.Content.Length;
            }
        }
    }
}
