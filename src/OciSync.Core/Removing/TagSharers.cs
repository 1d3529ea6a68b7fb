using OciSync.Core.References;
using OciSync.Core.Registry;

namespace OciSync.Core.Removing;

/// <summary>The digests of a repository's tags, by one HEAD each.</summary>
internal static class TagSharers
{
    /// <summary>The other tags that point to a digest, in order.</summary>
    internal static async Task<IReadOnlyList<string>> FindAsync(
        RegistryClient client, Digest digest, string? except, CancellationToken cancellationToken)
    {
        var names = await NameLister.ListTagsAsync(client, cancellationToken).ConfigureAwait(false);
        var tags = names.Where(n => n != except && ReferenceParser.FindTagFault(n, client.DisplayName) is null).Distinct(StringComparer.Ordinal);
        var found = new List<string>();
        await Throttle.ForEachAsync(
            tags,
            client.Connection.Options.MaxConnectionsPerRegistry,
            async (tag, token) =>
            {
                if ((await client.HeadManifestAsync(tag, null, token).ConfigureAwait(false))?.Digest == digest)
                {
                    lock (found)
                    {
                        found.Add(tag);
                    }
                }
            },
            cancellationToken).ConfigureAwait(false);
        return found.OrderBy(t => t, StringComparer.Ordinal).ToList();
    }
}
