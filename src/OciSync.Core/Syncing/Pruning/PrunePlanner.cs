using System.Text.RegularExpressions;
using OciSync.Core.References;
using OciSync.Core.Removing;

namespace OciSync.Core.Syncing.Pruning;

/// <summary>
/// Which tags go (a pure function): those nobody has chosen, unless they are signatures and the like of something that stays, or going means
/// that a digest goes which something that stays needs.
/// </summary>
internal static class PrunePlanner
{
    internal const string NotChosen = "it is not chosen any more";

    // cosign's and the fall-back of referrers: sha256-<hex>, sha256-<hex>.sig
    private static readonly Regex DigestTag = new("^(?<algorithm>sha256|sha512)-(?<hex>[0-9a-f]{64,128})(?:\\.[A-Za-z0-9._-]*)?$", RegexOptions.CultureInvariant);

    /// <summary>Whether the tag's name says that it belongs to a digest.</summary>
    internal static bool IsDigestTag(string tag) => DigestTag.IsMatch(tag);

    internal static IReadOnlyList<PruneDecision> Plan(PruneFacts facts)
    {
        var needed = FindNeeded(facts);
        var protects = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in facts.Candidates)
        {
            if (FindOwner(tag, needed) is { } reason)
            {
                protects.Add(tag.Name, reason);
            }
        }

        // What stays for such a reason needs its own digest too.
        foreach (var tag in facts.Candidates.Where(t => protects.ContainsKey(t.Name)))
        {
            AddIfNew(needed, tag.Digest, tag.Name);
        }

        return facts.Candidates.Select(t => protects.TryGetValue(t.Name, out var reason) ? new PruneDecision(t, false, reason) : Decide(t, needed, facts.Way)).ToList();
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

    private static string? FindOwner(PruneTag tag, Dictionary<Digest, string> needed)
    {
        if (tag.Subject is { } subject && needed.TryGetValue(subject, out var owner))
        {
            return $"it stays: it belongs to '{owner}'";
        }

        var match = DigestTag.Match(tag.Name);
        return match.Success && Digest.TryParse(match.Groups["algorithm"].Value + ":" + match.Groups["hex"].Value, out var digest, out _)
            && needed.TryGetValue(digest!, out owner)
                ? $"it stays: it belongs to '{owner}'"
                : null;
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
