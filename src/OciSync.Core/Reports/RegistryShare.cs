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
