namespace OciSync.Core.Signing.Judging;

/// <summary>What an entry of a sync file says of trust; a row that comes from it says the same.</summary>
/// <param name="PolicyPath">The policy for its images, as a full path; null for what the command says.</param>
/// <param name="Demand">What is asked beyond the policy; null for what the command says.</param>
public sealed record EntryTrust(string? PolicyPath, SignatureDemand? Demand)
{
    /// <summary>Null where nothing is said.</summary>
    internal static EntryTrust? Of(string? policyPath, SignatureDemand? demand) =>
        policyPath is null && demand is null ? null : new EntryTrust(policyPath, demand);
}
