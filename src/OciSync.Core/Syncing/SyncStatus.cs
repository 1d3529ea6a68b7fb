namespace OciSync.Core.Syncing;

/// <summary>The words of <see cref="OciSyncResult.Status"/>.</summary>
internal static class SyncStatus
{
    internal const string Copied = "Copied";
    internal const string Updated = "Updated";
    internal const string UpToDate = "UpToDate";
    internal const string Skipped = "Skipped";
    internal const string Failed = "Failed";
    internal const string Cancelled = "Cancelled";
    internal const string WouldCopy = "WouldCopy";
    internal const string WouldUpdate = "WouldUpdate";
}
