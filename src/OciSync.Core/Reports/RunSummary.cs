using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Rows;
using OciSync.Core.Text;

namespace OciSync.Core.Reports;

/// <summary>What the rows of a run come to.</summary>
internal sealed class RunSummary
{
    // In the order in which they are shown: what needs somebody first.
    private static readonly string[] Order =
    [
        SyncStatus.Failed, SyncStatus.Cancelled, SyncStatus.Copied, SyncStatus.Updated, SyncStatus.Pruned, SyncStatus.UpToDate, SyncStatus.Skipped,
        SyncStatus.WouldCopy, SyncStatus.WouldUpdate, SyncStatus.WouldPrune,
    ];

    internal RunSummary(IEnumerable<OciSyncResult> rows)
    {
        // The last row of a source and destination, in the place of the first.
        var last = new Dictionary<(string, string), OciSyncResult>();
        foreach (var row in rows)
        {
            last[(row.Source, row.Destination)] = row;
        }

        Rows = [.. last.Values];
        var timed = Rows.Where(r => r.StartTime > default(DateTimeOffset)).ToList();
        Begin = timed.Count == 0 ? null : timed.Min(r => r.StartTime);
        End = timed.Count == 0 ? null : timed.Max(EndOf);
        Runs = Rows.Select(r => r.RunId).Where(id => id.Length > 0).Distinct(StringComparer.Ordinal).ToList();
    }

    internal IReadOnlyList<OciSyncResult> Rows { get; }

    /// <summary>When the first row's work began, or null where no row tells.</summary>
    internal DateTimeOffset? Begin { get; }

    internal DateTimeOffset? End { get; }

    internal TimeSpan Elapsed => End - Begin ?? TimeSpan.Zero;

    /// <summary>The ids of the runs the rows are of.</summary>
    internal IReadOnlyList<string> Runs { get; }

    /// <summary>The statuses there are and how many rows have them.</summary>
    internal IReadOnlyList<(string Status, int Count)> Counts => Order.Select(s => (s, Of(s))).Where(c => c.Item2 > 0).ToList();

    /// <summary>Nothing was written: the rows are a plan.</summary>
    internal bool IsPlan => Rows.Any(r => IsPlanned(r.Status)) && !Rows.Any(r => r.Status is SyncStatus.Copied or SyncStatus.Updated or SyncStatus.Pruned);

    internal int Of(string status) => Rows.Count(r => r.Status == status);

    internal long Sum(Func<OciSyncResult, long> part) => Rows.Sum(part);

    internal IReadOnlyList<string> Places(Func<OciSyncResult, string> side) =>
        Rows.Select(side).Where(n => n.Length > 0).Select(PlaceOf).Distinct(StringComparer.Ordinal).OrderBy(p => p, StringComparer.Ordinal).ToList();

    internal static bool IsPlanned(string status) => status is SyncStatus.WouldCopy or SyncStatus.WouldUpdate or SyncStatus.WouldPrune;

    internal static bool IsInPlace(OciSyncResult row) => row.Status is SyncStatus.Copied or SyncStatus.Updated or SyncStatus.UpToDate;

    internal static DateTimeOffset EndOf(OciSyncResult row) =>
        row.Duration <= DateTimeOffset.MaxValue - row.StartTime ? row.StartTime + row.Duration : row.StartTime;

    /// <summary>Rows as people look for them: by source, then by destination, numbers by their size.</summary>
    internal static IReadOnlyList<OciSyncResult> Sort(IEnumerable<OciSyncResult> rows)
    {
        var sorted = rows.ToList();
        sorted.Sort((a, b) => NaturalOrder.Compare(a.Source, b.Source) is not 0 and var order ? order
            : NaturalOrder.Compare(a.Destination, b.Destination) is not 0 and var second ? second
            : string.CompareOrdinal(a.Destination, b.Destination));
        return sorted;
    }

    /// <summary>The registry of a name, the folder or archive of one that is in none; a name that is none is its own place.</summary>
    internal static string PlaceOf(string name)
    {
        try
        {
            var location = ImageLocation.Parse(name);
            return location.Registry ?? location.PlaceName;
        }
        catch (Exception e) when (e is OciException or ReferenceException)
        {
            return name.Split('/')[0];
        }
    }
}
