using OciSync.Core.Manifests;
using OciSync.Core.References;

namespace OciSync.Core.Filling;

/// <summary>
/// An image on its way into the folder, and what was read for clients who don't wait for it: its manifests, and what speaks of them. All of it
/// goes with the image. Not safe for threads: <see cref="PendingImages"/> locks.
/// </summary>
/// <param name="name">The repository in the folder.</param>
/// <param name="reference">The tag or digest by which the image is to be named there.</param>
/// <param name="root">The image.</param>
internal sealed class ComingImage(string name, string reference, Manifest root)
{
    // About what an entry of a list takes in memory, without its annotations.
    private const long EntrySize = 512;

    private readonly Dictionary<Digest, Manifest> _parts = new() { [root.Digest] = root };
    private readonly Dictionary<Digest, Manifest> _speaking = [];
    private readonly Dictionary<string, Manifest> _tags = new(StringComparer.Ordinal);
    private readonly Dictionary<Digest, IReadOnlyList<Descriptor>> _lists = [];

    internal string Name => name;

    internal string Reference => reference;

    internal Manifest Root => root;

    /// <summary>It did not come. Who has begun to pull it goes on to get its manifests; who asks for its name begins anew.</summary>
    internal bool HasFailed { get; private set; }

    /// <summary>The bytes of what is kept for it.</summary>
    internal long Bytes { get; private set; } = root.Content.Length;

    internal Manifest? Find(Digest digest) => _parts.TryGetValue(digest, out var part) ? part : _speaking.TryGetValue(digest, out var other) ? other : null;

    /// <summary>What lies under a tag of cosign's.</summary>
    internal Manifest? FindTag(string tag) => _tags.TryGetValue(tag, out var found) ? found : null;

    /// <summary>What is said to speak of one of its manifests; null when that wasn't asked.</summary>
    internal IReadOnlyList<Descriptor>? FindList(Digest subject) => _lists.TryGetValue(subject, out var found) ? found : null;

    /// <summary>Whether a digest is of one of its manifests, or of what speaks of them, read or only named.</summary>
    internal bool Owns(Digest digest) => Names(digest) || _lists.Values.SelectMany(l => l).Any(d => d.Digest == digest);

    /// <summary>
    /// Whether a manifest is really of the image: one of its manifests, or of what speaks of them, names it, or it speaks of one itself. What upstream has in
    /// a list of referrers may be anything.
    /// </summary>
    internal bool Takes(Manifest manifest) => Names(manifest.Digest)
        || (manifest.Subject is { } subject && (Find(subject.Digest) is not null || IsChildOf(_parts.Values, subject.Digest)));

    /// <summary>What one of its manifests says of a blob; null when none names it.</summary>
    internal Descriptor? FindBlob(Digest digest) =>
        _parts.Values.Concat(_speaking.Values).SelectMany(m => m.Layers.Concat(m.Config is { } config ? [config] : [])).FirstOrDefault(b => b.Digest == digest);

    internal void Keep(Manifest manifest)
    {
        if (Find(manifest.Digest) is null)
        {
            (IsChildOf(_parts.Values, manifest.Digest) ? _parts : _speaking).Add(manifest.Digest, manifest);
            Bytes += manifest.Content.Length;
        }
    }

    internal void KeepTag(string tag, Manifest manifest)
    {
        _tags[tag] = manifest;
        Keep(manifest);
    }

    internal void KeepList(Digest subject, IReadOnlyList<Descriptor> list)
    {
        if (!_lists.ContainsKey(subject))
        {
            _lists[subject] = list;
            Bytes += list.Sum(d => EntrySize + d.Annotations.Sum(a => 2L * (a.Key.Length + a.Value.Length)));
        }
    }

    /// <summary>It did not come: what speaks of it goes.</summary>
    internal void Fail()
    {
        HasFailed = true;
        _speaking.Clear();
        _tags.Clear();
        _lists.Clear();
        Bytes = _parts.Values.Sum(p => (long)p.Content.Length);
    }

    private static bool IsChildOf(IEnumerable<Manifest> manifests, Digest digest) => manifests.SelectMany(m => m.Children).Any(c => c.Digest == digest);

    // Read, or named by what was read.
    private bool Names(Digest digest) => Find(digest) is not null || IsChildOf(_parts.Values.Concat(_speaking.Values), digest);
}
