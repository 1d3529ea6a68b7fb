using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Removing;

namespace OciSync.Core.Pruning;

/// <summary>Reads what has to be known of a repository before it is planned what goes.</summary>
internal sealed class PruneReader(PrunePlace place, CancellationToken cancellationToken)
{
    private const int MostParts = 10_000;

    /// <summary>Reads the digests of the tags, and what those that stay need. Nothing is read where no tag is a candidate.</summary>
    internal async Task<PruneFacts> ReadAsync(IReadOnlyList<string> tags, DeleteWay? way)
    {
        var names = tags.Where(place.IsCandidate).ToList();
        var gone = place.FindGone(tags);
        if (names.Count == 0)
        {
            return new PruneFacts { Settled = gone, Way = way };
        }

        var kept = await FindAsync(tags.Where(t => !place.IsCandidate(t)), withSubject: false).ConfigureAwait(false);
        var candidates = await FindAsync(names, withSubject: true).ConfigureAwait(false);
        var moved = candidates.Where(place.HasMoved).ToList();
        candidates = candidates.Except(moved).ToList();
        kept = [.. kept, .. moved];

        // A tag that goes alone takes nothing from anybody, unless it belongs to an image.
        var matters = way != DeleteWay.Tag || candidates.Any(c => PrunePlanner.OwnerOf(c) is not null);
        return new PruneFacts
        {
            Candidates = candidates,
            Kept = kept,
            Needed = matters ? await FindNeededAsync(kept).ConfigureAwait(false) : new Dictionary<Digest, string>(),
            Subjects = await FindSubjectsAsync(candidates, kept).ConfigureAwait(false),
            Settled = [.. gone, .. moved.Select(t => new PruneDecision(t, false, PrunePlanner.Moved))],
            Way = way,
        };
    }

    // A signature may be of something that has no tag, and that speaks of an image.
    private async Task<IReadOnlyDictionary<Digest, Digest>> FindSubjectsAsync(IReadOnlyList<PruneTag> candidates, IReadOnlyList<PruneTag> kept)
    {
        var subjects = new Dictionary<Digest, Digest>();
        foreach (var candidate in candidates.Where(c => c.Subject is not null))
        {
            subjects[candidate.Digest] = candidate.Subject!;
        }

        var seen = new HashSet<Digest>(kept.Concat(candidates).Select(t => t.Digest));
        var owners = candidates.Select(PrunePlanner.OwnerOf).OfType<Digest>().Where(seen.Add).ToList();
        for (var depth = 0; owners.Count > 0 && depth < PrunePlanner.MaxDepth; depth++)
        {
            await Throttle.ForEachAsync(
                owners,
                place.Connections,
                async (owner, token) =>
                {
                    if ((await TryReadAsync(owner, token).ConfigureAwait(false))?.Subject is { } subject)
                    {
                        lock (subjects)
                        {
                            subjects[owner] = subject.Digest;
                        }
                    }
                },
                cancellationToken).ConfigureAwait(false);
            owners = owners.Where(subjects.ContainsKey).Select(o => subjects[o]).Where(seen.Add).ToList();
        }

        return subjects;
    }

    private async Task<IReadOnlyList<PruneTag>> FindAsync(IEnumerable<string> tags, bool withSubject)
    {
        var found = new List<PruneTag>();
        await Throttle.ForEachAsync(
            tags,
            place.Connections,
            async (tag, token) =>
            {
                if (await place.FindDigestAsync(tag, token).ConfigureAwait(false) is { } digest)
                {
                    var subject = withSubject ? (await place.ReadAsync(digest, token).ConfigureAwait(false)).Subject?.Digest : null;
                    lock (found)
                    {
                        found.Add(new PruneTag(tag, digest, subject));
                    }
                }
            },
            cancellationToken).ConfigureAwait(false);
        return found.OrderBy(t => t.Name, StringComparer.Ordinal).ToList();
    }

    private async Task<IReadOnlyDictionary<Digest, string>> FindNeededAsync(IReadOnlyList<PruneTag> kept)
    {
        var needed = new Dictionary<Digest, string>();
        var waiting = new Queue<(Digest Digest, string Owner)>(
            kept.Select(t => (t.Digest, t.Name)).Concat(place.ChosenDigests.Select(d => (d, d.ToString()))));
        var seen = new HashSet<Digest>();
        while (waiting.Count > 0)
        {
            var level = new List<(Digest Digest, string Owner)>();
            while (waiting.Count > 0)
            {
                var next = waiting.Dequeue();
                if (seen.Add(next.Digest))
                {
                    level.Add(next);
                }
            }

            foreach (var (part, owner) in await ReadPartsAsync(level).ConfigureAwait(false))
            {
                needed[part.Digest] = owner;
                if (MediaTypes.IsIndex(part.MediaType) && seen.Count < MostParts)
                {
                    waiting.Enqueue((part.Digest, owner));
                }
            }
        }

        foreach (var digest in place.ChosenDigests)
        {
            needed[digest] = digest.ToString();
        }

        return needed;
    }

    private async Task<IReadOnlyList<(Descriptor Part, string Owner)>> ReadPartsAsync(List<(Digest Digest, string Owner)> level)
    {
        var parts = new List<(Descriptor, string)>();
        await Throttle.ForEachAsync(
            level,
            place.Connections,
            async (item, token) =>
            {
                var manifest = await TryReadAsync(item.Digest, token).ConfigureAwait(false);
                lock (parts)
                {
                    parts.AddRange(
                        manifest is null ? [] : manifest.Children.Concat(manifest.Subject is { } subject ? [subject] : []).Select(d => (d, item.Owner)));
                }
            },
            cancellationToken).ConfigureAwait(false);
        return parts;
    }

    // What is named and not there needs nothing: a part that was left out, or an image that is still to come.
    private async Task<Manifest?> TryReadAsync(Digest digest, CancellationToken token)
    {
        try
        {
            return await place.ReadAsync(digest, token).ConfigureAwait(false);
        }
        catch (OciException e) when (e.Kind is OciErrorKind.ManifestUnknown or OciErrorKind.BlobUnknown)
        {
            return null;
        }
    }
}
