using System.Text.RegularExpressions;
using OciSync.Core.References;
using OciSync.Core.Removing;

namespace OciSync.Core.Pruning;

/// <summary>
/// Which tags go (a pure function): those nobody has chosen, unless they are signatures and the like of something that stays, or going means
/// that a digest goes which something that stays needs.
/// </summary>
internal static class PrunePlanner
{
    internal const string NotChosen = "it is not chosen any more";
    internal const string Moved = "it stays: it has moved to another image since it was planned";
    internal const string Gone = "somebody else has removed it";

    /// <summary>How far a signature of a signature of an image may be from the image.</summary>
    internal const int MaxDepth = 8;

    // cosign's and the fall-back of referrers: sha256-<hex>, sha256-<hex>.sig
    private static readonly Regex DigestTag = new(
        "^(?<algorithm>sha256|sha512)-(?<hex>[0-9a-f]{64,128})(?:\\.[A-Za-z0-9._-]*)?$", RegexOptions.CultureInvariant);

    internal static IReadOnlyList<PruneDecision> Plan(PruneFacts facts)
    {
        var needed = FindNeeded(facts);
        var protects = new Dictionary<string, string>(StringComparer.Ordinal);

        // What stays for such a reason needs its own digest too, and has signatures of its own in turn.
        for (var found = true; found;)
        {
            found = false;
            foreach (var tag in facts.Candidates.Where(t => !protects.ContainsKey(t.Name)))
            {
                if (FindOwner(tag, needed, facts.Subjects) is { } reason)
                {
                    protects.Add(tag.Name, reason);
                    AddIfNew(needed, tag.Digest, tag.Name);
                    found = true;
                }
            }
        }

        return
        [
            .. facts.Candidates.Select(t => protects.TryGetValue(t.Name, out var reason) ? new PruneDecision(t, false, reason) : Decide(t, needed, facts.Way)),
            .. facts.Settled,
        ];
    }

    /// <summary>The digest that a tag belongs to by what it points to or by its name; null for one that belongs to none.</summary>
    internal static Digest? OwnerOf(PruneTag tag)
    {
        if (tag.Subject is not null)
        {
            return tag.Subject;
        }

        var match = DigestTag.Match(tag.Name);
        return match.Success && Digest.TryParse(match.Groups["algorithm"].Value + ":" + match.Groups["hex"].Value, out var digest, out _) ? digest : null;
    }

    private static PruneDecision Decide(PruneTag tag, Dictionary<Digest, string> needed, DeleteWay? way)
    {
        if (!needed.TryGetValue(tag.Digest, out var owner) || way == DeleteWay.Tag)
        {
            return new PruneDecision(tag, true, NotChosen);
        }

        return way is null
            ? new PruneDecision(tag, true, $"{NotChosen}; where the registry can't delete a tag alone it stays, as '{owner}' needs the same image")
            : new PruneDecision(tag, false, $"it stays: '{owner}' needs the same image, and the registry can't delete a tag alone");
    }

    private static string? FindOwner(PruneTag tag, Dictionary<Digest, string> needed, IReadOnlyDictionary<Digest, Digest> subjects)
    {
        var digest = OwnerOf(tag);
        for (var depth = 0; digest is not null && depth <= MaxDepth; depth++)
        {
            if (needed.TryGetValue(digest, out var owner))
            {
                return $"it stays: it belongs to '{owner}'";
            }

            digest = subjects.TryGetValue(digest, out var next) ? next : null;
        }

        return null;
    }

    private static Dictionary<Digest, string> FindNeeded(PruneFacts facts)
    {
        var needed = new Dictionary<Digest, string>();
        foreach (var tag in facts.Kept)
        {
            AddIfNew(needed, tag.Digest, tag.Name);
        }

        foreach (var part in facts.Needed)
        {
            AddIfNew(needed, part.Key, part.Value);
        }

        return needed;
    }

    private static void AddIfNew(Dictionary<Digest, string> needed, Digest digest, string owner) =>
        needed[digest] = needed.TryGetValue(digest, out var first) ? first : owner;
}
