using OciSync.Core.Rows;
using static OciSync.Core.Reports.Quantities;

namespace OciSync.Core.Reports;

/// <summary>Rows that failed by the same cause, or that the run did not come to.</summary>
/// <param name="ErrorId">The stable id, or null for what was not begun.</param>
/// <param name="Cause">What is known of the cause, or null.</param>
/// <param name="Rows">The rows, sorted.</param>
internal sealed record FailureGroup(string? ErrorId, FailureCause? Cause, IReadOnlyList<OciSyncResult> Rows)
{
    /// <summary>The images, in the order of the rows; a row without a source is by itself.</summary>
    internal IReadOnlyList<FailedImage> Images { get; } = Rows
        .GroupBy(r => r.Source.Length > 0 ? (r.Source, string.Empty) : (string.Empty, r.Destination))
        .Select(g => new FailedImage(g.ToList()))
        .ToList();

    /// <summary>How much it is: 20 images, 60 rows.</summary>
    internal string Size => Rows.Any(r => r.Source.Length == 0) ? Count(Rows.Count, "row") : $"{Count(Images.Count, "image")}, {Count(Rows.Count, "row")}";

    /// <summary>What failed, the most frequent first, and then what was cancelled.</summary>
    internal static IReadOnlyList<FailureGroup> Of(RunSummary run) => run.Rows
        .Where(r => r.Status is SyncStatus.Failed or SyncStatus.Cancelled)
        .GroupBy(r => r.Status == SyncStatus.Failed ? (Id: r.ErrorId ?? "OciUnexpected", Cause: FailureCause.Of(r)) : (null, null))
        .Select(g => new FailureGroup(g.Key.Id, g.Key.Cause, RunSummary.Sort(g)))
        .OrderBy(g => g.ErrorId is null).ThenByDescending(g => g.Rows.Count).ThenBy(g => g.ErrorId, StringComparer.Ordinal)
        .ToList();

    /// <summary>The places on one side, those with most rows first; with their numbers where there are several.</summary>
    internal IReadOnlyList<string> Places(Func<OciSyncResult, string> side)
    {
        var places = Rows.Select(side).Where(n => n.Length > 0).GroupBy(RunSummary.PlaceOf).OrderByDescending(g => g.Count()).ToList();
        return places.Select(g => places.Count == 1 ? g.Key : $"{g.Key} ({Count(g.Count(), "row")})").ToList();
    }
}
