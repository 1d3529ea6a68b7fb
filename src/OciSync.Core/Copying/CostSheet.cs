using OciSync.Core.Copying.Blobs;
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
    private readonly List<Piece> _pieces = [];
    private readonly HashSet<(string Repository, Digest Digest)> _there = [];

    /// <summary>How many images of a host would be copied.</summary>
    internal int ImagesOf(string host) => _pieces.Where(p => p.Host == host).Select(p => p.Image).Distinct().Count();

    /// <summary>How many blobs of a host would be read, and their bytes: image after image, as a run brings them.</summary>
    internal (int Reads, long Bytes) ReadsOf(string host)
    {
        var (reads, bytes) = (0, 0L);
        var known = new HashSet<(string Host, Digest Digest)>();
        foreach (var piece in _pieces)
        {
            known.UnionWith(piece.There);
            foreach (var need in piece.Needs)
            {
                var before = known.Count;
                known.UnionWith(need.Value.Hosts.Select(h => (h, need.Key)));
                var isRead = known.Count > before && piece.Host == host;
                reads += isRead ? 1 : 0;
                bytes += isRead ? need.Value.Size : 0;
            }
        }

        return (reads, bytes);
    }

    /// <summary>Notes what an image lacks at one of its destinations, which is asked for each blob that a run would ask for, once.</summary>
    internal Task AddAsync(SourceImage image, ImageTree tree, ImageTarget target, int limit, CancellationToken cancellationToken) =>
        AddAsync(PieceOf(image, null), tree, target, limit, cancellationToken);

    /// <summary>The same for what speaks of the image: each destination gets it by itself.</summary>
    internal Task AddReferrerAsync(SourceImage image, ImageTree tree, ImageTarget target, int limit, CancellationToken cancellationToken) =>
        AddAsync(PieceOf(image, target), tree, target, limit, cancellationToken);

    private async Task AddAsync(Piece piece, ImageTree tree, ImageTarget target, int limit, CancellationToken cancellationToken)
    {
        var destination = target.Copy.Client.Connection;
        await Throttle.ForEachAsync(
            tree.Blobs.Where(b => !target.Copy.Elsewhere.Contains(b.Digest) && !ReferenceEquals(destination, piece.Image.Client.Connection)),
            limit,
            async (blob, token) =>
            {
                var isThere = await IsThereAsync(target.Copy, blob, token).ConfigureAwait(false);
                lock (_pieces)
                {
                    if (isThere)
                    {
                        piece.There.Add((destination.Host, blob.Digest));
                        return;
                    }

                    if (!piece.Needs.TryGetValue(blob.Digest, out var need))
                    {
                        piece.Needs.Add(blob.Digest, need = (blob.Size, []));
                    }

                    need.Hosts.Add(destination.Host);
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    private Piece PieceOf(SourceImage image, ImageTarget? target)
    {
        lock (_pieces)
        {
            if (_pieces.Find(p => ReferenceEquals(p.Image, image) && ReferenceEquals(p.Target, target)) is not { } piece)
            {
                _pieces.Add(piece = new Piece(image, target));
            }

            return piece;
        }
    }

    private async Task<bool> IsThereAsync(DestinationCopy copy, Descriptor blob, CancellationToken cancellationToken)
    {
        var key = (copy.Client.Key, blob.Digest);
        lock (_there)
        {
            if (_there.Contains(key))
            {
                return true;
            }
        }

        if (await BlobSettler.IsSentUnaskedAsync(blob, copy, cancellationToken).ConfigureAwait(false)
            || !await copy.Client.HasBlobAsync(blob, copy.Work(cancellationToken)).ConfigureAwait(false))
        {
            return false;
        }

        lock (_there)
        {
            _there.Add(key);
        }

        return true;
    }

    // What is brought together: an image to all its destinations, or what speaks of it to one of them.
    private sealed record Piece(SourceImage Image, ImageTarget? Target)
    {
        internal string Host => Image.Client.Connection.Host;

        internal Dictionary<Digest, (long Size, HashSet<string> Hosts)> Needs { get; } = [];

        internal HashSet<(string Host, Digest Digest)> There { get; } = [];
    }
}
