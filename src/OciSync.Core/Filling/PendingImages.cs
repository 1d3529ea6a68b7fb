using OciSync.Core.Errors;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Registry;

namespace OciSync.Core.Filling;

/// <summary>The images that are on their way into the folder, each with what was read for clients; so many, and so many bytes.</summary>
internal sealed class PendingImages
{
    /// <summary>So many images may be on their way at once.</summary>
    internal const int Most = 1000;

    // Of manifests and lists; blobs are never in memory.
    private const long MostBytes = 32 * 1024 * 1024;

    // When there may be room again.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    private readonly object _lock = new();
    private readonly Dictionary<string, List<ComingImage>> _images = new(StringComparer.Ordinal);
    private readonly LinkedList<ComingImage> _failed = new();
    private int _count;

    /// <summary>Whether there are fewer images on their way than may be.</summary>
    internal bool HasRoom
    {
        get
        {
            lock (_lock)
            {
                return _count < Most;
            }
        }
    }

    /// <summary>Begins with an image; null when it is on its way already.</summary>
    internal ComingImage? Begin(string name, string reference, Manifest root)
    {
        lock (_lock)
        {
            var known = Of(name).FirstOrDefault(i => i.Reference == reference && i.Root.Digest == root.Digest);
            if (known is { HasFailed: false })
            {
                return null;
            }

            if (known is not null)
            {
                Forget(known);
            }

            var begun = new ComingImage(name, reference, root);
            if (!_images.TryGetValue(name, out var images))
            {
                _images.Add(name, images = []);
            }

            images.Add(begun);
            _count++;
            Trim();
            return begun;
        }
    }

    /// <summary>An image is in the folder, and answered from there; or its fetch failed.</summary>
    internal void End(ComingImage image, bool isThere)
    {
        lock (_lock)
        {
            _count--;
            if (isThere)
            {
                // The same image may have failed under another name: the folder has it now.
                Of(image.Name).Where(i => i.HasFailed && image.Owns(i.Root.Digest)).ToList().ForEach(Forget);
                Remove(image);
                return;
            }

            image.Fail();
            _failed.AddLast(image);
            Trim();
        }
    }

    /// <summary>Makes sure that one more can come. <exception cref="OciException">Too many are on their way.</exception></summary>
    internal void Check()
    {
        lock (_lock)
        {
            if (_count >= Most || BytesOfAll() >= MostBytes)
            {
                throw new OciException(OciErrorKind.RateLimited, $"{_count} images are on their way into the folder: no more are begun before some are there.")
                    .With(retryAfter: Wait);
            }
        }
    }

    /// <summary>Keeps what was read for a client; where there is no room for it, it is read again for the next.</summary>
    internal void Keep(ComingImage image, Action<ComingImage> keep)
    {
        lock (_lock)
        {
            if (BytesOfAll() < MostBytes)
            {
                keep(image);
                Trim();
            }
        }
    }

    /// <summary>The same as what connections need not ask for, and as where they leave what they have read of images that are coming.</summary>
    internal KnownManifests ToKnown() => new(
        (registry, repository, digest) => Find(new UpstreamImage(registry, repository).FolderName, digest),
        (registry, repository, manifest) =>
        {
            if (FindOwner(new UpstreamImage(registry, repository).FolderName, manifest.Digest) is { } owner && Read(owner, o => o.Takes(manifest)))
            {
                Keep(owner, o => o.Keep(manifest));
            }
        });

    /// <summary>What is kept for an image.</summary>
    internal T Read<T>(ComingImage image, Func<ComingImage, T> read)
    {
        lock (_lock)
        {
            return read(image);
        }
    }

    internal bool Has(string name)
    {
        lock (_lock)
        {
            return _images.ContainsKey(name);
        }
    }

    /// <summary>The image of a repository, on its way, to which a manifest belongs: as a part of it, or as what speaks of it.</summary>
    internal ComingImage? FindOwner(string name, Digest digest)
    {
        lock (_lock)
        {
            return Of(name).FirstOrDefault(i => i.Owns(digest));
        }
    }

    internal Manifest? Find(string name, Digest digest)
    {
        lock (_lock)
        {
            return Of(name).Select(i => i.Find(digest)).FirstOrDefault(m => m is not null);
        }
    }

    /// <summary>The image that was last begun under a tag.</summary>
    internal Manifest? FindTag(string name, string tag)
    {
        lock (_lock)
        {
            return Of(name).LastOrDefault(i => i.Reference == tag && !i.HasFailed)?.Root;
        }
    }

    /// <summary>The image that was last begun under a tag or digest and is not on its way any more: what came of it is there.</summary>
    internal Manifest? FindFailed(string name, string reference)
    {
        lock (_lock)
        {
            return Of(name).LastOrDefault(i => i.Reference == reference && i.HasFailed)?.Root;
        }
    }

    /// <summary>What a manifest of the repository, on its way, says of a blob; null when none names it.</summary>
    internal Descriptor? FindBlob(string name, Digest digest)
    {
        lock (_lock)
        {
            return Of(name).Select(i => i.FindBlob(digest)).FirstOrDefault(b => b is not null);
        }
    }

    private IEnumerable<ComingImage> Of(string name) => _images.TryGetValue(name, out var images) ? images : [];

    private long BytesOfAll() => _images.Values.SelectMany(i => i).Sum(i => i.Bytes);

    private void Forget(ComingImage failed)
    {
        _failed.Remove(failed);
        Remove(failed);
    }

    private void Remove(ComingImage image)
    {
        var images = _images[image.Name];
        images.Remove(image);
        if (images.Count == 0)
        {
            _images.Remove(image.Name);
        }
    }

    // Of those that failed, the ones that failed first.
    private void Trim()
    {
        while (_failed.First is { } first && (_failed.Count > Most || BytesOfAll() >= MostBytes))
        {
            _failed.RemoveFirst();
            Remove(first.Value);
        }
    }
}
