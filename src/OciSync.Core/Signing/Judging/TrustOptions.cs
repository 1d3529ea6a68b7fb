namespace OciSync.Core.Signing.Judging;

/// <summary>Which images are let in.</summary>
public sealed record TrustOptions
{
    /// <summary>All are.</summary>
    public static readonly TrustOptions Everything = new();

    /// <summary>The policy; a valid one. Null lets every image in.</summary>
    public OciPolicy? Policy { get; init; }

    /// <summary>What is asked beyond the policy.</summary>
    public SignatureDemand Demand { get; init; }

    /// <summary>Signatures stay behind on purpose; otherwise they travel where the destination has a place for them.</summary>
    public bool RemoveSignatures { get; init; }

    /// <summary>What an entry said of it, for rows; null where none did.</summary>
    public EntryTrust? Entry { get; init; }

    /// <summary>The same for an entry: its own policy takes the place of this one, and the stricter of both demands holds.</summary>
    /// <param name="entry">What the entry says.</param>
    /// <param name="open">Opens its policy.</param>
    public TrustOptions With(EntryTrust entry, Func<string, OciPolicy> open) => this with
    {
        Policy = entry.PolicyPath is { } path ? open(path) : Policy,
        Demand = entry.Demand > Demand ? entry.Demand.Value : Demand,
        RemoveSignatures = entry.RemoveSignatures ?? RemoveSignatures,
        Entry = entry,
    };
}
