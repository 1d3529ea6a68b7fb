using System.Collections.Concurrent;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Registry;

namespace OciSync.Core.Removing;

/// <summary>What the tags of a repository point to: read once for a command, by the list and one HEAD each, several at a time.</summary>
internal sealed class TagDigests(RegistryClient client)
{
    private ConcurrentDictionary<string, Digest>? _digests;

    /// <summary>The other tags that point to a digest, in order.</summary>
    internal async Task<IReadOnlyList<string>> FindAsync(Digest digest, string? except, CancellationToken cancellationToken)
    {
        _digests ??= await ReadAsync(cancellationToken).ConfigureAwait(false);
        return _digests.Where(t => t.Value == digest && t.Key != except).Select(t => t.Key).OrderBy(t => t, StringComparer.Ordinal).ToList();
    }

    /// <summary>To be called when a tag was deleted: nothing is said of it any more.</summary>
    internal void Forget(string tag) => _digests?.TryRemove(tag, out _);

    private async Task<ConcurrentDictionary<string, Digest>> ReadAsync(CancellationToken cancellationToken)
    {
        var names = await NameLister.ListTagsAsync(client, cancellationToken).ConfigureAwait(false);
        var tags = names.Where(n => ReferenceParser.FindTagFault(n, client.DisplayName) is null).Distinct(StringComparer.Ordinal);
        var digests = new ConcurrentDictionary<string, Digest>(StringComparer.Ordinal);
        await Throttle.ForEachAsync(
            tags,
            client.Connection.Options.MaxConnectionsPerRegistry,
            async (tag, token) =>
            {
                if (await client.HeadManifestAsync(tag, null, token).ConfigureAwait(false) is { } head)
                {
                    digests[tag] = head.Digest;
                }
            },
            cancellationToken).ConfigureAwait(false);
        return digests;
    }
}
