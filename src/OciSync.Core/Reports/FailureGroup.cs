using OciSync.Core.Rows;

namespace OciSync.Core.Reports;

/// <summary>Rows that failed in the same way between the same two places, or that the run did not come to.</summary>
/// <param name="ErrorId">The stable id, or null for what was not begun.</param>
/// <param name="From">The registry or folder of the sources; empty where there is none.</param>
/// <param name="To">That of the destinations.</param>
/// <param name="Rows">The rows, in the order of the run.</param>
internal sealed record FailureGroup(string? ErrorId, string From, string To, IReadOnlyList<OciSyncResult> Rows)
{
    /// <summary>What failed, the most frequent first, and then what was cancelled.</summary>
    internal static IReadOnlyList<FailureGroup> Of(RunSummary run) => run.Rows
        .Where(r => r.Status is SyncStatus.Failed or SyncStatus.Cancelled)
        .GroupBy(r => (Id: r.Status == SyncStatus.Failed ? r.ErrorId ?? "OciUnexpected" : null, From: Place(r.Source), To: Place(r.Destination)))
        .Select(g => new FailureGroup(g.Key.Id, g.Key.From, g.Key.To, g.ToList()))
        .OrderBy(g => g.ErrorId is null).ThenByDescending(g => g.Rows.Count).ThenBy(g => g.ErrorId, StringComparer.Ordinal)
        .ToList();

    private static string Place(string name) => name.Length == 0 ? string.Empty : RunSummary.PlaceOf(name);
}
