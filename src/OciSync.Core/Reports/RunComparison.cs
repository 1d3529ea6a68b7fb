using OciSync.Core.Rows;

namespace OciSync.Core.Reports;

/// <summary>What has changed since an earlier run, by the names at the destination.</summary>
internal sealed class RunComparison
{
    private readonly Dictionary<string, OciSyncResult> _before = new(StringComparer.Ordinal);
    private readonly List<OciSyncResult> _now;

    internal RunComparison(RunSummary now, RunSummary before)
    {
        Before = before;
        _now = [.. RunSummary.Sort(now.Rows)];
        foreach (var row in before.Rows)
        {
            _before[row.Destination] = row;
        }

        var names = new HashSet<string>(_now.Select(r => r.Destination), StringComparer.Ordinal);
        Shared = names.Count(_before.ContainsKey);
        Names = names.Count;
        Gone = RunSummary.Sort(before.Rows.Where(r => !names.Contains(r.Destination) && r.Status != SyncStatus.Pruned));
    }

    internal RunSummary Before { get; }

    /// <summary>How many names this run has.</summary>
    internal int Names { get; }

    /// <summary>How many names are in both runs.</summary>
    internal int Shared { get; }

    /// <summary>The two runs have hardly a name in common: less than one of twenty of the smaller one.</summary>
    internal bool IsOfOtherNames => Names > 0 && _before.Count > 0 && Shared * 20L < Math.Min(Names, _before.Count);

    /// <summary>Names that the earlier run did not have, and that are there now, or would be by a plan.</summary>
    internal IReadOnlyList<OciSyncResult> New => _now.Where(r => ChangeOf(r) == RowChange.New).ToList();

    /// <summary>Names that the earlier run did not have, that were asked for now and are not in place.</summary>
    internal IReadOnlyList<OciSyncResult> Wanted => _now.Where(r => ChangeOf(r) == RowChange.Wanted).ToList();

    /// <summary>Rows of the earlier run whose names this one does not have.</summary>
    internal IReadOnlyList<OciSyncResult> Gone { get; }

    /// <summary>Names that point to another digest now, with the digest of the earlier run.</summary>
    internal IReadOnlyList<(OciSyncResult Row, string Digest)> Moved =>
        _now.Select(r => (Row: r, Digest: DigestBefore(r))).Where(m => m.Digest is not null).Select(m => (m.Row, m.Digest!)).ToList();

    /// <summary>Names that failed in the earlier run and are in place now.</summary>
    internal IReadOnlyList<OciSyncResult> Mended => _now.Where(r => ChangeOf(r) == RowChange.Mended).ToList();

    /// <summary>The status that the earlier run had for the same name, or null.</summary>
    internal string? StatusBefore(OciSyncResult row) => _before.TryGetValue(row.Destination, out var before) ? before.Status : null;

    /// <summary>How many of these failed in the earlier run too.</summary>
    internal int Still(IEnumerable<OciSyncResult> failed) => failed.Count(HadFailed);

    /// <summary>What has changed about a name, one of <see cref="RowChange"/>; null where nothing has.</summary>
    internal string? ChangeOf(OciSyncResult row)
    {
        var isThere = RunSummary.IsInPlace(row) || row.Status is SyncStatus.WouldCopy or SyncStatus.WouldUpdate;
        return !_before.ContainsKey(row.Destination)
            ? isThere ? RowChange.New : row.Status is SyncStatus.Failed or SyncStatus.Cancelled ? RowChange.Wanted : null
            : DigestBefore(row) is not null ? RowChange.Moved
            : RunSummary.IsInPlace(row) && HadFailed(row) ? RowChange.Mended
            : null;
    }

    /// <summary>The digest of the earlier run where it is another one than now; null where it is the same, or one of them is not known.</summary>
    internal string? DigestBefore(OciSyncResult row) =>
        RunSummary.IsInPlace(row) && row.Digest is not null && _before.TryGetValue(row.Destination, out var before) && RunSummary.IsInPlace(before)
            && before.Digest is { } digest && digest != row.Digest ? digest : null;

    private bool HadFailed(OciSyncResult row) => StatusBefore(row) is SyncStatus.Failed or SyncStatus.Cancelled;
}
