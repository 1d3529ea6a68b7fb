using System.Collections.Concurrent;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Registry;

namespace OciSync.Core.Removing;

/// <summary>What the tags of a repository point to: read once for a command, by the list and one HEAD each, several at a time.</summary>
internal sealed class TagDigests(RegistryClient client)
{
    // Indexes in indexes are one deep where there are any.
    private const int MostDepth = 4;

    private readonly ConcurrentDictionary<Digest, IReadOnlyList<Descriptor>> _parts = new();
    private ConcurrentDictionary<string, ManifestHead>? _heads;

    private int Connections => client.Connection.Options.MaxConnectionsPerRegistry;

    /// <summary>The other tags that point to a digest, in order.</summary>
    internal async Task<IReadOnlyList<string>> FindAsync(Digest digest, string? except, CancellationToken cancellationToken)
    {
        _heads ??= await ReadAsync(cancellationToken).ConfigureAwait(false);
        return _heads.Where(t => t.Value.Digest == digest && t.Key != except).Select(t => t.Key).OrderBy(t => t, StringComparer.Ordinal).ToList();
    }

    /// <summary>The tags of the indexes that list a manifest, at any depth, in order: without it they would be broken.</summary>
    internal async Task<IReadOnlyList<string>> FindOwnersAsync(Digest digest, CancellationToken cancellationToken)
    {
        _heads ??= await ReadAsync(cancellationToken).ConfigureAwait(false);
        var indexes = _heads.Where(t => t.Value.Digest != digest && t.Value.MediaType is { } type && MediaTypes.IsIndex(type)).ToList();
        var level = indexes.Select(t => t.Value.Digest).Distinct().ToList();
        for (var depth = 0; depth < MostDepth && level.Count > 0; depth++)
        {
            await Throttle.ForEachAsync(level.Where(d => !_parts.ContainsKey(d)).ToList(), Connections, ReadPartsAsync, cancellationToken).ConfigureAwait(false);
            level = level.SelectMany(d => _parts[d]).Where(p => MediaTypes.IsIndex(p.MediaType)).Select(p => p.Digest).Distinct().ToList();
        }

        return indexes.Where(t => Lists(t.Value.Digest, digest)).Select(t => t.Key).OrderBy(t => t, StringComparer.Ordinal).ToList();
    }

    /// <summary>A tag is gone.</summary>
    internal void Forget(string tag) => _heads?.TryRemove(tag, out _);

    private bool Lists(Digest index, Digest digest)
    {
        var waiting = new Queue<Digest>([index]);
        var seen = new HashSet<Digest>();
        while (waiting.Count > 0)
        {
            var next = waiting.Dequeue();
            if (next == digest)
            {
                return true;
            }

            foreach (var part in seen.Add(next) && _parts.TryGetValue(next, out var parts) ? parts : [])
            {
                waiting.Enqueue(part.Digest);
            }
        }

        return false;
    }

    private async Task ReadPartsAsync(Digest index, CancellationToken cancellationToken)
    {
        try
        {
            _parts[index] = (await client.GetManifestAsync(index.ToString(), WorkScope.Uncounted(cancellationToken)).ConfigureAwait(false)).Children;
        }
        catch (OciException e) when (e.Kind == OciErrorKind.ManifestUnknown)
        {
            // It is gone meanwhile, or was never there: it needs nothing.
            _parts[index] = [];
        }
    }

    private async Task<ConcurrentDictionary<string, ManifestHead>> ReadAsync(CancellationToken cancellationToken)
    {
        var names = await NameLister.ListTagsAsync(client, cancellationToken).ConfigureAwait(false);
        var tags = names.Where(n => ReferenceParser.FindTagFault(n, client.DisplayName) is null).Distinct(StringComparer.Ordinal);
        var heads = new ConcurrentDictionary<string, ManifestHead>(StringComparer.Ordinal);
        await Throttle.ForEachAsync(
            tags,
            Connections,
            async (tag, token) =>
            {
                if (await client.HeadManifestAsync(tag, WorkScope.Uncounted(token)).ConfigureAwait(false) is { } head)
                {
                    heads[tag] = head;
                }
            },
            cancellationToken).ConfigureAwait(false);
        return heads;
    }
}
