using OciSync.Core.Rows;

namespace OciSync.Core.Reports;

/// <summary>Rows that failed in the same way, or that the run did not come to.</summary>
/// <param name="ErrorId">The stable id, or null for what was not begun.</param>
/// <param name="Rows">The rows, sorted.</param>
internal sealed record FailureGroup(string? ErrorId, IReadOnlyList<OciSyncResult> Rows)
{
    /// <summary>What failed, the most frequent first, and then what was cancelled.</summary>
    internal static IReadOnlyList<FailureGroup> Of(RunSummary run) => run.Rows
        .Where(r => r.Status is SyncStatus.Failed or SyncStatus.Cancelled)
        .GroupBy(r => r.Status == SyncStatus.Failed ? r.ErrorId ?? "OciUnexpected" : null)
        .Select(g => new FailureGroup(g.Key, RunSummary.Sort(g)))
        .OrderBy(g => g.ErrorId is null).ThenByDescending(g => g.Rows.Count).ThenBy(g => g.ErrorId, StringComparer.Ordinal)
        .ToList();

    /// <summary>The places on one side, those with most rows first; with their numbers where there are several.</summary>
    internal IReadOnlyList<string> Places(Func<OciSyncResult, string> side)
    {
        var places = Rows.Select(side).Where(n => n.Length > 0).GroupBy(RunSummary.PlaceOf).OrderByDescending(g => g.Count()).ToList();
        return places.Select(g => places.Count == 1 ? g.Key : $"{g.Key} ({Quantities.Number(g.Count())})").ToList();
    }
}
