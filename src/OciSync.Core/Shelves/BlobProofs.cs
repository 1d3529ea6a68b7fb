using System.Collections.Concurrent;
using OciSync.Core.Images;
using OciSync.Core.References;

namespace OciSync.Core.Shelves;

/// <summary>
/// Which blobs were verified. A file that is read as a whole for the first time is, while it is sent; one that turned out damaged is not
/// served again until it is another file.
/// </summary>
internal sealed class BlobProofs
{
    // Then all are verified anew: a proof costs one reading.
    private const int MaxProofs = 100_000;

    private readonly ConcurrentDictionary<Digest, (FileStamp Stamp, bool IsRight)> _known = new();

    /// <summary>Whether a file is known to have other content than its digest says.</summary>
    internal bool IsDamaged(Digest digest, FileStamp stamp) => _known.TryGetValue(digest, out var known) && known.Stamp == stamp && !known.IsRight;

    /// <summary>The content, verified while it is read where that wasn't done before.</summary>
    internal IBlobContent Prove(IBlobContent content, Digest digest, long size, FileStamp stamp)
    {
        if (_known.TryGetValue(digest, out var known) && known.Stamp == stamp)
        {
            return content;
        }

        return new ProvenContent(content, digest, size, isRight => Keep(digest, stamp, isRight));
    }

    /// <summary>A file was verified.</summary>
    internal void Keep(Digest digest, FileStamp stamp, bool isRight)
    {
        if (_known.Count >= MaxProofs)
        {
            _known.Clear();
        }

        _known[digest] = (stamp, isRight);
    }
}
