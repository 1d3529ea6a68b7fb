using OciSync.Core.Rows;

namespace OciSync.Core.Requests;

/// <summary>What is to be pruned, and who is asked.</summary>
public sealed record PruneRequest
{
    /// <summary>Repositories of which nothing else is said are pruned.</summary>
    public bool IsWanted { get; init; }

    /// <summary>How many tags may go.</summary>
    public PruneLimit Limit { get; init; } = PruneLimit.Default;

    /// <summary>Asked once, before anything is copied, with the rows of all that would go; null means yes.</summary>
    public Func<IReadOnlyList<OciSyncResult>, Task<bool>>? Confirm { get; init; }
}
