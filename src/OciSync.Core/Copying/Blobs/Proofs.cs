using OciSync.Core.Images;
using OciSync.Core.References;

namespace OciSync.Core.Copying.Blobs;

/// <summary>
/// What destinations have proven in a run: manifests that they have shown, and blobs that were really sent to them. What is proven needs no
/// further question. Safe for several threads.
/// </summary>
internal sealed class Proofs
{
    private readonly HashSet<(string Repository, Digest Digest)> _proven = [];

    /// <summary>A repository has shown this, or was sent it.</summary>
    internal void Add(IImageStore place, Digest digest)
    {
        lock (_proven)
        {
            _proven.Add((place.Key, digest));
        }
    }

    internal bool Has(IImageStore place, Digest digest)
    {
        lock (_proven)
        {
            return _proven.Contains((place.Key, digest));
        }
    }
}
