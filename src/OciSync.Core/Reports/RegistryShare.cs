using OciSync.Core.Rows;

namespace OciSync.Core.Reports;

/// <summary>What a registry, or another place, had of a run, and when.</summary>
internal sealed class RegistryShare
{
    /// <summary>Into how many steps the time of a run is cut.</summary>
    internal const int Steps = 120;

    private RegistryShare(string place, IReadOnlyList<OciSyncResult> rows, RunSummary run)
    {
        Place = place;
        Rows = rows;
        var timed = rows.Where(r => r.StartTime > default(DateTimeOffset)).ToList();
        Begin = timed.Count == 0 ? null : timed.Min(r => r.StartTime);
        End = timed.Count == 0 ? null : timed.Max(RunSummary.EndOf);
        foreach (var row in timed)
        {
            var step = Step(RunSummary.EndOf(row), run);
            (row.Status == SyncStatus.Failed ? Failed : Ended)[step]++;
        }
    }

    internal string Place { get; }

    internal IReadOnlyList<OciSyncResult> Rows { get; }

    internal DateTimeOffset? Begin { get; }

    internal DateTimeOffset? End { get; }

    /// <summary>How many rows ended in each step, but for those that failed.</summary>
    internal int[] Ended { get; } = new int[Steps];

    /// <summary>How many rows failed in each step.</summary>
    internal int[] Failed { get; } = new int[Steps];

    internal long BytesCopied => Rows.Sum(r => r.BytesCopied);

    /// <summary>The time that half of the rows took less than; null where no row tells.</summary>
    internal TimeSpan? Median => Times is { Count: > 0 } times ? times[times.Count / 2] : null;

    internal TimeSpan? Slowest => Times is { Count: > 0 } times ? times[times.Count - 1] : null;

    /// <summary>Bytes a second from its first to its last row; null where nothing was copied.</summary>
    internal double? Rate => BytesCopied > 0 && End - Begin is { } time && time > TimeSpan.Zero ? BytesCopied / time.TotalSeconds : null;

    private List<TimeSpan> Times => [.. Rows.Select(r => r.Duration).Where(d => d > TimeSpan.Zero).OrderBy(d => d)];

    /// <summary>The places on one side of a run, the busiest first.</summary>
    internal static IReadOnlyList<RegistryShare> Of(RunSummary run, Func<OciSyncResult, string> side) => run.Rows
        .Where(r => side(r).Length > 0)
        .GroupBy(r => RunSummary.PlaceOf(side(r)))
        .Select(g => new RegistryShare(g.Key, g.ToList(), run))
        .OrderByDescending(s => s.Rows.Count).ThenBy(s => s.Place, StringComparer.Ordinal)
        .ToList();

    private static int Step(DateTimeOffset time, RunSummary run) =>
        run.Elapsed <= TimeSpan.Zero ? 0 : (int)Math.Min(Steps - 1, Steps * ((time - run.Begin!.Value).TotalSeconds / run.Elapsed.TotalSeconds));
}
