using System.Collections.Concurrent;
using OciSync.Core.Copying.Blobs;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Copying;

/// <summary>What a check found missing of an image whose digest is right. Safe for the checks that run side by side.</summary>
internal sealed class ImageDamage
{
    private readonly ConcurrentBag<Descriptor> _blobs = [];
    private int _manifests;

    /// <summary>How many blobs and manifests.</summary>
    internal int Count => Volatile.Read(ref _manifests) + _blobs.Count;

    internal IReadOnlyCollection<Descriptor> Blobs => _blobs;

    internal void AddBlob(Descriptor blob) => _blobs.Add(blob);

    internal void AddManifest() => Interlocked.Increment(ref _manifests);

    /// <summary>Looks for every part of an image at its destination but for the root.</summary>
    /// <param name="copy">The image there.</param>
    /// <param name="tree">What it consists of.</param>
    /// <param name="parallel">Questions at the same time.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal async Task FindAsync(DestinationCopy copy, ImageTree tree, int parallel, CancellationToken cancellationToken)
    {
        await Throttle.ForEachAsync(
            tree.Blobs.Where(b => !copy.Elsewhere.Contains(b.Digest)),
            parallel,
            async (blob, token) =>
            {
                if (!await copy.Client.CanReadBlobAsync(blob, copy.Work(token)).ConfigureAwait(false))
                {
                    AddBlob(blob);
                }
            },
            cancellationToken).ConfigureAwait(false);
        await Throttle.ForEachAsync(
            tree.Children,
            parallel,
            async (manifest, token) =>
            {
                if (await copy.Client.HeadManifestAsync(manifest.Digest.ToString(), copy.Work(token)).ConfigureAwait(false) is null)
                {
                    AddManifest();
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What was wrong, and is mended now, or would be.</summary>
    internal string Describe(ImageTransport transport, bool isPlanned)
    {
        var start = isPlanned ? "to be repaired" : "repaired";
        if (!_blobs.IsEmpty && _blobs.All(b => b.IsForeign))
        {
            return $"{_blobs.Count} of its layers {(_blobs.Count == 1 ? "was" : "were")} only named by an address";
        }

        if (transport == ImageTransport.Docker)
        {
            return start + ": the registry had lost parts of it";
        }

        var blobs = _blobs.Select(b => b.Digest.ToString()).OrderBy(d => d, StringComparer.Ordinal).ToList();
        var part = blobs.Count == 1 && Count == 1 ? "the blob " + blobs[0]
            : blobs.Count == 0 ? "manifests of it"
            : $"{Count} parts of it, among them the blob {blobs[0]},";
        return $"{start}: {part} {(Count == 1 && blobs.Count == 1 ? "was" : "were")} missing or damaged in the folder";
    }
}
