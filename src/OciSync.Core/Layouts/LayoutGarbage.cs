using OciSync.Core.Errors;
using OciSync.Core.Folders;
using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Layouts;

/// <summary>The blobs of a layout that no image in its index needs, with its parts and what it speaks of.</summary>
internal sealed class LayoutGarbage(FolderFiles files, Func<Descriptor, Task<Manifest?>> read)
{
    private static readonly string[] Algorithms = ["sha256", "sha512"];

    private readonly HashSet<Digest> _needed = [];
    private readonly HashSet<Digest> _walked = [];

    /// <summary>What could not be deleted: its failures, in the order of the files.</summary>
    internal List<OciException> Kept { get; } = [];

    /// <summary>Deletes them and gives the bytes. <exception cref="OciException">A manifest can't be read: then nothing is deleted.</exception></summary>
    internal async Task<long> CollectAsync(LayoutIndex index)
    {
        foreach (var entry in index.Entries)
        {
            await MarkAsync(entry.Manifest).ConfigureAwait(false);
        }

        if (CosignKinds.FindImage(index.Entries) is not null)
        {
            await MarkUnnamedAsync().ConfigureAwait(false);
        }

        long freed = 0;
        foreach (var algorithm in Algorithms)
        {
            foreach (var hex in files.ListNames("blobs/" + algorithm))
            {
                if (Digest.TryParse(algorithm + ":" + hex, out var digest, out _) && !_needed.Contains(digest!))
                {
                    freed += TryDelete("blobs/" + algorithm + "/" + hex);
                }
            }
        }

        return freed;
    }

    // Bundles that cosign saved speak of what stays, and no entry names them.
    private async Task MarkUnnamedAsync()
    {
        foreach (var (algorithm, hex) in Algorithms.SelectMany(a => files.ListNames("blobs/" + a).Select(h => (a, h))).ToList())
        {
            if (Digest.TryParse(algorithm + ":" + hex, out var digest, out _) && !_needed.Contains(digest!)
                && files.FindSize($"blobs/{algorithm}/{hex}") is { } size && CosignKinds.MayBeManifest(size)
                && await IsOfNeededAsync(new Descriptor(string.Empty, digest!, size)).ConfigureAwait(false))
            {
                await MarkAsync(new Descriptor(string.Empty, digest!, size)).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> IsOfNeededAsync(Descriptor blob)
    {
        try
        {
            return await read(blob).ConfigureAwait(false) is { Subject: { } subject } && _needed.Contains(subject.Digest);
        }
        catch (OciException)
        {
            // Most blobs are no manifests.
            return false;
        }
    }

    // One that somebody has open doesn't keep the others.
    private long TryDelete(string file)
    {
        try
        {
            return files.Delete(file);
        }
        catch (OciException e)
        {
            Kept.Add(e);
            return 0;
        }
    }

    private async Task MarkAsync(Descriptor root)
    {
        var waiting = new Stack<Descriptor>([root]);
        while (waiting.Count > 0)
        {
            var next = waiting.Pop();
            _needed.Add(next.Digest);
            if (!_walked.Add(next.Digest) || await read(next).ConfigureAwait(false) is not { } manifest)
            {
                continue;
            }

            manifest.Children.ToList().ForEach(waiting.Push);
            foreach (var blob in manifest.Layers.Concat(manifest.Config is null ? [] : [manifest.Config]))
            {
                _needed.Add(blob.Digest);
            }

            if (manifest.Subject is { } subject)
            {
                waiting.Push(subject);
            }
        }
    }
}
