using System.Collections.Concurrent;
using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Layouts;

/// <summary>What the manifests of a layout contain and speak of, each read once. What can't be read contains nothing.</summary>
/// <param name="read">Reads a manifest; it fails with an <see cref="OciException"/> where it isn't whole.</param>
/// <param name="onUnread">Told, in a sentence, of each that can't be read: whoever wants that image is told by its own failure.</param>
internal sealed class LayoutFacts(Func<Descriptor, Task<Manifest>> read, Action<string> onUnread)
{
    private readonly ConcurrentDictionary<Digest, (IReadOnlyList<Descriptor> Children, Digest? Subject)> _known = new();

    internal async Task<Digest?> FindSubjectAsync(Descriptor entry) => (await FindAsync(entry).ConfigureAwait(false)).Subject;

    /// <summary>The manifests that indexes contain, and those in them; not the ones that are given.</summary>
    internal async Task<HashSet<Digest>> ListPartsAsync(IEnumerable<Descriptor> entries)
    {
        var parts = new HashSet<Digest>();
        var waiting = new Stack<Descriptor>(entries);
        while (waiting.Count > 0)
        {
            var next = waiting.Pop();
            if (next.MediaType.Length == 0 || MediaTypes.IsIndex(next.MediaType))
            {
                foreach (var child in (await FindAsync(next).ConfigureAwait(false)).Children.Where(c => parts.Add(c.Digest)))
                {
                    waiting.Push(child);
                }
            }
        }

        return parts;
    }

    /// <summary>A blob as a manifest; null when it is none.</summary>
    internal async Task<Manifest?> TryReadAsync(Digest digest, long size)
    {
        try
        {
            return await read(new Descriptor(string.Empty, digest, size)).ConfigureAwait(false);
        }
        catch (OciException)
        {
            // Most blobs are none.
            return null;
        }
    }

    private async Task<(IReadOnlyList<Descriptor> Children, Digest? Subject)> FindAsync(Descriptor entry)
    {
        if (_known.TryGetValue(entry.Digest, out var known))
        {
            return known;
        }

        try
        {
            var manifest = await read(entry).ConfigureAwait(false);
            return _known.GetOrAdd(entry.Digest, (manifest.Children, manifest.Subject?.Digest));
        }
        catch (OciException e)
        {
            onUnread($"It is not known what {entry.Digest} contains, or whether it is a referrer: {e.Message}");
            return _known.GetOrAdd(entry.Digest, ([], null));
        }
    }
}
