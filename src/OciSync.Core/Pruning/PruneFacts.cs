using OciSync.Core.References;
using OciSync.Core.Removing;

namespace OciSync.Core.Pruning;

/// <summary>What is known of one repository at a destination when it is planned what goes.</summary>
internal sealed record PruneFacts
{
    /// <summary>The tags that nobody has chosen.</summary>
    internal IReadOnlyList<PruneTag> Candidates { get; init; } = [];

    /// <summary>The chosen tags that are there.</summary>
    internal IReadOnlyList<PruneTag> Kept { get; init; } = [];

    /// <summary>Digests that what is kept needs beside its own: parts of indexes, and what it speaks of; with the tag that needs it.</summary>
    internal IReadOnlyDictionary<Digest, string> Needed { get; init; } = new Dictionary<Digest, string>();

    /// <summary>What those speak of that have no tag, and of which a candidate speaks: signatures of signatures.</summary>
    internal IReadOnlyDictionary<Digest, Digest> Subjects { get; init; } = new Dictionary<Digest, Digest>();

    /// <summary>What is decided already: planned tags that are gone, or are another image by now.</summary>
    internal IReadOnlyList<PruneDecision> Settled { get; init; } = [];

    /// <summary>How the registry deletes; null where that isn't known, as nothing may be tried.</summary>
    internal DeleteWay? Way { get; init; }
}
