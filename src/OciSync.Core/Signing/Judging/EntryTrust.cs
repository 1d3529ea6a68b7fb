namespace OciSync.Core.Signing.Judging;

/// <summary>What an entry of a sync file says of trust and of signatures; a row that comes from it says the same.</summary>
/// <param name="PolicyPath">The policy for its images, as a full path; null for what the command says.</param>
/// <param name="Demand">What is asked beyond the policy; null for what the command says.</param>
public sealed record EntryTrust(string? PolicyPath, SignatureDemand? Demand)
{
    /// <summary>Whether signatures stay behind (true) or travel with their images (false); null for what the command says.</summary>
    public bool? RemoveSignatures { get; init; }

    /// <summary>The words that a file has for what is asked of signatures and what becomes of them.</summary>
    internal IReadOnlyList<string> Words =>
    [
        .. Demand is { } demand ? [demand.ToString()] : Array.Empty<string>(),
        .. RemoveSignatures is { } removes ? [removes ? "remove" : "keep"] : Array.Empty<string>(),
    ];

    /// <summary>Null where nothing is said.</summary>
    internal static EntryTrust? Of(string? policyPath, SignatureDemand? demand, bool? removeSignatures = null) =>
        policyPath is null && demand is null && removeSignatures is null
            ? null
            : new EntryTrust(policyPath, demand) { RemoveSignatures = removeSignatures };
}
