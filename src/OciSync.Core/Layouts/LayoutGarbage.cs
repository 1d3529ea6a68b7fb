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
    /// <param name="index">What stays.</param>
    /// <param name="unnamed">What speaks of manifests and is named by no entry: it stays with what it speaks of.</param>
    internal async Task<long> CollectAsync(LayoutIndex index, IReadOnlyList<(Digest Subject, Descriptor Manifest)> unnamed)
    {
        foreach (var entry in index.Entries)
        {
            await MarkAsync(entry.Manifest).ConfigureAwait(false);
        }

        foreach (var (_, manifest) in unnamed.Where(u => _needed.Contains(u.Subject)))
        {
            await MarkAsync(manifest).ConfigureAwait(false);
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
