namespace OciSync.Core.Rows;

/// <summary>The words of <see cref="OciSyncResult.Status"/>.</summary>
public static class SyncStatus
{
    /// <summary>It was not there and is now.</summary>
    public const string Copied = "Copied";

    /// <summary>The tag pointed to something else and is moved.</summary>
    public const string Updated = "Updated";

    /// <summary>It was there already.</summary>
    public const string UpToDate = "UpToDate";

    /// <summary>It was left out on purpose.</summary>
    public const string Skipped = "Skipped";

    /// <summary>It is not there, or not as it should be.</summary>
    public const string Failed = "Failed";

    /// <summary>The run ended before its turn.</summary>
    public const string Cancelled = "Cancelled";

    /// <summary>It was at the destination and not chosen any more: it is removed.</summary>
    public const string Pruned = "Pruned";

    /// <summary>It is at the destination and not chosen any more, and would be removed.</summary>
    public const string WouldPrune = "WouldPrune";

    /// <summary>It is not there and would be copied.</summary>
    public const string WouldCopy = "WouldCopy";

    /// <summary>The tag points to something else and would be moved.</summary>
    public const string WouldUpdate = "WouldUpdate";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Copied, Updated, UpToDate, Skipped, Failed, Cancelled, Pruned, WouldPrune, WouldCopy, WouldUpdate];

    /// <summary>
    /// Whether a row with this status says what its source's tag pointed to; of what failed, was stopped or was left out that may be
    /// unknown.
    /// </summary>
    public static bool HasSourceDigest(string status) => status is Copied or Updated or UpToDate or WouldCopy or WouldUpdate;
}
