using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Copying;

/// <summary>
/// Which blobs a plan would read from where: a blob that no destination of an image has is read once for all of them, and never twice for one
/// registry, which takes it from another of its repositories. Safe for several threads.
/// </summary>
internal sealed class CostSheet
{
    private readonly List<(SourceImage Image, Dictionary<Digest, (long Size, HashSet<string> Hosts)> Needs)> _images = [];
    private readonly HashSet<(string Repository, Digest Digest)> _there = [];

    /// <summary>How many images of a host would be copied.</summary>
    internal int ImagesOf(string host) => _images.Count(i => HostOf(i.Image) == host);

    /// <summary>How many blobs of a host would be read, and their bytes: image after image, as a run brings them.</summary>
    internal (int Reads, long Bytes) ReadsOf(string host)
    {
        var (reads, bytes) = (0, 0L);
        var brought = new HashSet<(string Host, Digest Digest)>();
        foreach (var (image, needs) in _images)
        {
            foreach (var need in needs)
            {
                var before = brought.Count;
                brought.UnionWith(need.Value.Hosts.Select(h => (h, need.Key)));
                var isRead = brought.Count > before;
                reads += isRead && HostOf(image) == host ? 1 : 0;
                bytes += isRead && HostOf(image) == host ? need.Value.Size : 0;
            }
        }

        return (reads, bytes);
    }

    /// <summary>Notes what an image lacks at one of its destinations, which is asked for each blob once.</summary>
    internal async Task AddAsync(SourceImage image, ImageTree tree, ImageTarget target, int limit, CancellationToken cancellationToken)
    {
        var destination = target.Copy.Client;
        var needs = NeedsOf(image);
        await Throttle.ForEachAsync(
            tree.Blobs.Where(b => !target.Copy.Elsewhere.Contains(b.Digest) && !ReferenceEquals(destination.Connection, image.Client.Connection)),
            limit,
            async (blob, token) =>
            {
                if (await IsThereAsync(destination, blob, target.Copy.Work(token)).ConfigureAwait(false))
                {
                    return;
                }

                lock (_images)
                {
                    if (!needs.TryGetValue(blob.Digest, out var need))
                    {
                        needs.Add(blob.Digest, need = (blob.Size, []));
                    }

                    need.Hosts.Add(destination.Connection.Host);
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static string HostOf(SourceImage image) => image.Client.Connection.Host;

    private Dictionary<Digest, (long Size, HashSet<string> Hosts)> NeedsOf(SourceImage image)
    {
        lock (_images)
        {
            if (_images.Find(i => ReferenceEquals(i.Image, image)).Needs is not { } needs)
            {
                _images.Add((image, needs = []));
            }

            return needs;
        }
    }

    private async Task<bool> IsThereAsync(IImageDestination destination, Descriptor blob, WorkScope work)
    {
        lock (_there)
        {
            if (_there.Contains((destination.Key, blob.Digest)))
            {
                return true;
            }
        }

        var isThere = await destination.HasBlobAsync(blob, work).ConfigureAwait(false);
        if (isThere)
        {
            lock (_there)
            {
                _there.Add((destination.Key, blob.Digest));
            }
        }

        return isThere;
    }
}
